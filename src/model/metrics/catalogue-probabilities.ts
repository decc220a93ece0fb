import type { ScoredClasses } from '../scored.ts'
import { calibrationError } from './calibration-error.ts'
import { always, defineKind } from './define-kind.ts'
import type { MetricKind } from './metric-kind.ts'
import { mean } from './set-scores.ts'
import { INTERVALS } from './interval-words.ts'

/** scikit-learn clips at the smallest step of a 64-bit number. */
const EPSILON = Number.EPSILON

const REFUSED =
  'Scores below 0 or above 1, or rows that do not sum to 1 within 0.001, are an error; scikit-learn only warns of the sum.'

/** Metrics of probabilities. */
export const PROBABILITY_METRICS: readonly MetricKind[] = [
  defineKind({
    name: 'log-loss',
    title: 'Log loss',
    summary: 'Mean of −ln of the probability given to the true class.',
    good: 'low',
    reads: 'probabilities',
    interval: INTERVALS.means,
    reference: 'sklearn.metrics.log_loss',
    differs: REFUSED,
    shown: { classification: always },
    of: { classification: (scored) => ({ title: 'Log loss', statistic: mean(logLosses(scored), [0, -Math.log(EPSILON)]) }) },
  }),
  defineKind({
    name: 'brier-score',
    title: 'Brier score',
    summary:
      'Mean squared distance between probabilities and truth, summed over the classes; halved for two, so that it is that of the positive class.',
    good: 'low',
    reads: 'probabilities',
    interval: INTERVALS.means,
    reference: 'sklearn.metrics.brier_score_loss',
    differs: REFUSED,
    shown: { classification: always },
    of: {
      classification: (scored) => ({
        title: 'Brier score',
        statistic: mean(squaredErrors(scored), [0, scored.classes.length === 2 ? 1 : 2]),
      }),
    },
  }),
  calibrationError,
]

/** −ln of the probability of the true class, per row. */
function logLosses({ truth, rowCount, classes, probabilities }: ScoredClasses): Float64Array {
  const losses = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const p = probabilities![row * classes.length + truth[row]!]!
    losses[row] = -Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, p)))
  }
  return losses
}

/** Brier's squared distance between probabilities and truth, per row. */
function squaredErrors({ truth, rowCount, classes, probabilities }: ScoredClasses): Float64Array {
  const width = classes.length
  const errors = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    let sum = 0
    for (let k = 0; k < width; k++) sum += (probabilities![row * width + k]! - (truth[row] === k ? 1 : 0)) ** 2
    errors[row] = width === 2 ? sum / 2 : sum
  }
  return errors
}
