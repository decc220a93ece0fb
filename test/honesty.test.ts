import { expect, test } from 'vitest'
import * as s from '../bench/honesty/scenarios.mjs'
import type { Draw, Drawn, Misses } from '../bench/honesty/scenarios.mjs'
import type { Interval } from '../src/core/check.ts'
import { estimate, estimateDifference, valueOf } from '../src/stats/estimate.ts'
import { influenceOfArea, influenceOfRate, standardErrorOf } from '../src/stats/influence.ts'
import { judge } from '../src/stats/judge.ts'
import { twoSidedT } from '../src/stats/mean.ts'
import { normalCdf } from '../src/stats/normal.ts'
import { wilson, wilsonAround } from '../src/stats/proportion.ts'
import { seededRandom } from '../src/stats/random.ts'
import { unitsOf } from '../src/stats/sampling-units.ts'
import type { AreaStatistic, Rate } from '../src/stats/statistic.ts'
import { differenceInterval } from '../src/stats/two-proportions.ts'

// The whole table is made by bench/honesty/coverage.mjs; here are its forms on fewer samples, and formulas that must not get through.

type IntervalOf = (drawn: Drawn, seed: number) => Pick<Interval, 'lower' | 'upper'> | null
const right: IntervalOf = ({ a, b, design }, seed) =>
  (b ? estimateDifference(a, b, design, { seed }) : estimate(a, design, { seed })).interval

/** What simulation says of 95 % intervals: they hold the truth in 94 to 96 of 100 samples, or surely (99.9 %) in fewer, or in more. */
function verdictOf({ runs, above, below, missing }: Misses): 'honest' | 'too narrow' | 'too wide' {
  const { lower, upper } = wilson(runs - missing - above - below, runs - missing, 0.999)
  if (upper < 0.94) return 'too narrow'
  return lower > 0.96 ? 'too wide' : 'honest'
}
const simulate = (draw: Draw, intervalOf: IntervalOf, n: number, runs: number): Misses =>
  s.misses(draw, intervalOf, { random: seededRandom(7), n, runs })

const halves = [0.6, 0.4]
const HONEST: readonly [string, Draw, number, number][] = [
  ['rate', s.accuracy(0.75, 0.95), 100, 4000],
  ['rate, weighted', s.weightedAccuracy(0.7, 0.9), 100, 2000],
  ['rate, 10 clusters', s.clusteredAccuracy(10, 0.6, 0.8, 0.3), 0, 4000],
  ['rate, 4 clusters', s.clusteredAccuracy(4, 0.45, 0.55, 0.3, [20, 30]), 0, 4000],
  ['cells', s.confusion(halves, s.mcc(2)), 60, 300],
  ['cells, clustered', s.confusion(halves, s.mcc(2), 3), 90, 300],
  ['cells, a distance', s.calibrationError(2), 100, 300],
  ['means, skewed', s.probabilities('log-loss', 2), 30, 400],
  ['means, bounded', s.probabilities('brier', 1), 30, 400],
  ['means, a function of three', s.regression('r2', Infinity), 30, 300],
  ['area', s.area(normalCdf, 0.4, 0.75, 1.8), 60, 3000],
  ['area, clustered', s.area(normalCdf, 0.4, 0.75, 1.8, 3), 90, 2000],
  ['rows', s.spearman(0.8), 30, 1000],
  ['rows, of few positives', s.prArea(normalCdf, 0.3, 1.3), 60, 1000],
  ['difference of rates', s.pairedAccuracy(0.2, -0.05, 0.05), 100, 4000],
  ['difference of rates, clustered', s.pairedAccuracy(0.2, -0.05, 0.05, 3), 150, 2000],
  ['difference of cells', s.pairedConfusion(halves, s.cellsWith(2, s.mcc), 0.3), 100, 250],
  ['difference of means', s.pairedLoss(1.6), 50, 250],
  ['difference of areas', s.pairedArea(normalCdf, 0.4, 1.3, 1.1), 100, 2000],
]

test.each(HONEST)('%s: intervals of 95 in 100 hold the truth in 94 to 96 of 100 samples', (_form, draw, n, runs) => {
  const counted = simulate(draw, right, n, runs)
  expect(counted.missing / runs).toBeLessThan(0.01)
  expect(verdictOf(counted)).toBe('honest')
})

const meanOf = (hits: Uint8Array): number => hits.reduce((sum, hit) => sum + hit, 0) / hits.length
const around = (value: number, half: number): ReturnType<IntervalOf> => ({ lower: value - half, upper: value + half })
const rateError = ({ a, design }: Drawn): number => standardErrorOf(influenceOfRate(a as Rate, unitsOf(a, design)))

