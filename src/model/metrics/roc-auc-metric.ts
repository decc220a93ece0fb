import { aucInterval, rocAuc } from '../../stats/roc-auc.ts'
import type { ScoredClasses } from '../scored.ts'
import type { Metric, MetricOptions } from './metric.ts'

/**
 * ROC AUC of the positive class; with more classes the macro average of each against the rest. The variance of the average
 * comes from the rows' summed influence, which is DeLong's variance when there is one curve.
 */
export function areaUnderRoc(
  scored: ScoredClasses,
  probabilities: Float64Array,
  { confidence }: MetricOptions,
): Omit<Metric, 'name' | 'title'> {
  const { classes, rowCount, truth, positive } = scored
  const width = classes.length
  const curveOf = (k: number): ReturnType<typeof rocAuc> =>
    rocAuc(
      Float64Array.from({ length: rowCount }, (_, row) => probabilities[row * width + k]!),
      (row) => truth[row] === k,
    )
  const curves = (width === 2 && positive !== null ? [positive] : classes.map((_name, k) => k)).map(curveOf)
  const absent = curves.indexOf(null)
  if (absent !== -1) {
    const distinct = new Set(truth)
    const reason =
      distinct.size === 1
        ? `every row has the label "${classes[truth[0]!]}", and a ROC curve needs two classes`
        : `no row has the label "${classes[absent]}"`
    return { value: null, interval: null, n: rowCount, problem: { verdict: 'error', reason } }
  }
  const measured = curves.map((curve) => curve!)
  if (measured.length === 1) return { value: measured[0]!.auc, interval: aucInterval(measured[0]!, confidence), n: rowCount }

  const value = measured.reduce((sum, { auc }) => sum + auc, 0) / measured.length
  let variance = 0
  for (let row = 0; row < rowCount; row++) {
    const influence = measured.reduce((sum, curve) => sum + curve.influence[row]!, 0) / measured.length
    variance += influence ** 2
  }
  const positives = Math.min(...measured.map((curve) => curve.positives))
  return {
    value,
    interval: aucInterval({ auc: value, variance, positives, negatives: rowCount - positives }, confidence),
    n: rowCount,
  }
}
