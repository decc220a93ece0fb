import type { ScoredValues } from '../scored.ts'
import { always, defineKind, failed } from './define-kind.ts'
import type { MetricKind, Readout } from './metric-kind.ts'
import { mean } from './set-scores.ts'

const ofRows = (scored: ScoredValues, at: (truth: number, predicted: number) => number): Float64Array =>
  scored.truth.map((truth, row) => at(truth, scored.predicted[row]!))

const MEANS = 'function of row means'
const POSITIVE = [0, Infinity] as const

/** Metrics of values. */
export const VALUE_METRICS: readonly MetricKind[] = [
  defineKind({
    name: 'mean-absolute-error',
    title: 'Mean absolute error',
    summary: 'Mean of |prediction − label|.',
    good: 'low',
    interval: MEANS,
    reference: 'sklearn.metrics.mean_absolute_error',
    shown: { regression: always },
    of: {
      regression: (scored) => ({
        title: 'Mean absolute error',
        statistic: mean(
          ofRows(scored, (truth, predicted) => Math.abs(predicted - truth)),
          POSITIVE,
        ),
      }),
    },
  }),
  defineKind({
    name: 'root-mean-squared-error',
    title: 'Root mean squared error',
    summary: 'Square root of the mean of (prediction − label)².',
    good: 'low',
    interval: MEANS,
    reference: 'sklearn.metrics.root_mean_squared_error',
    shown: { regression: always },
    of: {
      regression: (scored) => ({
        title: 'Root mean squared error',
        statistic: {
          kind: 'means',
          terms: [ofRows(scored, (truth, predicted) => (predicted - truth) ** 2)],
          at: (means) => Math.sqrt(means[0]!),
          range: POSITIVE,
        },
      }),
    },
  }),
  defineKind({
    name: 'r2',
    title: 'R²',
    summary: '1 − mean squared error / variance of the labels.',
    good: 'high',
    interval: MEANS,
    reference: 'sklearn.metrics.r2_score',
    shown: { regression: always },
    of: { regression: determination },
  }),
]

/** R² of labels that are all the same is not measured, where scikit-learn answers 0 or 1 by convention. */
function determination(scored: ScoredValues): Readout {
  const { truth } = scored
  const centre = truth.reduce((sum, y) => sum + y, 0) / truth.length
  const deviations = truth.map((y) => y - centre)
  if (deviations.every((deviation) => Math.abs(deviation) <= Math.abs(centre) * 1e-12)) {
    return failed('R²', 'every row has the same label, and R² compares with the spread of the labels')
  }
  const squares = ofRows(scored, (y, predicted) => (predicted - y) ** 2)
  return {
    title: 'R²',
    statistic: {
      kind: 'means',
      terms: [squares, deviations, deviations.map((d) => d * d)],
      at: (means) => 1 - means[0]! / (means[2]! - means[1]! ** 2),
      range: [-Infinity, 1],
    },
  }
}
