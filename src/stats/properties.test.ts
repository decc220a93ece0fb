import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { functionOfCountsInterval } from './function-of-counts.ts'
import { functionOfMeansInterval } from './function-of-means.ts'
import { judge } from './judge.ts'
import { clopperPearson, wilson } from './proportion.ts'
import { aucInterval, rocAuc } from './roc-auc.ts'
import { differenceInterval, ratioInterval, type Count } from './two-proportions.ts'

const count: fc.Arbitrary<Count> = fc
  .nat({ max: 2000 })
  .chain((trials) => fc.record({ successes: fc.nat({ max: trials }), trials: fc.constant(trials) }))
const confidence = fc.constantFrom(0.8, 0.9, 0.95, 0.99)

test('intervals of a proportion hold the estimate, stay inside [0, 1] and grow with the confidence', () => {
  fc.assert(
    fc.property(count, fc.constantFrom(wilson, clopperPearson), ({ successes, trials }, interval) => {
      const { lower, upper } = interval(successes, trials, 0.95)
      const wider = interval(successes, trials, 0.99)
      const p = trials === 0 ? 0.5 : successes / trials
      expect(lower).toBeGreaterThanOrEqual(0)
      expect(upper).toBeLessThanOrEqual(1)
      expect(lower <= p && p <= upper).toBe(true)
      expect(wider.lower <= lower && upper <= wider.upper).toBe(true)
    }),
  )
})

test('a difference and its mirror image have mirrored intervals that hold the estimate', () => {
  fc.assert(
    fc.property(count, count, confidence, (a, b, level) => {
      fc.pre(a.trials > 0 && b.trials > 0)
      const [ab, ba] = [differenceInterval(a, b, level), differenceInterval(b, a, level)]
      const difference = a.successes / a.trials - b.successes / b.trials
      expect(ab.lower <= difference + 1e-12 && difference - 1e-12 <= ab.upper).toBe(true)
      expect(ab.lower).toBeCloseTo(-ba.upper, 12)
      expect(ab.lower >= -1 && ab.upper <= 1).toBe(true)
    }),
  )
})

test('each bound of a ratio solves the equation that defines it', () => {
  fc.assert(
    fc.property(count, count, (a, b) => {
      fc.pre(a.successes > 0 && b.successes > 1)
      const [pa, pb] = [a.successes / a.trials, b.successes / b.trials]
      const [wa, wb] = [wilson(a.successes, a.trials), wilson(b.successes, b.trials)]
      const { lower, upper } = ratioInterval(a, b)
      expect(lower <= pa / pb + 1e-9 && pa / pb <= (upper ?? Infinity) + 1e-9).toBe(true)
      expect(pa - lower * pb).toBeCloseTo(Math.hypot(pa - wa.lower, lower * (wb.upper - pb)), 6)
      // An open end, or one so far out that rounding drowns it, has no equation to solve.
      const above = upper === null || upper > 1e3 ? null : upper
      const reach = above === null ? 0 : Math.hypot(wa.upper - pa, above * (pb - wb.lower))
      expect(above === null ? 0 : above * pb - pa).toBeCloseTo(reach, 6)
    }),
  )
})

test('a ratio over a proportion that may be zero is open above', () => {
  expect(ratioInterval({ successes: 3, trials: 10 }, { successes: 0, trials: 10 })).toMatchObject({ upper: null })
  expect(ratioInterval({ successes: 0, trials: 0 }, { successes: 0, trials: 0 })).toMatchObject({ lower: 0, upper: null })
})

test('the AUC interval holds the estimate inside [0, 1], also where one class has one row or all is separated', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { minLength: 2, maxLength: 60 }), (rows) => {
      const measured = rocAuc(
        Float64Array.from(rows, ([score]) => score),
        (row) => rows[row]![1],
      )
      fc.pre(measured !== null)
      const { lower, upper } = aucInterval(measured)
      expect(lower >= 0 && upper <= 1).toBe(true)
      expect(lower <= measured.auc + 1e-9 && measured.auc - 1e-9 <= upper).toBe(true)
      expect(upper - lower).toBeGreaterThan(0)
    }),
  )
})

