import { expect, test } from 'vitest'
import type { Threshold } from '../core/check.ts'
import { meanInterval } from './mean.ts'
import { judge } from './judge.ts'
import { wilson } from './proportion.ts'
import { seededRandom } from './random.ts'

const accuracy = (right: number, n: number): Parameters<typeof judge>[0] => ({ value: right / n, interval: wilson(right, n), n })
const atLeast = (value: number): Threshold => ({ value, good: 'at-least' })
const atMost = (value: number): Threshold => ({ value, good: 'at-most' })

test('the whole interval must clear the limit', () => {
  expect(judge(accuracy(532, 595), atLeast(0.85)).verdict).toBe('pass')
  expect(judge(accuracy(532, 595), atLeast(0.92)).verdict).toBe('fail')
  expect(judge(accuracy(532, 595), atMost(0.92)).verdict).toBe('pass')
  expect(judge(accuracy(286, 300), atLeast(0.95))).toMatchObject({ verdict: 'inconclusive' })
})

test('nothing is infinitely good; infinitely bad is a failure', () => {
  for (const evidence of ['interval', 'point'] as const) {
    expect(judge({ value: Infinity, interval: null, n: 9 }, atLeast(0.9), evidence).verdict).toBe('error')
    expect(judge({ value: -Infinity, interval: null, n: 9 }, atMost(0.9), evidence).verdict).toBe('error')
  }
  expect(judge({ value: Infinity, interval: null, n: 9 }, atMost(0.9), 'point').verdict).toBe('fail')
})

test('an inconclusive verdict says how many rows would decide, and nothing where none would', () => {
  const { rowsNeeded } = judge(accuracy(286, 300), atLeast(0.94))
  expect(rowsNeeded).toBeGreaterThan(2000)
  expect(judge({ ...accuracy(rowsNeeded! * (286 / 300), rowsNeeded!) }, atLeast(0.94)).verdict).toBe('pass')
  expect(judge(accuracy(190, 200), atLeast(0.95))).toMatchObject({ verdict: 'inconclusive', rowsNeeded: null })
  expect(judge({ value: 1, interval: null, n: 5 }, atLeast(0.9))).toMatchObject({ verdict: 'inconclusive', rowsNeeded: null })
})

test('a bare comparison names its price', () => {
  const { verdict, price } = judge(accuracy(286, 300), atLeast(0.95), 'point')
  expect(verdict).toBe('pass')
  expect(price!.byInterval).toBe('inconclusive')
  expect(price!.errors).toMatchObject({ distance: 0.01 })
})

test('Wilson covers, and the gate lets a model that is exactly at, or below, the limit through as rarely as it promises', () => {
  const random = seededRandom(11)
  const runs = 4000
  for (const [truth, n] of [
    [0.9, 60],
    [0.85, 595],
    [0.5, 25],
  ] as const) {
    let covered = 0
    const passed = { interval: 0, point: 0 }
    for (let run = 0; run < runs; run++) {
      let right = 0
      for (let row = 0; row < n; row++) if (random.uniform() < truth) right++
      const { lower, upper } = wilson(right, n)
      if (lower <= truth && truth <= upper) covered++
      for (const evidence of ['interval', 'point'] as const)
        if (judge(accuracy(right, n), atLeast(truth), evidence).verdict === 'pass') passed[evidence]++
    }
    expect(covered / runs).toBeGreaterThan(0.93)
    // Promised 2.5 %; the discreteness of counts moves Wilson's tails by about a point.
    expect(passed.interval / runs).toBeLessThan(0.045)
    expect(passed.point / runs).toBeGreaterThan(0.45)
  }
})

/** How often something holds in 3,000 runs; its standard error is below one point. */
function share(holds: () => boolean): number {
  let times = 0
  for (let run = 0; run < 3000; run++) if (holds()) times++
  return times / 3000
}

test.each([
  [0.83, 0.8, 300, 'pass'],
  [0.97, 0.95, 200, 'pass'],
  [0.75, 0.8, 160, 'fail'],
] as const)(
  'as many rows as an accuracy of %d at a limit of %d needs decide it four times in five',
  (truth, limit, n, verdict) => {
    const { rowsNeeded } = judge(accuracy(truth * n, n), atLeast(limit))
    const random = seededRandom(4)
    const decided = share(() => {
      let right = 0
      for (let row = 0; row < rowsNeeded!; row++) if (random.uniform() < truth) right++
      return judge(accuracy(right, rowsNeeded!), atLeast(limit)).verdict === verdict
    })
    expect(decided).toBeGreaterThan(0.77)
    expect(decided).toBeLessThan(0.84)
  },
)

