import { functionOfMeansInterval } from '../../stats/function-of-means.ts'
import type { ScoredValues } from '../scored.ts'
import { unmeasured, type MetricDefinition } from './metric.ts'

/**
 * The metrics of a regression, equal to scikit-learn's, with one exception: R² of labels that are all the same is not measured,
 * where scikit-learn answers 0 or 1 by convention.
 */
export function valueMetrics(scored: ScoredValues): MetricDefinition[] {
  const { truth, predicted, rowCount: n } = scored
  const centre = truth.reduce((sum, y) => sum + y, 0) / n
  const errors = predicted.map((value, row) => value - truth[row]!)
  const squares = errors.map((error) => error * error)
  const deviations = truth.map((y) => y - centre)
  const missing = errors.filter((error) => !Number.isFinite(error)).length
  const constant = deviations.every((deviation) => Math.abs(deviation) <= Math.abs(centre) * 1e-12)

  const define = (
    name: string,
    title: string,
    terms: readonly Float64Array[],
    statistic: (means: Float64Array) => number,
    problem: string | null = null,
  ): MetricDefinition => ({
    name,
    title,
    measure: (options) => {
      if (missing > 0) {
        return unmeasured({ name, title, n }, 'error', `${missing} of ${n} predictions are missing, NaN or infinite`)
      }
      if (problem !== null) return unmeasured({ name, title, n }, 'error', problem)
      const means = Float64Array.from(terms, (term) => term.reduce((sum, x) => sum + x, 0) / n)
      return { name, title, n, value: statistic(means), interval: functionOfMeansInterval(terms, statistic, options) }
    },
  })

  return [
    define('mean-absolute-error', 'Mean absolute error', [errors.map(Math.abs)], (means) => means[0]!),
    define('root-mean-squared-error', 'Root mean squared error', [squares], (means) => Math.sqrt(means[0]!)),
    define(
      'r2',
      'R²',
      [squares, deviations, deviations.map((d) => d * d)],
      (means) => 1 - means[0]! / (means[2]! - means[1]! ** 2),
      constant ? 'every row has the same label, and R² compares with the spread of the labels' : null,
    ),
  ]
}
