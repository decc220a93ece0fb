import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Predictions } from '../../core/predictor.ts'
import { valueOf } from '../../stats/estimate.ts'
import { score, type Scored } from '../scored.ts'
import { METRICS } from './catalogue.ts'
import type { MetricSettings } from './metric-kind.ts'
import { findMetric, readMetric } from './read-metric.ts'

type Expected = Readonly<Record<string, number | null>>
interface Case {
  readonly name: string
  /** Row weights in quarters. */
  readonly quarters: readonly number[]
  readonly metrics: Expected
  readonly weighted: Expected
}
interface ClassCase extends Case {
  readonly classes: readonly (string | number)[]
  readonly y: readonly number[]
  readonly thousandths?: readonly (readonly number[])[]
  readonly predicted?: readonly number[]
}
interface SetCase extends Case {
  readonly classes: readonly string[]
  readonly y: readonly (readonly number[])[]
  readonly predicted: readonly (readonly number[])[]
  readonly thousandths?: readonly (readonly number[])[]
}
interface ValueCase extends Case {
  /** In hundredths. */
  readonly y: readonly number[]
  readonly predicted: readonly number[]
}
interface RankingCase extends Case {
  readonly relevance: readonly (readonly number[])[]
  readonly scores: readonly (readonly number[])[]
}

// Made by test/golden/make-metrics.py with scikit-learn and SciPy.
const golden = JSON.parse(readFileSync(new URL('../../../test/golden/metrics.json', import.meta.url), 'utf8')) as {
  classification: ClassCase[]
  multilabel: SetCase[]
  regression: ValueCase[]
  ranking: RankingCase[]
}

/** What the metrics are off by, where they are: 1e-10, relative to values above 1. Null is "not measured". */
function differences(expected: Expected, scored: Scored, settings: MetricSettings = {}): object[] {
  const names = Object.keys(expected)
  expect(names.length).toBeGreaterThanOrEqual(9)
  return names.flatMap((name) => {
    const { readout } = readMetric(scored, name, settings)
    const value = 'statistic' in readout ? valueOf(readout.statistic, scored.design.weights) : Number.NaN
    const wanted = expected[name] ?? null
    const found = Number.isFinite(value) ? value : null
    if (wanted === null || found === null) return wanted === found ? [] : [{ name, wanted, found }]
    return Math.abs(found - wanted) <= 1e-10 * Math.max(1, Math.abs(wanted)) ? [] : [{ name, wanted, found }]
  })
}

const plain = (labels: Predictions['labels']): Predictions => ({
  rowCount: labels.length,
  labels,
  classes: null,
  probabilities: null,
})
const shares = (rows: readonly (readonly number[])[]): Float64Array =>
  Float64Array.from(rows.flat(), (thousandths) => thousandths / 1000)
const highest = (row: readonly number[]): number => row.indexOf(Math.max(...row))

/** Of the rows as they are, and weighted. */
function offBy(example: Case, scoreWith: (weights?: Float64Array) => Scored, settings?: MetricSettings): object[] {
  const weights = Float64Array.from(example.quarters, (quarters) => quarters / 4)
  return [
    ...differences(example.metrics, scoreWith(), settings),
    ...differences(example.weighted, scoreWith(weights), settings).map((difference) => ({ weighted: true, ...difference })),
  ]
}

test.each(golden.classification)('classification metrics equal scikit-learn: $name', (example) => {
  const { classes, y, thousandths, predicted } = example
  const costs = Object.fromEntries(
    classes.map((a, i) => [a, Object.fromEntries(classes.map((b, j) => [b, i === j ? 0 : 1 + ((3 * i + 5 * j) % 7)]))]),
  )
  const labels = (thousandths?.map(highest) ?? predicted!).map((k) => classes[k]!)
  const predictions = thousandths
    ? { rowCount: y.length, labels, classes, probabilities: shares(thousandths) }
    : { ...plain(labels), classes }
  const truth = y.map((k) => classes[k]!)
  const off = offBy(example, (weights) => score(truth, predictions, { task: 'classification', weights }), { costs })
  expect(off).toEqual([])
})

test.each(golden.multilabel)('multilabel metrics equal scikit-learn: $name', (example) => {
  const { classes, y, thousandths, predicted } = example
  const labels = Object.fromEntries(classes.map((name, k) => [name, y.map((row) => row[k]!)]))
  const predictions = {
    ...plain(y.map(() => '')),
    classes,
    probabilities: thousandths ? shares(thousandths) : null,
    indicators: Uint8Array.from(predicted.flat()),
  }
  expect(offBy(example, (weights) => score(labels, predictions, { weights }))).toEqual([])
})

test.each(golden.regression)('regression metrics equal scikit-learn: $name', (example) => {
  const [truth, predicted] = [example.y, example.predicted].map((values) => values.map((hundredths) => hundredths / 100))
  const off = offBy(example, (weights) => score(truth!, plain(predicted!), { task: 'regression', weights }))
  expect(off).toEqual([])
})

test.each(golden.ranking)('ranking metrics equal scikit-learn: $name', (example) => {
  const queries = example.relevance.flatMap((rows, query) => rows.map(() => query))
  const off = offBy(example, (weights) =>
    score(example.relevance.flat(), plain(example.scores.flat()), {
      queries,
      weights: weights && queries.map((query) => weights[query]!),
    }),
  )
  expect(off).toEqual([])
})

test('every metric of the catalogue has a golden value', () => {
  const seen = new Set(
    [golden.classification, golden.multilabel, golden.regression, golden.ranking]
      .flat()
      .flatMap(({ metrics }) => Object.entries(metrics))
      .flatMap(([name, value]) => (value === null ? [] : [findMetric(name).kind])),
  )
  expect(METRICS.filter((kind) => !seen.has(kind)).map(({ name }) => name)).toEqual([])
})