const meanOf = (terms: Float64Array): number => terms.reduce((sum, x) => sum + x, 0) / terms.length
function studentOf(terms: Float64Array): ReturnType<typeof meanInterval> {
  const mean = meanOf(terms)
  return meanInterval({ n: terms.length, mean, m2: terms.reduce((sum, x) => sum + (x - mean) ** 2, 0) })
}

test('as many rows as a mean loss needs decide it four times in five', () => {
  const random = seededRandom(8)
  // Absolute values of normal errors: their mean is √(2/π).
  const losses = (n: number): Float64Array => Float64Array.from({ length: n }, () => Math.abs(random.normal()))
  const measured = (terms: Float64Array): Parameters<typeof judge>[0] => ({
    value: terms.reduce((sum, x) => sum + x, 0) / terms.length,
    interval: studentOf(terms),
    n: terms.length,
  })
  const truth = Math.sqrt(2 / Math.PI)
  const { interval } = measured(losses(400))
  const half = (interval!.upper! - interval!.lower!) / 2
  const limit = atMost(truth + 0.05)
  const { rowsNeeded } = judge(
    { value: truth, interval: { ...interval!, lower: truth - half, upper: truth + half }, n: 400 },
    limit,
  )
  const passed = share(() => judge(measured(losses(rowsNeeded!)), limit).verdict === 'pass')
  expect(passed).toBeGreaterThan(0.76)
  expect(passed).toBeLessThan(0.84)
})

test('rows are forecast of all rows where the value rests on some of them', () => {
  const needed = judge(accuracy(150, 200), atLeast(0.7)).rowsNeeded!
  expect(judge({ ...accuracy(150, 200), rowCount: 600 }, atLeast(0.7)).rowsNeeded).toBe(3 * needed)
})

test.each([
  [600, atLeast(0.8)],
  [45, atLeast(0.9)],
  [2000, atMost(0.03)],
  [300, atLeast(0.995)],
] as const)('a bare comparison of a share of %d rows errs as often as is said', (n, limit) => {
  const { errors } = judge(accuracy(Math.round(limit.value * n), n), limit, 'point').price!
  const better = limit.good === 'at-least' ? errors!.distance : -errors!.distance
  const random = seededRandom(6)
  const passes = (truth: number) =>
    share(() => {
      let right = 0
      for (let row = 0; row < n; row++) if (random.uniform() < truth) right++
      return judge(accuracy(right, n), limit, 'point').verdict === 'pass'
    })
  expect(Math.abs(1 - passes(limit.value + better) - errors!.blocksGood)).toBeLessThan(0.03)
  expect(Math.abs(passes(limit.value - better) - errors!.passesBad)).toBeLessThan(0.03)
})

test('a bare comparison of a mean loss errs as often as is said', () => {
  const random = seededRandom(12)
  const n = 250
  const meanLoss = (scale: number): { value: number; terms: Float64Array } => {
    const terms = Float64Array.from({ length: n }, () => scale * Math.abs(random.normal()))
    return { terms, value: terms.reduce((sum, x) => sum + x, 0) / n }
  }
  const limit = atMost(0.8)
  const at = (truth: number) => meanLoss(truth / Math.sqrt(2 / Math.PI))
  const { value, terms } = at(0.8)
  const interval = studentOf(terms)
  const { errors } = judge({ value, interval, n }, limit, 'point').price!
  expect(errors!.distance).toBe(0.02)
  expect(Math.abs(share(() => at(0.78).value > 0.8) - errors!.blocksGood)).toBeLessThan(0.05)
  expect(Math.abs(share(() => at(0.82).value <= 0.8) - errors!.passesBad)).toBeLessThan(0.05)
})

test('a limit that no value is beyond has no price on that side', () => {
  expect(judge(accuracy(50, 50), atLeast(1), 'point').price).toEqual({ byInterval: 'inconclusive', errors: null })
})
