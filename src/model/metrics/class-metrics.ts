import type { Interval } from '../../core/check.ts'
import { functionOfCountsInterval } from '../../stats/function-of-counts.ts'
import { wilson } from '../../stats/proportion.ts'
import type { ScoredClasses } from '../scored.ts'
import {
  accuracyOf,
  averageScore,
  balancedAccuracyOf,
  classScore,
  columnSum,
  compact,
  confusionMatrix,
  rowSum,
  type ClassScore,
  type ConfusionMatrix,
} from './confusion-matrix.ts'
import { unmeasured, type Metric, type MetricDefinition, type MetricOptions } from './metric.ts'

const SCORES = ['precision', 'recall', 'f1'] as const
const TITLES: Readonly<Record<ClassScore, string>> = { precision: 'Precision', recall: 'Recall', f1: 'F1' }

/**
 * The metrics that a confusion matrix gives, equal to scikit-learn's. Rates carry Wilson's interval; averages a bootstrap
 * from the counts. None is measured while a prediction is missing.
 */
export function classMetrics(scored: ScoredClasses): MetricDefinition[] {
  const matrix = compact(confusionMatrix(scored))
  const positive = scored.classes.length === 2 && scored.positive !== null ? scored.classes[scored.positive]! : null
  const metrics: MetricDefinition[] = [
    { name: 'accuracy', title: 'Accuracy', measure: (options) => accuracy(matrix, options) },
    { name: 'balanced-accuracy', title: 'Balanced accuracy', measure: (options) => balancedAccuracy(matrix, options) },
  ]
  if (positive !== null) {
    for (const kind of SCORES) {
      const title = `${TITLES[kind]} of "${positive}"`
      metrics.push({ name: kind, title, measure: (options) => ({ ...ofPositive(matrix, positive, kind, options), title }) })
    }
  }
  for (const average of ['macro', 'weighted'] as const) {
    for (const kind of SCORES) {
      const name = `${kind}-${average}`
      const title = `${average === 'macro' ? 'Macro' : 'Weighted'} ${kind === 'f1' ? 'F1' : kind}`
      metrics.push({ name, title, measure: (options) => ({ ...averaged(matrix, kind, average, options), name, title }) })
    }
  }
  const missing = scored.predicted.filter((guess) => guess < 0).length
  if (missing === 0) return metrics
  const reason = `${missing} of ${scored.rowCount} predictions are missing or NaN`
  return metrics.map(({ name, title }) => ({
    name,
    title,
    measure: () => unmeasured({ name, title, n: scored.rowCount }, 'error', reason),
  }))
}

function accuracy({ counts, classes, total }: ConfusionMatrix, { confidence }: MetricOptions): Metric {
  const value = accuracyOf(counts, classes.length)
  const interval = total > 0 ? wilson(Math.round(value * total), total, confidence) : null
  return { name: 'accuracy', title: 'Accuracy', value, interval, n: total }
}

function balancedAccuracy({ counts, classes, total }: ConfusionMatrix, options: MetricOptions): Metric {
  const present = classes.flatMap((_name, k) => (rowSum(counts, classes.length, k) > 0 ? [k] : []))
  const statistic = (cells: Float64Array): number => balancedAccuracyOf(cells, classes.length, present)
  return {
    name: 'balanced-accuracy',
    title: 'Balanced accuracy',
    value: statistic(counts),
    interval: functionOfCountsInterval(counts, statistic, options),
    n: total,
    ...(present.length === 1 && { note: 'every row has the same label' }),
  }
}

/**
 * Precision, recall or F1 of the positive class. F1 = 2J / (1 + J) with J = TP / (TP + FP + FN), a proportion of the rows
 * that are positive in truth or by prediction, so Wilson's interval of J gives that of F1 without a simulation.
 */
function ofPositive(
  { classes, counts }: ConfusionMatrix,
  positive: string,
  kind: ClassScore,
  { confidence }: MetricOptions,
): Omit<Metric, 'title'> {
  const size = classes.length
  const k = classes.indexOf(positive)
  const [hits, truths, guesses] =
    k === -1 ? [0, 0, 0] : [counts[k * size + k]!, rowSum(counts, size, k), columnSum(counts, size, k)]
  const n = { precision: guesses, recall: truths, f1: truths + guesses - hits }[kind]
  const rate = wilson(hits, n, confidence)
  const nothing = { precision: 'predicted', recall: 'labelled', f1: 'labelled or predicted' }[kind]
  return {
    name: kind,
    value: n === 0 ? 0 : classScore(counts, size, k, kind),
    interval: kind === 'f1' ? { ...rate, lower: toF1(rate.lower), upper: toF1(rate.upper) } : rate,
    n,
    ...(n === 0 && { note: `no row is ${nothing} "${positive}"; 0 by convention, as in scikit-learn` }),
  }
}

const toF1 = (jaccard: number): number => (2 * jaccard) / (1 + jaccard)

function averaged(
  matrix: ConfusionMatrix,
  kind: ClassScore,
  average: 'macro' | 'weighted',
  options: MetricOptions,
): Omit<Metric, 'name' | 'title'> {
  const { counts, classes, total } = matrix
  const statistic = (cells: Float64Array): number => averageScore(cells, classes.length, kind, average)
  // Weighted recall is accuracy, so it gets accuracy's exact treatment.
  const interval: Interval | null =
    kind === 'recall' && average === 'weighted'
      ? accuracy(matrix, options).interval
      : functionOfCountsInterval(counts, statistic, options)
  return { value: statistic(counts), interval, n: total }
}
