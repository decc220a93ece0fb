import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseEdges } from './edges.ts'

const edges = (min: number, max: number, more: { low?: number; high?: number; whole?: boolean } = {}, wanted = 20) =>
  chooseEdges({ min, max, low: more.low ?? min, high: more.high ?? max, whole: more.whole ?? false, kind: 'number' }, wanted)

test('edges are round and equally far apart', () => {
  expect(edges(0.02, 1.95)).toEqual(Array.from({ length: 21 }, (_, i) => Number((i / 10).toPrecision(12))))
  expect(edges(1, 6, { whole: true })).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(edges(20, 79, { whole: true })).toEqual([20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80])
  expect(edges(5, 5)).toEqual([5, 10])
  expect(edges(0, 0)).toEqual([0, 1])
  expect(edges(-5e-324, 5e-324)).toEqual([-1, 0, 1])
})

test('a few values far out share one range at the end', () => {
  expect(edges(0, 1e9, { high: 10 }, 5)).toEqual([0, 5, 10, 15, 20, 25, 1e9])
})

test('times have edges of the calendar', () => {
  const at = (iso: string) => Date.parse(iso)
  const choose = (from: string, to: string, wanted: number) =>
    chooseEdges({ min: at(from), max: at(to), low: at(from), high: at(to), whole: true, kind: 'time' }, wanted).map((edge) =>
      new Date(edge).toISOString().slice(0, 16),
    )
  expect(choose('2024-01-15', '2024-03-02', 2)).toEqual([
    '2024-01-01T00:00',
    '2024-02-01T00:00',
    '2024-03-01T00:00',
    '2024-04-01T00:00',
  ])
  expect(choose('2024-01-15T10:20:00Z', '2024-01-15T12:10:00Z', 3)).toEqual(
    ['10', '11', '12', '13'].map((hour) => `2024-01-15T${hour}:00`),
  )
  expect(choose('1066-10-14', '2024-03-02', 10)[0]).toBe('1000-01-01T00:00')
})

test('edges hold all values, ascend, and are about as many as wanted', () => {
  const finite = fc.double({ min: -1e12, max: 1e12, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(finite, { minLength: 1, maxLength: 30 }),
      fc.boolean(),
      fc.integer({ min: 2, max: 50 }),
      (raw, whole, wanted) => {
        const values = (whole ? raw.map(Math.round) : raw).toSorted((a, b) => a - b)
        const [min, max] = [values[0]!, values.at(-1)!]
        const [low, high] = [values[Math.floor(values.length * 0.01)]!, values[Math.floor(values.length * 0.99)]!]
        const found = edges(min, max, { low, high, whole }, wanted)
        expect(found[0]).toBeLessThanOrEqual(min)
        expect(found.at(-1)).toBeGreaterThanOrEqual(max)
        expect(found.every((edge, i) => i === 0 || edge > found[i - 1]!)).toBe(true)
        expect(found.length).toBeLessThanOrEqual(wanted + 5)
      },
    ),
    { numRuns: 1000, seed: 20_261_125 },
  )
})
