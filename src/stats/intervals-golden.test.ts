import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { estimate, estimateDifference } from './estimate.ts'
import { influenceOfArea, influenceOfRate, standardErrorOf } from './influence.ts'
import { bonettPrice, mcnemarMidP, tango } from './paired-proportions.ts'
import { unitsOf } from './sampling-units.ts'
import type { AreaStatistic, Rate } from './statistic.ts'
import { twoSidedTailT } from './student-t.ts'

// Made by test/golden/make-intervals.py from statsmodels, SciPy, and formulas in plain NumPy.
const golden = JSON.parse(readFileSync(new URL('../../test/golden/intervals.json', import.meta.url), 'utf8')) as {
  pairedCounts: { onlyA: number; onlyB: number; rows: number; midP: number; bonettPrice: Ends; tango: Ends }[]
  delong: { y: number[]; a: number[]; b: number[]; difference: number; variance: number }[]
  obuchowski: { y: number[]; scores: number[]; clusters: number[]; auc: number; variance: number }[]
  designs: {
    hits: number[]
    weights: number[]
    clusters: number[] | null
    share: number
    standardError: number
    wilson: Ends
  }[]
  bootstrapT: { name: 'mean' | 'rms'; values: number[]; interval: Ends }[]
  jackknife: { x: number[]; y: number[]; interval: Ends }[]
  studentTails: [t: number, degrees: number, p: number][]
}
type Ends = [lower: number, upper: number]

const near = (ends: Ends, digits: number): unknown => ({
  lower: expect.closeTo(ends[0], digits) as number,
  upper: expect.closeTo(ends[1], digits) as number,
})
const areaOf = (scores: number[], y: number[]): AreaStatistic => ({
  kind: 'area',
  curves: [{ scores: Float64Array.from(scores), side: Uint8Array.from(y), share: 1 }],
})

test("McNemar's mid-p agrees with statsmodels and SciPy, and the intervals of Bonett and Price and of Tango with their definitions", () => {
  for (const { onlyA, onlyB, rows, ...expected } of golden.pairedCounts) {
    expect(mcnemarMidP(onlyA, onlyB)).toBeCloseTo(expected.midP, 10)
    expect(bonettPrice({ onlyA, onlyB, rows })).toMatchObject(near(expected.bonettPrice, 12) as object)
    expect(tango({ onlyA, onlyB, rows })).toMatchObject(near(expected.tango, 6) as object)
  }
})

test('one against nine: the mid-p value by hand, and an interval that leaves out 0', () => {
  expect(mcnemarMidP(1, 9)).toBeCloseTo((2 * 11) / 1024 - 10 / 1024, 12)
  expect(tango({ onlyA: 1, onlyB: 9, rows: 53 }).upper).toBeLessThan(0)
})

test("DeLong's variance of two areas of the same rows agrees with the quadratic definition", () => {
  for (const { y, a, b, difference, variance } of golden.delong) {
    const [ofA, ofB] = [areaOf(a, y), areaOf(b, y)]
    const estimated = estimateDifference(ofA, ofB)
    expect(estimated.value).toBeCloseTo(difference, 12)
    const units = unitsOf(ofA, { weights: null, clusters: null })
    const moves = influenceOfArea(ofB, units).total
    const error = Math.hypot(...influenceOfArea(ofA, units).total.map((move, row) => move - moves[row]!))
    expect(error ** 2).toBeCloseTo(variance, 12)
    const { lower, upper } = estimated.interval!
    const deviate = (upper! - lower!) / 2 / Math.sqrt(variance)
    expect(deviate).toBeGreaterThan(1.96)
    expect(deviate).toBeLessThan(2.1)
  }
})

test("the variance of an area of clustered rows is Obuchowski's", () => {
  for (const { y, scores, clusters, auc, variance } of golden.obuchowski) {
    const area = areaOf(scores, y)
    const design = { weights: null, clusters: Int32Array.from(clusters) }
    expect(estimate(area, design).value).toBeCloseTo(auc, 12)
    const error = Math.hypot(...influenceOfArea(area, unitsOf(area, design)).total)
    // Where a side is missing in some clusters, her third term has another factor (I / (I − 1)) than the root of the other two.
    expect(Math.abs(error ** 2 / variance - 1)).toBeLessThan(0.005)
  }
})

test('a share of weighted and of clustered rows has the linearised standard error, and the Wilson interval of its effective rows', () => {
  for (const { hits, weights, clusters, share, standardError, wilson } of golden.designs) {
    const rate: Rate = { kind: 'rate', hits: Uint8Array.from(hits), counted: null }
    const design = { weights: Float64Array.from(weights), clusters: clusters && Int32Array.from(clusters) }
    expect(standardErrorOf(influenceOfRate(rate, unitsOf(rate, design)))).toBeCloseTo(standardError, 12)
    const estimated = estimate(rate, design)
    expect(estimated.value).toBeCloseTo(share, 12)
    expect(estimated.interval).toMatchObject(near(wilson, 9) as object)
  }
})

test('the bootstrap-t of a mean and of a root mean square is where 50,000 replicates in NumPy put it', () => {
  for (const { name, values, interval } of golden.bootstrapT) {
    const terms = [Float64Array.from(values, (x) => (name === 'rms' ? x * x : x))]
    const at = (means: Float64Array): number => (name === 'rms' ? Math.sqrt(means[0]!) : means[0]!)
    const estimated = estimate({ kind: 'means', terms, at, range: [0, Infinity] }).interval!
    const width = interval[1] - interval[0]
    // Both ends are Monte Carlo; 999 replicates put them within a tenth of the width.
    expect(estimated.method).toBe('bootstrap-t')
    expect(Math.abs(estimated.lower! - interval[0]) / width).toBeLessThan(0.1)
    expect(Math.abs(estimated.upper! - interval[1]) / width).toBeLessThan(0.1)
  }
})

test("the jackknife of Spearman's correlation agrees with SciPy's, row by row left out", () => {
  for (const { x, y, interval } of golden.jackknife) {
    const ranks = (values: number[], weights: Float64Array): number[] =>
      values.map((value) => values.filter((other, i) => weights[i]! > 0 && other < value).length)
    const at = (weights: Float64Array): number => {
      const [a, b] = [ranks(x, weights), ranks(y, weights)]
      const mean = (of: (row: number) => number): number => {
        const rows = [...weights.keys()].filter((row) => weights[row]! > 0)
        return rows.reduce((sum, row) => sum + of(row), 0) / rows.length
      }
      const [ma, mb] = [mean((row) => a[row]!), mean((row) => b[row]!)]
      const product = mean((row) => (a[row]! - ma) * (b[row]! - mb))
      return product / Math.sqrt(mean((row) => (a[row]! - ma) ** 2) * mean((row) => (b[row]! - mb) ** 2))
    }
    const estimated = estimate({ kind: 'rows', rowCount: x.length, at, range: [-1, 1] })
    expect(estimated.interval).toMatchObject(near(interval, 9) as object)
  }
})

test("the tails of Student's t agree with SciPy", () => {
  for (const [t, degrees, p] of golden.studentTails) expect(twoSidedTailT(t, degrees)).toBeCloseTo(p, 10)
})
