import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../stats/random.ts'
import { score, type ScoredClasses } from '../scored.ts'
import { largestDifference, smallestRatio } from './disparity.ts'
import { fairnessChecks, type FairnessOptions } from './fairness-checks.ts'
import { groupRates, type GroupRates } from './group-rates.ts'
import { FAIRNESS_MEASURES, measureFairness } from './measures.ts'

// Made by test/golden/make-statistics.py with Fairlearn.
const golden = JSON.parse(readFileSync(new URL('../../../test/golden/statistics.json', import.meta.url), 'utf8')) as {
  fairness: { group: string[]; y: number[]; predicted: number[]; metrics: Record<string, number> }[]
}

function scored(y: readonly number[], predicted: readonly number[]): ScoredClasses {
  const predictions = { rowCount: y.length, labels: predicted, classes: null, probabilities: null }
  return score(y, predictions, { task: 'classification' }) as ScoredClasses
}

/** `[rows, positives, true positives, false positives]` of each group. */
function ratesOf(groups: Record<string, readonly [number, number, number, number]>): GroupRates[] {
  return Object.entries(groups).map(([group, [rows, positives, hits, alarms]]) => ({
    group,
    rows,
    selection: { successes: hits + alarms, trials: rows },
    truePositive: { successes: hits, trials: positives },
    falsePositive: { successes: alarms, trials: rows - positives },
  }))
}

const options = (limits: FairnessOptions['limits'], evidence: FairnessOptions['evidence'] = 'interval'): FairnessOptions => ({
  attribute: 'afam',
  limits,
  evidence,
  confidence: 0.95,
})

test('differences and ratios equal Fairlearn, for two groups and for three', () => {
  for (const { group, y, predicted, metrics } of golden.fairness) {
    const groups = groupRates(scored(y, predicted), 1, 'group', group)
    const measured = FAIRNESS_MEASURES.filter(({ name }) => name in metrics).map((measure) => ({
      name: measure.name,
      ...measureFairness(measure, groups, 0.95),
    }))
    expect(measured).toHaveLength(5)
    for (const { name, value, interval } of measured) {
      expect(value).toBeCloseTo(metrics[name]!, 12)
      expect(interval.lower! <= value! && value! <= interval.upper!).toBe(true)
    }
  }
})

test('a clear gap fails, a clear absence passes, and both name the groups and their rates', () => {
  const biased = fairnessChecks(
    ratesOf({ no: [500, 50, 25, 5], yes: [100, 25, 20, 50] }),
    options({ 'false-positive-rate-difference': 0.2 }),
  )
  expect(biased[0]).toMatchObject({ verdict: 'fail', check: 'fairness.false-positive-rate-difference.afam' })
  expect(biased[0]!.message).toBe(
    'False-positive rate difference by afam 0.6556 > threshold 0.2; false positive rate yes 0.667 (50 of 75), no 0.011 (5 of 450)',
  )
  const fair = fairnessChecks(
    ratesOf({ no: [5000, 500, 250, 50], yes: [1000, 250, 125, 9] }),
    options({ 'equalized-odds-difference': 0.1 }),
  )
  expect(fair[0]!.verdict).toBe('pass')
})

test('groups too small to judge are inconclusive with the rows needed, however good the estimate looks', () => {
  const [check] = fairnessChecks(
    ratesOf({ no: [500, 40, 20, 5], yes: [40, 8, 4, 0] }),
    options({ 'equalized-odds-difference': 0.1 }),
  )
  expect(check!.verdict).toBe('inconclusive')
  expect(check!.message).toMatch(/about [\d,]+ rows would decide/)
})

test('a group without positive rows can never be cleared, not even by evidence: point', () => {
  for (const evidence of ['interval', 'point'] as const) {
    const groups = ratesOf({ no: [500, 50, 25, 5], yes: [40, 0, 0, 0] })
    const [check] = fairnessChecks(groups, options({ 'true-positive-rate-difference': 1 }, evidence))
    expect(check).toMatchObject({ verdict: 'inconclusive' })
    expect(check!.message).toContain('no positive rows in yes')
  }
})

