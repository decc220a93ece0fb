import type { Interval } from '../core/check.ts'
import { normalCdf, normalQuantile } from './normal.ts'

/** The quantile of sorted values by linear interpolation (Hyndman and Fan, type 7, as NumPy does). */
export function sortedQuantile(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, p))
  const below = Math.floor(position)
  const low = sorted[below]!
  return low + (sorted[Math.min(below + 1, sorted.length - 1)]! - low) * (position - below)
}

/**
 * An interval out of bootstrap replicates of an estimate.
 *
 * - `percentile`: their quantiles.
 * - `bc`: bias-corrected (Efron, "Better bootstrap confidence intervals", JASA 82 (1987)).
 *
 * It always holds the estimate. Null when fewer than 99 in 100 replicates are defined: the rest would be a biased choice.
 */
export function replicatesInterval(options: {
  readonly estimate: number
  readonly replicates: Float64Array
  readonly confidence: number
  readonly method: 'percentile' | 'bc'
}): Interval | null {
  const { estimate, confidence, method } = options
  const replicates = options.replicates.filter(Number.isFinite).toSorted()
  if (!Number.isFinite(estimate) || replicates.length < 0.99 * options.replicates.length || replicates.length < 2) return null
  const tail = (1 - confidence) / 2
  let probabilities = [tail, 1 - tail]
  if (method !== 'percentile') {
    const shift = medianBias(replicates, estimate)
    probabilities = probabilities.map((p) => normalCdf(2 * shift + normalQuantile(p)))
  }
  const [low, high] = probabilities.map((p) => sortedQuantile(replicates, p))
  return { lower: Math.min(low!, estimate), upper: Math.max(high!, estimate), confidence, method: `bootstrap-${method}` }
}

/** z₀ of Efron: the normal quantile of the share of replicates below the estimate, ties counted half. */
function medianBias(sorted: Float64Array, estimate: number): number {
  let below = 0
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0
  const edge = 0.5 / sorted.length
  return normalQuantile(Math.min(1 - edge, Math.max(edge, below / sorted.length)))
}
