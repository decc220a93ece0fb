import type { ScoredValues } from '../scored.ts'
import { always, defineKind, failed } from './define-kind.ts'
import type { MetricKind, Readout } from './metric-kind.ts'
import { mean } from './set-scores.ts'
import { spearman } from './spearman.ts'
import { INTERVALS } from './interval-words.ts'

const POSITIVE = [0, Infinity] as const

interface Loss {
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly reference: string
  readonly differs?: string
  readonly shown?: () => boolean
  readonly of: (truth: number, predicted: number) => number
  /** The square root of the mean, in the unit of the labels. */
  readonly root?: boolean
  /** Why these rows have no such loss. */
  readonly problem?: (scored: ScoredValues) => string | null
}

/** The mean of a loss of each row, or the root of it. */
function loss({ name, title, summary, reference, differs, shown, of, root, problem }: Loss): MetricKind {
  const read = (scored: ScoredValues): Readout => {
    const reason = problem?.(scored) ?? null
    if (reason !== null) return failed(title, reason)
    const losses = ofRows(scored, of)
    if (root !== true) return { title, statistic: mean(losses, POSITIVE) }
    return { title, statistic: { kind: 'means', terms: [losses], at: (means) => Math.sqrt(means[0]!), range: POSITIVE } }
  }
  return defineKind({
    name,
    title,
    summary,
    good: 'low',
    interval: INTERVALS.means,
    reference,
    ...(differs !== undefined && { differs }),
    shown: shown ? { regression: shown } : {},
    of: { regression: read },
  })
}

const ofRows = ({ truth, predicted }: ScoredValues, at: (truth: number, predicted: number) => number): Float64Array =>
  truth.map((value, row) => at(value, predicted[row]!))

const LOSSES: readonly MetricKind[] = [
  loss({
    name: 'mean-absolute-error',
    title: 'Mean absolute error',
    summary: 'Mean of |prediction − label|.',
    reference: 'sklearn.metrics.mean_absolute_error',
    shown: always,
    of: (truth, predicted) => Math.abs(predicted - truth),
  }),
  loss({
    name: 'mean-squared-error',
    title: 'Mean squared error',
    summary: 'Mean of (prediction − label)².',
    reference: 'sklearn.metrics.mean_squared_error',
    of: (truth, predicted) => (predicted - truth) ** 2,
  }),
  loss({
    name: 'root-mean-squared-error',
    title: 'Root mean squared error',
    summary: 'Square root of the mean of (prediction − label)².',
    reference: 'sklearn.metrics.root_mean_squared_error',
    shown: always,
    of: (truth, predicted) => (predicted - truth) ** 2,
    root: true,
  }),
  loss({
    name: 'root-mean-squared-log-error',
    title: 'Root mean squared log error',
    summary: 'Square root of the mean of (ln(1 + prediction) − ln(1 + label))².',
    reference: 'sklearn.metrics.root_mean_squared_log_error',
    of: (truth, predicted) => (Math.log1p(predicted) - Math.log1p(truth)) ** 2,
    root: true,
    problem: ({ truth, predicted }) => {
      const bad = truth.findIndex((value, row) => value <= -1 || predicted[row]! <= -1)
      return bad === -1 ? null : `row ${bad + 1} has a label or a prediction of −1 or less, which has no such logarithm`
    },
  }),
  loss({
    name: 'mean-absolute-percentage-error',
    title: 'Mean absolute percentage error',
    summary: 'Mean of |prediction − label| / |label|, as a share and not in percent; a label of 0 counts as 2⁻⁵².',
    reference: 'sklearn.metrics.mean_absolute_percentage_error',
    of: (truth, predicted) => Math.abs(predicted - truth) / Math.max(Math.abs(truth), Number.EPSILON),
  }),
]

const pinball = defineKind({
  name: 'pinball-loss',
  title: 'Pinball loss',
  summary:
    'Mean of α (label − prediction) where the label is higher and (1 − α) (prediction − label) where it is lower: what a prediction of the α quantile is to keep small.',
  good: 'low',
  parameter: {
    name: 'alpha',
    default: null,
    allowed: 'a number between 0 and 1, the quantile that is predicted',
    isAllowed: (value) => value > 0 && value < 1,
  },
  interval: INTERVALS.means,
  reference: 'sklearn.metrics.mean_pinball_loss',
  of: {
    regression: (scored, alpha) => ({
      title: `Pinball loss at ${alpha}`,
      statistic: mean(
        ofRows(scored, (truth, predicted) => {
          const rest = truth - predicted
          return rest >= 0 ? alpha * rest : (alpha - 1) * rest
        }),
        POSITIVE,
      ),
    }),
  },
})

const CONSTANT = 'Labels that are all the same leave nothing measured, where scikit-learn answers 0 or 1 by convention.'

const EXPLAINED: readonly MetricKind[] = [
  defineKind({
    name: 'r2',
    title: 'R²',
    summary: '1 − mean squared error / variance of the labels.',
    good: 'high',
    interval: INTERVALS.means,
    reference: 'sklearn.metrics.r2_score',
    differs: CONSTANT,
    shown: { regression: always },
    of: { regression: (scored) => explained(scored, 'R²', false) },
  }),
  defineKind({
    name: 'explained-variance',
    title: 'Explained variance',
    summary: '1 − variance of the errors / variance of the labels: R² of predictions that are not off on the whole.',
    good: 'high',
    interval: INTERVALS.means,
    reference: 'sklearn.metrics.explained_variance_score',
    differs: CONSTANT,
    of: { regression: (scored) => explained(scored, 'Explained variance', true) },
  }),
  defineKind({
    name: 'spearman',
    title: "Spearman's correlation",
    summary: 'Correlation of the ranks of labels and predictions, ties given their mean rank.',
    good: 'high',
    interval: INTERVALS.rows,
    reference: 'scipy.stats.spearmanr',
    differs: 'Takes row weights: a row takes up as many ranks as it weighs.',
    of: { regression: spearman },
  }),
]

/** How much of the spread of the labels the predictions leave, about zero error or about the mean error. */
function explained(scored: ScoredValues, title: string, aboutMean: boolean): Readout {
  const { truth } = scored
  const centre = truth.reduce((sum, y) => sum + y, 0) / truth.length
  const deviations = truth.map((y) => y - centre)
  if (deviations.every((deviation) => Math.abs(deviation) <= Math.abs(centre) * 1e-12)) {
    return failed(title, `every row has the same label, and ${title} compares with the spread of the labels`)
  }
  const errors = ofRows(scored, (y, predicted) => predicted - y)
  const offset = aboutMean ? errors.reduce((sum, error) => sum + error, 0) / errors.length : 0
  const centred = errors.map((error) => error - offset)
  return {
    title,
    statistic: {
      kind: 'means',
      terms: [centred.map((e) => e * e), centred, deviations.map((d) => d * d), deviations],
      at: ([squares, error, spread, deviation]) => 1 - (squares! - (aboutMean ? error! ** 2 : 0)) / (spread! - deviation! ** 2),
      range: [-Infinity, 1],
    },
  }
}

/** Metrics of values. */
export const VALUE_METRICS: readonly MetricKind[] = [...LOSSES, pinball, ...EXPLAINED]
