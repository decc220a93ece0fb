import { ANSWER_METRICS } from './catalogue-answers.ts'
import { PROBABILITY_METRICS } from './catalogue-probabilities.ts'
import { RANKING_METRICS } from './catalogue-ranking.ts'
import { RANK_METRICS } from './catalogue-ranks.ts'
import { SCORE_METRICS } from './catalogue-scores.ts'
import { VALUE_METRICS } from './catalogue-values.ts'
import type { MetricKind } from './metric-kind.ts'

/** Every metric there is, in the order of a report. */
export const METRICS: readonly MetricKind[] = [
  ...ANSWER_METRICS,
  ...SCORE_METRICS,
  ...RANK_METRICS,
  ...PROBABILITY_METRICS,
  ...VALUE_METRICS,
  ...RANKING_METRICS,
]

/** Other names that the field has for some. */
export const METRIC_ALIASES: ReadonlyMap<string, string> = new Map([
  ['auc', 'roc-auc'],
  ['brier', 'brier-score'],
  ['ece', 'calibration-error'],
  ['kappa', 'cohen-kappa'],
  ['logloss', 'log-loss'],
  ['lrap', 'label-ranking-average-precision'],
  ['mae', 'mean-absolute-error'],
  ['mape', 'mean-absolute-percentage-error'],
  ['mse', 'mean-squared-error'],
  ['pr-auc', 'average-precision'],
  ['rmse', 'root-mean-squared-error'],
  ['rmsle', 'root-mean-squared-log-error'],
  ['roc-auc-ovr', 'roc-auc'],
])
