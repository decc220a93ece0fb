import { expect, test } from 'vitest'
import { estimate, estimateDifference } from './estimate.ts'
import type { SampleDesign, Statistic } from './statistic.ts'

const none: SampleDesign = { weights: null, clusters: null }
const rateOf = (hits: number[]): Statistic => ({ kind: 'rate', hits: Uint8Array.from(hits), counted: null })
const cellsOf = (cells: number[]): Statistic => ({
  kind: 'cells',
  cells: Int32Array.from(cells),
  size: 4,
  at: (c) => (2 * c[3]!) / (2 * c[3]! + c[1]! + c[2]!),
})
const meanOf = (values: number[], range: [number, number] = [0, 1]): Statistic => ({
  kind: 'means',
  terms: [Float64Array.from(values)],
  at: (means) => means[0]!,
  range,
})
const areaOf = (scores: number[], side: number[]): Statistic => ({
  kind: 'area',
  curves: [{ scores: Float64Array.from(scores), side: Uint8Array.from(side), share: 1 }],
})
const rowsOf = (values: number[]): Statistic => ({
  kind: 'rows',
  rowCount: values.length,
  at: (weights) => {
    const [sum, total] = weights.reduce(([s, t], w, i) => [s + w * values[i]!, t + w] as [number, number], [0, 0])
    return sum / total
  },
  range: [0, 1],
})
const repeat = (value: number, times: number): number[] => Array.from({ length: times }, () => value)
const clustersOf = (clusters: number[]): SampleDesign => ({ weights: null, clusters: Int32Array.from(clusters) })

test('all right, in one way or another, is not certainty', () => {
  const right = rateOf(repeat(1, 20))
  for (const design of [
    none,
    { weights: Float64Array.from({ length: 20 }, (_, i) => 1 + (i % 3)), clusters: null },
    clustersOf(Array.from({ length: 20 }, (_, i) => i >> 1)),
  ]) {
    const { value, interval } = estimate(right, design)
    expect(value).toBe(1)
    expect(interval!.upper).toBe(1)
    expect(interval!.lower).toBeLessThan(0.86)
    expect(interval!.lower).toBeGreaterThan(0.4)
  }
  expect(estimate(cellsOf(repeat(3, 20))).interval!.lower).toBeLessThan(0.97)
  expect(estimate(areaOf([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])).interval!.lower).toBeLessThan(0.8)
})

test('rows of few clusters are worth no more than the clusters, where nothing tells them apart', () => {
  const twenty = estimate(rateOf(repeat(1, 20)), clustersOf(Array.from({ length: 20 }, (_, i) => i >> 2))).interval!
  const five = estimate(rateOf(repeat(1, 5))).interval!
  expect(twenty.lower).toBeLessThan(five.lower! + 1e-9)
})

test('a loss that is the same in all rows could differ in those not seen, inside the range; without a range it could be anything', () => {
  const { value, interval } = estimate(meanOf(repeat(0.25, 40)))
  expect(value).toBe(0.25)
  // At most 1 − 0.025^(1/40) = 8.8 % of the rows can be of a kind that 40 rows have not shown.
  expect(interval).toMatchObject({
    lower: expect.closeTo(0.25 * (1 - 0.0881), 4) as number,
    upper: expect.closeTo(0.25 + 0.75 * 0.0881, 4) as number,
    method: 'all-alike',
  })
  expect(estimate(meanOf(repeat(0.25, 40), [0, Infinity])).interval).toBeNull()
})

test('few rows that are not like the rest leave room for more of them', () => {
  const losses = [...repeat(0, 98), 0.8, 0.4]
  const { value, interval } = estimate(meanOf(losses))
  expect(interval!.method).toBe('few-differ')
  expect(interval!.lower).toBe(0)
  expect(interval!.upper).toBeGreaterThan(3 * value)
})

test('one row, one cluster and no weight at all tell nothing of the spread', () => {
  const one = clustersOf(repeat(0, 12))
  const mixed = Array.from({ length: 12 }, (_, i) => i % 2)
  for (const statistic of [rateOf(mixed), cellsOf(mixed.map((x) => 3 * x)), meanOf(mixed), areaOf(mixed, mixed), rowsOf(mixed)]) {
    expect(estimate(statistic, one).interval).toBeNull()
    const worse = estimateDifference(statistic, statistic, one)
    expect(worse.interval).toBeNull()
    expect(estimate(statistic, { weights: new Float64Array(12), clusters: null })).toMatchObject({
      value: Number.NaN,
      interval: null,
    })
  }
  expect(estimate(meanOf([0.5], [0, Infinity])).interval).toBeNull()
  expect(estimate(rowsOf([0.5])).interval).toBeNull()
  const { lower, upper } = estimate(rateOf([1])).interval!
  expect(upper! - lower!).toBeGreaterThan(0.7)
})

test('what is not defined has no value and no interval: one class only, no row that counts', () => {
  expect(estimate(areaOf([1, 2, 3], [1, 1, 1]))).toMatchObject({ value: Number.NaN, interval: null })
  const nobody: Statistic = { kind: 'rate', hits: Uint8Array.of(1, 0), counted: Uint8Array.of(0, 0) }
  expect(estimate(nobody)).toMatchObject({ value: Number.NaN, interval: null, n: 0 })
  expect(estimateDifference(nobody, nobody)).toMatchObject({ value: Number.NaN, interval: null, pValue: null })
  expect(estimate(meanOf([0.1, Number.NaN, 0.3]))).toMatchObject({ value: Number.NaN, interval: null })
})

test('rows without weight are as good as not there', () => {
  const values = [0.2, 0.5, 0.9, 0.1, 0.7, 0.3, 0.6, 0.8, 0.4, 0.35]
  const weights = Float64Array.from([...repeat(1, 10), 0, 0, 0])
  for (const of of [meanOf, rowsOf] as const) {
    const [with3, without] = [estimate(of([...values, 1, 1, 1]), { weights, clusters: null }), estimate(of(values))]
    expect(with3.value).toBeCloseTo(without.value, 12)
    expect(with3.interval!.lower).toBeCloseTo(without.interval!.lower!, 9)
  }
})

test('models of different rows cannot be compared', () => {
  expect(() => estimateDifference(rateOf([1, 0]), rateOf([1, 0, 1]))).toThrow(RangeError)
})

test('statistics of two forms can be compared all the same', () => {
  const hits = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? 0 : 1))
  const { value, interval, test: name } = estimateDifference(rateOf(hits), meanOf(hits.map((hit) => 0.9 * hit)))
  expect(value).toBeCloseTo(0.075, 12)
  expect(interval!.lower! < value && value < interval!.upper!).toBe(true)
  expect(name).toBe('paired-bootstrap')
})
