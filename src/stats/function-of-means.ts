import type { Interval } from '../core/check.ts'
import { estimateMeans } from './estimate-means.ts'
import { SIMPLE_SAMPLE } from './statistic.ts'

export interface MeansOptions {
  /** Default 0.95. */
  readonly confidence?: number
  readonly seed?: number
}

/**
 * The interval of a statistic that is a smooth function of row means: a mean loss, √ of a mean square, R², a standard deviation.
 * `terms` has one array per mean, all of the same length; `statistic` maps the means to the value. Null when the rows say nothing of
 * the spread: fewer than two, or all alike. `estimate` does the same with a range, weights and clusters.
 */
export function functionOfMeansInterval(
  terms: readonly Float64Array[],
  statistic: (means: Float64Array) => number,
  { confidence = 0.95, seed = 1 }: MeansOptions = {},
): Interval | null {
  return estimateMeans({ kind: 'means', terms, at: statistic }, SIMPLE_SAMPLE, { confidence, seed }).interval
}