test('a model that selects nobody has no ratio to pass with', () => {
  const [check] = fairnessChecks(
    ratesOf({ a: [500, 50, 0, 0], b: [400, 40, 0, 0] }),
    options({ 'demographic-parity-ratio': 0.8 }),
  )
  expect(check).toMatchObject({ verdict: 'inconclusive' })
})

test('what has no limit is measured and said to be not judged', () => {
  const checks = fairnessChecks(
    ratesOf({ no: [500, 50, 25, 5], yes: [100, 25, 20, 50] }),
    options({ 'demographic-parity-ratio': 0.8 }),
  )
  expect(checks.map(({ check }) => check)).toEqual(['fairness.demographic-parity-ratio.afam', 'fairness.rates.afam'])
  expect(checks[1]!.message).toBe(
    'Measured for 2 groups, the smallest (afam = yes) with 100 rows; 5 measures have no limit and are not judged',
  )
  expect(checks[1]!.findings[0]!.message).toMatch(/^Not judged: demographic parity difference 0\.640 \[0\.\d{3}, 0\.\d{3}\]$/)
  expect(checks[1]!.measurements.filter(({ slice }) => slice?.['afam'] === 'yes')).toHaveLength(3)
})

test('missing values are a group; one group, and too many, are mistakes', () => {
  const y = [0, 1, 0, 1]
  expect(groupRates(scored(y, y), 1, 'afam', ['a', null, 'a', null]).map(({ group }) => group)).toEqual(['(missing)', 'a'])
  expect(() => groupRates(scored(y, y), 1, 'afam', ['a', 'a', 'a', 'a'])).toThrow('Every row has afam = a')
  const many = Array.from({ length: 60 }, (_, i) => i % 2)
  expect(() =>
    groupRates(
      scored(many, many),
      1,
      'age',
      many.map((_, i) => i),
    ),
  ).toThrow('age has 60 different values')
})

test('intervals hold their estimates, and a group without rows leaves the dangerous end open', () => {
  const count = fc
    .nat({ max: 300 })
    .chain((trials) => fc.record({ successes: fc.nat({ max: trials }), trials: fc.constant(trials) }))
  const rates = fc
    .array(count, { minLength: 2, maxLength: 6 })
    .map((counts) => counts.map((c, i) => ({ group: `g${i}`, count: c })))
  fc.assert(
    fc.property(fc.array(rates, { minLength: 1, maxLength: 2 }), (given) => {
      const difference = largestDifference(given, 0.95)
      const ratio = smallestRatio(given, 0.95)
      for (const { value, interval } of [difference, ratio]) {
        expect(interval.lower! >= 0 && interval.upper! <= 1).toBe(true)
        expect(value === null || (interval.lower! <= value + 1e-9 && value <= interval.upper! + 1e-9)).toBe(true)
      }
      expect(difference.empty.length === 0 || (difference.interval.upper === 1 && ratio.interval.lower === 0)).toBe(true)
    }),
  )
})

test('the gate clears or condemns groups that are exactly at the limit as rarely as it promises', () => {
  const random = seededRandom(3)
  const draw = (trials: number, p: number): number =>
    Array.from({ length: trials }, () => random.uniform() < p).filter(Boolean).length
  const runs = 1500
  let passed = 0
  let failed = 0
  for (let run = 0; run < runs; run++) {
    // Three groups; the largest true difference is 0.1, between a and c.
    const groups = Object.entries({ a: [200, 0.3], b: [150, 0.25], c: [120, 0.2] } as const).map(([group, [trials, p]]) => ({
      group,
      count: { successes: draw(trials, p), trials },
    }))
    const { interval } = largestDifference([groups], 0.95)
    if (interval.upper! <= 0.1) passed++
    if (interval.lower! > 0.1) failed++
  }
  expect(passed / runs).toBeLessThan(0.035)
  expect(failed / runs).toBeLessThan(0.035)
})
