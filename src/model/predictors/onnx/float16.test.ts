import { assert, double, float, property } from 'fast-check'
import { expect, test } from 'vitest'
import { fromFloat16, toFloat16 } from './float16.ts'

/** Every half-precision number that is not NaN, with its bits. */
const ALL = Array.from({ length: 0x10000 }, (_none, bits) => ({ bits, value: fromFloat16(bits) })).filter(
  ({ value }) => !Number.isNaN(value),
)

test('every one of the 63,488 numbers comes back from its bits as they were', () => {
  expect(ALL).toHaveLength(2 * 0x7c01)
  expect(ALL.filter(({ bits, value }) => toFloat16(value) !== bits)).toEqual([])
})

test('the bits that the standard gives as examples', () => {
  const bits: [number, number][] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -24, 0x03ff],
    [2 ** -24, 0x0001],
    [1 / 3, 0x3555],
    [Infinity, 0x7c00],
    [-Infinity, 0xfc00],
    [Number.NaN, 0x7e00],
  ]
  for (const [value, expected] of bits) expect(toFloat16(value)).toBe(expected)
  expect(fromFloat16(0x7e00)).toBeNaN()
})

test('halfway between two numbers the even one is taken; what rounds beyond 65504 is infinite', () => {
  expect(fromFloat16(toFloat16(2049))).toBe(2048)
  expect(fromFloat16(toFloat16(2051))).toBe(2052)
  expect(fromFloat16(toFloat16(1 + 2 ** -11))).toBe(1)
  expect(fromFloat16(toFloat16(2 ** -25))).toBe(0)
  expect(fromFloat16(toFloat16(3 * 2 ** -25))).toBe(2 ** -23)
  expect(fromFloat16(toFloat16(65519.999))).toBe(65504)
  expect(fromFloat16(toFloat16(65520))).toBe(Infinity)
  // By way of single precision it would be rounded twice: first up to halfway, then away.
  expect(fromFloat16(toFloat16(1 + 2 ** -11 + 2 ** -30))).toBe(1 + 2 ** -10)
})

test('any number becomes the nearest one', () => {
  const finite = ALL.filter(({ value }) => Number.isFinite(value))
  const sorted = Float64Array.from(finite, ({ value }) => value).toSorted()
  assert(
    property(double({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const rounded = fromFloat16(toFloat16(value))
      const above = sorted.findIndex((candidate) => candidate >= value)
      const nearest = Math.min(Math.abs(sorted[above]! - value), Math.abs(sorted[Math.max(0, above - 1)]! - value))
      return Math.abs(rounded - value) === nearest
    }),
    { seed: 16, numRuns: 300 },
  )
  assert(
    property(float({ noNaN: true, min: 65520 }), (value) => fromFloat16(toFloat16(value)) === Infinity),
    { seed: 16 },
  )
})
