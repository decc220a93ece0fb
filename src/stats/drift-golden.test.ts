import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { adjustPValues } from './adjusted-p-values.ts'
import { jensenShannonDivergence, populationStabilityIndex } from './divergence.ts'
import { homogeneity, poolSparse } from './homogeneity.ts'
import { chiSquaredCdf, chiSquaredSf, chiSquaredUpperQuantile } from './incomplete-gamma.ts'
import { exactPValue, kolmogorovSf, kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { noncentralChiSquaredCdf, noncentralityAt } from './noncentral-chi-squared.ts'
import { proportionTest } from './proportion-test.ts'
import type { TwoSampleCounts } from './two-sample-counts.ts'
import { standardDeviation, wasserstein } from './wasserstein.ts'

// Made by test/golden/make-drift-statistics.py from SciPy and statsmodels.
const golden = JSON.parse(readFileSync(new URL('../../test/golden/drift-statistics.json', import.meta.url), 'utf8')) as {
  chiSquared: number[][]
  noncentralChiSquared: number[][]
  kolmogorovSf: [number, number][]
  kolmogorovSmirnov: { a: number[]; b: number[]; statistic: number; p: number; at: number; wasserstein: number; sd: number }[]
  categories: { a: number[]; b: number[]; statistic: number; degrees: number; p: number; distance: number; psi: number }[]
  proportionTests: { z: number[][]; fisher: number[][] }
  adjusted: { p: number[]; holm: number[]; bh: number[] }[]
}

/** Asserts that a value is right to a relative tolerance. */
function close(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual} should be ${expected}`).toBe(true)
}

const count = (sample: readonly number[], value: number): number => sample.filter((x) => x === value).length
function countsOf(a: readonly number[], b: readonly number[]): TwoSampleCounts {
  const values = Float64Array.from(new Set([...a, ...b])).toSorted()
  return { values, reference: values.map((v) => count(a, v)), current: values.map((v) => count(b, v)) }
}

test('chi-squared: both tails keep their digits', () => {
  for (const [x, k, cdf, sf] of golden.chiSquared) {
    close(chiSquaredCdf(x!, k!), cdf!, 1e-9)
    close(chiSquaredSf(x!, k!), sf!, 1e-9)
    expect(chiSquaredCdf(x!, k!) + chiSquaredSf(x!, k!)).toBeCloseTo(1, 14)
    if (sf! > 1e-12 && sf! < 0.999) close(chiSquaredUpperQuantile(sf!, k!), x!, 1e-8)
  }
})

test('noncentral chi-squared: to ten digits as a sum, to 0.002 by its approximation', () => {
  for (const [x, k, lambda, p] of golden.noncentralChiSquared) {
    expect(Math.abs(noncentralChiSquaredCdf(x!, k!, lambda!) - p!)).toBeLessThan(lambda! <= 100 ? 1e-10 : 2e-3)
    if (lambda! <= 100 && p! > 0.01 && p! < 0.99) close(noncentralityAt(x!, k!, p!), lambda!, 2e-6)
  }
  expect(noncentralityAt(0.1, 3, 0.975)).toBe(0)
})

test('Kolmogorov–Smirnov: statistic, place and exact p-value with and without ties; the limit distribution', () => {
  for (const { a, b, statistic, p, at } of golden.kolmogorovSmirnov) {
    const found = kolmogorovSmirnov(countsOf(a, b))!
    close(found.statistic, statistic, 1e-12)
    close(found.pValue, p, 1e-9)
    expect(found).toMatchObject({ exact: true, at })
  }
  for (const [x, sf] of golden.kolmogorovSf) close(kolmogorovSf(x), sf, 1e-10)
})

test('Kolmogorov–Smirnov: beyond the exact count the limit is close, and on the side of caution', () => {
  for (const [n, m, d] of [
    [2000, 2000, 0.05],
    [1999, 2500, 0.05],
    [800, 5000, 0.07],
  ] as const) {
    const limit = kolmogorovSf(Math.sqrt((n * m) / (n + m)) * d)
    const exact = exactPValue(d, n, m)
    expect(limit / exact).toBeGreaterThan(0.97)
    expect(limit / exact).toBeLessThan(1.15)
  }
  const same = { values: Float64Array.of(1, 2), reference: Float64Array.of(5, 5), current: Float64Array.of(10, 10) }
  expect(kolmogorovSmirnov(same)).toMatchObject({ statistic: 0, pValue: 1 })
  expect(kolmogorovSmirnov({ ...same, current: new Float64Array(2) })).toBeNull()
})

test('Wasserstein and standard deviation; infinite values are left out', () => {
  for (const { a, b, wasserstein: distance, sd } of golden.kolmogorovSmirnov) {
    const counts = countsOf(a, b)
    close(wasserstein(counts), distance, 1e-12)
    close(standardDeviation(counts.values, counts.reference), sd, 1e-12)
    expect(wasserstein(countsOf([...a, Infinity], [...b, -Infinity, Infinity]))).toBeCloseTo(distance, 12)
  }
})

test('chi-squared homogeneity, Jensen–Shannon distance and PSI', () => {
  for (const { a, b, statistic, degrees, p, distance, psi } of golden.categories) {
    const [reference, current] = [Float64Array.from(a), Float64Array.from(b)]
    const found = homogeneity(reference, current)
    close(found.statistic, statistic, 1e-12)
    expect(found.degrees).toBe(degrees)
    close(found.pValue, p, 1e-9)
    close(Math.sqrt(jensenShannonDivergence(reference, current)), distance, 1e-10)
    close(populationStabilityIndex(reference, current), psi, 1e-10)
  }
  expect(jensenShannonDivergence(Float64Array.of(5, 0), Float64Array.of(0, 9))).toBe(1)
})

test('sparse cells are pooled until each is expected five times; nothing is lost', () => {
  const pooled = poolSparse(Float64Array.of(100, 1, 0, 50, 2), Float64Array.of(110, 0, 3, 40, 1))
  expect(pooled).toEqual({ reference: Float64Array.of(100, 53), current: Float64Array.of(110, 44), pooled: 4 })
  expect(poolSparse(Float64Array.of(90, 10), Float64Array.of(80, 20)).pooled).toBe(0)
  const one = poolSparse(Float64Array.of(3, 1), Float64Array.of(2, 2))
  expect(homogeneity(one.reference, one.current)).toMatchObject({ degrees: 0, pValue: 1 })
})

test('two proportions: the z-test, and the exact test where few cases are expected', () => {
  for (const method of ['z', 'fisher'] as const) {
    for (const [a, n, b, m, p] of golden.proportionTests[method]) {
      const found = proportionTest({ successes: a!, trials: n! }, { successes: b!, trials: m! })
      expect(found.method).toBe(method)
      close(found.pValue, p!, 1e-8)
    }
  }
})

test('Holm and Benjamini–Hochberg agree with statsmodels on ties, single tests and none', () => {
  for (const { p, holm, bh } of golden.adjusted) {
    expect(adjustPValues(p, 'holm')).toEqual(holm.map((x) => expect.closeTo(x, 12) as number))
    expect(adjustPValues(p, 'bh')).toEqual(bh.map((x) => expect.closeTo(x, 12) as number))
  }
})
