import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { betaCdf, betaQuantile } from './beta.ts'
import { logGamma } from './log-gamma.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { clopperPearson, wilson } from './proportion.ts'
import { sortedQuantile } from './replicates.ts'
import { rocAuc } from './roc-auc.ts'
import { rowsToSeparateProportion } from './sample-size.ts'
import { differenceInterval } from './two-proportions.ts'

// Made by test/golden/make-statistics.py from SciPy, statsmodels and scikit-learn.
const golden = JSON.parse(readFileSync(new URL('../../test/golden/statistics.json', import.meta.url), 'utf8')) as {
  special: Record<string, number[][]>
  proportions: Record<string, number[][]>
  bootstrap: { values: number[]; quantileType7: number }
  rocAuc: { y: number[]; scores: number[]; auc: number; variance: number }[]
}

function close(actual: number | null, expected: number, tolerance: number): void {
  const error = Math.abs((actual ?? Number.NaN) - expected) / Math.max(Math.abs(expected), 1e-300)
  expect(error <= tolerance || actual === expected, `${actual} should be ${expected}`).toBe(true)
}

test('special functions agree with SciPy', () => {
  for (const [x, y] of golden.special['logGamma']!)
    expect(logGamma(x!)).toBeCloseTo(y!, 11 - Math.ceil(Math.log10(Math.abs(y!) + 1)))
  for (const [x, y] of golden.special['normalCdf']!) close(normalCdf(x!), y!, x! < -37 ? 1e-2 : 1e-10)
  for (const [p, z] of golden.special['normalQuantile']!) close(normalQuantile(p!), z!, 1e-14)
  for (const [x, a, b, p] of golden.special['betaCdf']!) expect(betaCdf(x!, a!, b!)).toBeCloseTo(p!, 9)
  for (const [p, a, b, x] of golden.special['betaQuantile']!) close(betaQuantile(p!, a!, b!), x!, 1e-8)
})

test('intervals of one and of two proportions agree with statsmodels', () => {
  for (const [x, n, confidence, lower, upper] of golden.proportions['wilson']!) {
    const interval = wilson(x!, n!, confidence)
    expect([interval.lower, interval.upper]).toEqual([expect.closeTo(lower!, 12), expect.closeTo(upper!, 12)])
  }
  for (const [x, n, confidence, lower, upper] of golden.proportions['clopperPearson']!) {
    const interval = clopperPearson(x!, n!, confidence)
    expect([interval.lower, interval.upper]).toEqual([expect.closeTo(lower!, 9), expect.closeTo(upper!, 9)])
  }
  for (const [a, n, b, m, lower, upper] of golden.proportions['newcombe']!) {
    const interval = differenceInterval({ successes: a!, trials: n! }, { successes: b!, trials: m! })
    expect([interval.lower, interval.upper]).toEqual([expect.closeTo(lower!, 12), expect.closeTo(upper!, 12)])
  }
})

test("Newcombe's own example, 56/70 against 48/80 (1998, table II, method 10)", () => {
  const { lower, upper } = differenceInterval({ successes: 56, trials: 70 }, { successes: 48, trials: 80 })
  expect([lower.toFixed(4), upper.toFixed(4)]).toEqual(['0.0524', '0.3339'])
})

test('AUC and its variance agree with scikit-learn and with the quadratic definition of DeLong', () => {
  for (const { y, scores, auc, variance } of golden.rocAuc) {
    const measured = rocAuc(Float64Array.from(scores), (row) => y[row] === 1)!
    expect(measured.auc).toBeCloseTo(auc, 12)
    expect(measured.variance).toBeCloseTo(variance, 12)
  }
})

test('quantiles agree with NumPy', () => {
  const { values, quantileType7 } = golden.bootstrap
  expect(sortedQuantile(Float64Array.from(values).toSorted(), 0.31)).toBeCloseTo(quantileType7, 12)
})

test('sample sizes that textbooks print: one-sided 5 %, power 80 %', () => {
  const rows = (truth: number, threshold: number): number => rowsToSeparateProportion(truth, threshold, { confidence: 0.9 })
  expect([rows(0.91, 0.9), rows(0.92, 0.9), rows(0.95, 0.9)]).toEqual([5393, 1303, 184])
  expect([rows(0.96, 0.95), rows(0.97, 0.95), rows(0.995, 0.99)]).toEqual([2740, 631, 1990])
})
