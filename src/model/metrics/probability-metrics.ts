import { functionOfMeansInterval } from '../../stats/function-of-means.ts'
import type { ScoredClasses } from '../scored.ts'
import { calibrationError } from './calibration-error.ts'
import { unmeasured, type Metric, type MetricDefinition, type MetricOptions } from './metric.ts'
import { areaUnderRoc } from './roc-auc-metric.ts'

/** scikit-learn clips at the smallest step of a 64-bit number. */
const EPSILON = Number.EPSILON
/** How far the probabilities of a row may be from summing to 1: 32-bit models round. */
const SUM_TOLERANCE = 1e-3

/** The metrics that need probabilities; all are skipped, with the reason, for a model that gives labels alone. */
export function probabilityMetrics(scored: ScoredClasses): MetricDefinition[] {
  const scores = (): Float64Array => scored.probabilities!
  return [
    define(scored, 'roc-auc', 'ROC AUC', unusableScores, (options) => areaUnderRoc(scored, scores(), options)),
    define(scored, 'log-loss', 'Log loss', unusableProbabilities, (options) => meanOf(logLosses(scored, scores()), options)),
    define(scored, 'brier-score', 'Brier score', unusableProbabilities, (options) =>
      meanOf(squaredErrors(scored, scores()), options),
    ),
    define(scored, 'calibration-error', 'Expected calibration error', unusableProbabilities, (options) =>
      calibrationError(scored, scores(), options),
    ),
  ]
}

type Measured = Omit<Metric, 'name' | 'title'>

function define(
  scored: ScoredClasses,
  name: string,
  title: string,
  problem: (scored: ScoredClasses) => string | null,
  measure: (options: MetricOptions) => Measured,
): MetricDefinition {
  return {
    name,
    title,
    measure: (options) => {
      const about = { name, title, n: scored.rowCount }
      if (scored.probabilities === null) return unmeasured(about, 'skip', 'the model gives no probabilities')
      const reason = problem(scored)
      return reason === null ? { ...measure(options), name, title } : unmeasured(about, 'error', reason)
    },
  }
}

/** Any finite scores rank rows, so AUC asks no more of them. */
function unusableScores({ probabilities, rowCount, classes }: ScoredClasses): string | null {
  const width = classes.length
  const bad = countRows(rowCount, (row) =>
    probabilities!.subarray(row * width, (row + 1) * width).some((p) => !Number.isFinite(p)),
  )
  return bad > 0 ? `${bad} of ${rowCount} rows have probabilities that are NaN or infinite` : null
}

function unusableProbabilities(scored: ScoredClasses): string | null {
  const { probabilities, rowCount, classes, unknown } = scored
  const unusable = unusableScores(scored)
  if (unusable !== null) return unusable
  if (unknown.length > 0) return `the model gives no probability for the class "${unknown[0]}" of the data`
  const width = classes.length
  const bad = countRows(rowCount, (row) => {
    const ofRow = probabilities!.subarray(row * width, (row + 1) * width)
    return ofRow.some((p) => p < 0 || p > 1) || Math.abs(ofRow.reduce((sum, p) => sum + p, 0) - 1) > SUM_TOLERANCE
  })
  return bad > 0 ? `${bad} of ${rowCount} rows have scores that are not probabilities: outside 0 to 1, or not summing to 1` : null
}

function countRows(rows: number, is: (row: number) => boolean): number {
  let count = 0
  for (let row = 0; row < rows; row++) if (is(row)) count++
  return count
}

/** −ln of the probability of the true class, per row. */
export function logLosses({ truth, rowCount, classes }: ScoredClasses, probabilities: Float64Array): Float64Array {
  const losses = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const p = probabilities[row * classes.length + truth[row]!]!
    losses[row] = -Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, p)))
  }
  return losses
}

/** Brier's squared distance between probabilities and truth, per row; for two classes that of the positive one, as scikit-learn has it. */
function squaredErrors({ truth, rowCount, classes }: ScoredClasses, probabilities: Float64Array): Float64Array {
  const width = classes.length
  const errors = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    let sum = 0
    for (let k = 0; k < width; k++) sum += (probabilities[row * width + k]! - (truth[row] === k ? 1 : 0)) ** 2
    errors[row] = width === 2 ? sum / 2 : sum
  }
  return errors
}

function meanOf(values: Float64Array, options: MetricOptions): Measured {
  return {
    value: values.reduce((sum, x) => sum + x, 0) / values.length,
    interval: functionOfMeansInterval([values], (means) => means[0]!, options),
    n: values.length,
  }
}