test('no AUC without both classes', () => {
  expect(rocAuc(Float64Array.of(1, 2, 3), () => true)).toBeNull()
  expect(rocAuc(new Float64Array(), () => true)).toBeNull()
})

test('the influence of the rows sums to zero and gives the variance', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    score: Math.sin(i * 7) + (i % 3 === 0 ? 0.7 : 0),
    positive: i % 3 === 0,
  }))
  const { influence, variance } = rocAuc(
    Float64Array.from(rows, ({ score }) => score),
    (row) => rows[row]!.positive,
  )!
  expect(influence.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 10)
  expect(influence.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(variance, 4)
})

const shareOfFirst = (cells: Float64Array): number => cells[0]! / cells.reduce((sum, x) => sum + x, 0)

test('ten of ten right is not certainty: an empty cell stays possible', () => {
  const { lower, upper } = functionOfCountsInterval(Float64Array.of(10, 0), shareOfFirst)!
  expect(upper).toBe(1)
  // Beta(10.5, 0.5), the Jeffreys posterior of 10 of 10, has its 2.5 % quantile at 0.783 (SciPy).
  expect(lower).toBeCloseTo(0.783, 1)
})

test('the bootstrap of counts costs the same for a million rows and agrees with Wilson there', () => {
  const { lower, upper } = functionOfCountsInterval(Float64Array.of(900_000, 100_000), shareOfFirst)!
  const expected = wilson(900_000, 1_000_000)
  expect(lower).toBeCloseTo(expected.lower, 3)
  expect(upper).toBeCloseTo(expected.upper, 3)
  expect(functionOfCountsInterval(new Float64Array(4), shareOfFirst)).toBeNull()
})

test('the same rows and seed give the same interval, and rows that are all alike give none', () => {
  const values = Float64Array.from({ length: 50 }, (_, i) => Math.cos(i))
  const mean = (means: Float64Array): number => means[0]!
  expect(functionOfMeansInterval([values], mean, { seed: 7 })).toEqual(functionOfMeansInterval([values], mean, { seed: 7 }))
  expect(functionOfMeansInterval([new Float64Array(50).fill(0.1)], mean)).toBeNull()
  expect(functionOfMeansInterval([Float64Array.of(3)], mean)).toBeNull()
  expect(functionOfMeansInterval([values.map((x, i) => (i === 3 ? Number.NaN : x))], mean)).toBeNull()
})

test('bootstrap-t and its first correction meet where one takes over from the other', () => {
  const values = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => ((i * 7919) % 1000) / 1000)
  const rootMeanSquare = (means: Float64Array): number => Math.sqrt(means[0]!)
  const [small, large] = [5000, 5001].map((n) => functionOfMeansInterval([values(n)], rootMeanSquare)!)
  expect(small).toMatchObject({ method: 'bootstrap-t' })
  expect(large).toMatchObject({ method: 'linearized' })
  expect(Math.abs(small!.lower! - large!.lower!)).toBeLessThan(1e-3)
  expect(Math.abs(small!.upper! - large!.upper!)).toBeLessThan(1e-3)
})

test('nothing that was not measured ever passes a gate', () => {
  const anyNumber = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity))
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(null), anyNumber),
      fc.option(fc.tuple(fc.option(anyNumber), fc.option(anyNumber))),
      fc.constantFrom(0, 1, 100, Number.NaN),
      fc.record({ value: anyNumber, good: fc.constantFrom('at-least' as const, 'at-most' as const) }),
      fc.constantFrom('interval' as const, 'point' as const),
      (value, ends, n, limit, evidence) => {
        const interval = ends && { lower: ends[0], upper: ends[1], confidence: 0.95, method: 'any' }
        const { verdict } = judge({ value, interval, n }, limit, evidence)
        const isGood = (each: number) => (limit.good === 'at-least' ? each >= limit.value : each <= limit.value)
        const measured = value !== null && !Number.isNaN(value) && n > 0 && (Number.isFinite(value) || !isGood(value))
        expect(verdict === 'error').toBe(!measured)
        const bound = evidence === 'point' ? value : limit.good === 'at-least' ? interval?.lower : interval?.upper
        const clears = typeof bound === 'number' && isGood(bound)
        expect(verdict === 'pass' && !clears).toBe(false)
      },
    ),
  )
})