/** Mistakes that formulas are made with. Each is on samples on which the right one is found honest above. */
const WRONG: readonly [string, Draw, number, number, IntervalOf, 'too narrow' | 'too wide'][] = [
  [
    'the deviate of one side, 1.64, in the place of 1.96',
    s.accuracy(0.75, 0.95),
    100,
    4000,
    ({ a }) => wilson(Math.round(meanOf((a as Rate).hits) * 100), 100, 0.9),
    'too narrow',
  ],
  [
    'rows of one user taken as rows of many',
    s.clusteredAccuracy(10, 0.6, 0.8, 0.3),
    0,
    4000,
    ({ a }) => wilson(Math.round(valueOf(a) * (a as Rate).hits.length), (a as Rate).hits.length),
    'too narrow',
  ],
  [
    "Wald's interval with the normal deviate, where ten clusters call for Student's",
    s.clusteredAccuracy(10, 0.6, 0.8, 0.3),
    0,
    4000,
    (drawn) => around(valueOf(drawn.a), 1.96 * rateError(drawn)),
    'too narrow',
  ],
  [
    'a variance of four clusters divided by four, and not by three',
    s.clusteredAccuracy(4, 0.45, 0.55, 0.3, [20, 30]),
    0,
    40_000,
    (drawn) => clusteredWilson(drawn, 3 / 4),
    'too narrow',
  ],
  [
    'weights left out',
    s.weightedAccuracy(0.7, 0.9),
    100,
    2000,
    ({ a }) => wilson(Math.round(valueOf(a) * 100), 100),
    'too narrow',
  ],
  [
    'two models of the same rows compared as if each had its own',
    s.pairedAccuracy(0.2, -0.05, 0.05),
    100,
    4000,
    ({ a, b }) => {
      const count = (rate: unknown): { successes: number; trials: number } => ({
        successes: Math.round(meanOf((rate as Rate).hits) * 100),
        trials: 100,
      })
      return differenceInterval(count(a), count(b))
    },
    'too wide',
  ],
  [
    'two areas of the same rows compared without their covariance',
    s.pairedArea(normalCdf, 0.4, 1.3, 1.1),
    100,
    2000,
    ({ a, b, design }) => {
      const errorOf = (area: unknown): number =>
        Math.hypot(...influenceOfArea(area as AreaStatistic, unitsOf(area as AreaStatistic, design)).total)
      return around(valueOf(a) - valueOf(b!), 1.96 * Math.hypot(errorOf(a), errorOf(b)))
    },
    'too wide',
  ],
  [
    "an area's variance of its positive rows alone",
    s.area(normalCdf, 0.4, 0.75, 1.8),
    60,
    3000,
    ({ a, design }) =>
      around(valueOf(a), 1.96 * Math.hypot(...influenceOfArea(a as AreaStatistic, unitsOf(a, design)).bySide[1]!)),
    'too narrow',
  ],
]

test.each(WRONG)('it is noticed: %s', (_mistake, draw, n, runs, intervalOf, verdict) => {
  expect(verdictOf(simulate(draw, intervalOf, n, runs))).toBe(verdict)
})

/** Wilson's interval of clusters, its variance times a factor. */
function clusteredWilson(drawn: Drawn, factor: number): ReturnType<IntervalOf> {
  const share = valueOf(drawn.a)
  const units = unitsOf(drawn.a, drawn.design)
  const rows = (share * (1 - share)) / (rateError(drawn) ** 2 * factor)
  return wilsonAround(share, rows, twoSidedT(0.95, units.count - 1))
}

test.each([
  ['accuracy', s.accuracy(0.75, 0.9), 200],
  ['AUC', s.area(normalCdf, 0.4, 0.75, 1.8), 100],
  ['log loss', s.probabilities('log-loss', 1), 60],
  ['accuracy against the champion', s.pairedAccuracy(0.15, -0.05, 0.05), 200],
  ['AUC against the champion', s.pairedArea(normalCdf, 0.4, 1.3, 1.2), 100],
] as const)('a model exactly at the limit passes, and fails, at most as often as a gate says: %s', (_gate, draw, n) => {
  const runs = n === 60 ? 400 : 3000
  const random = seededRandom(9)
  const verdicts = { pass: 0, fail: 0, inconclusive: 0, error: 0 }
  for (let run = 1; run <= runs; run++) {
    const { a, b, truth, design } = draw(random, n)
    const measured = b ? estimateDifference(a, b, design, { seed: run }) : estimate(a, design, { seed: run })
    verdicts[judge(measured, { value: truth, good: 'at-least' }).verdict]++
  }
  // 2.5 % on each side; its 99.9 % interval must leave room for that, and for the point by which counts make it jump.
  for (const wrong of [verdicts.pass, verdicts.fail]) expect(wilson(wrong, runs, 0.999).lower).toBeLessThan(0.03)
  expect(verdicts.error).toBe(0)
  expect(verdicts.pass + verdicts.fail).toBeGreaterThan(0.02 * runs)
})
