import { seededRandom } from './random.ts'
import type { Scale } from './scale.ts'

/** An estimate with its standard error. */
export interface Measured {
  readonly value: number
  readonly standardError: number
}

/** One less than a round number, so that the usual tails fall on replicates. */
export const REPLICATES = 999

/**
 * The distribution of the studentised estimate, T = (estimate − truth) / its standard error, by the bootstrap (Efron 1981; Hall,
 * "Theoretical comparison of bootstrap confidence intervals", Annals of Statistics 16 (1988)): sorted replicates of T on a scale.
 * The standard error is taken anew in each replicate, which is what follows the skewness of losses where quantiles of the
 * replicates themselves do not. Null when more than 1 in 100 replicates have no value.
 *
 * @param of the estimate when each unit is there `times` over
 */
export function studentizedReplicates(
  estimate: number,
  units: number,
  scale: Scale,
  of: (times: Float64Array) => Measured,
  seed: number,
  replicates = REPLICATES,
): Float64Array | null {
  const random = seededRandom(seed)
  const times = new Float64Array(units)
  const place = scale.to(estimate)
  const studentized = Float64Array.from({ length: replicates }, () => {
    times.fill(0)
    for (let i = 0; i < units; i++) times[random.integer(units)]!++
    const { value, standardError } = of(times)
    const distance = scale.to(value) - place
    if (!Number.isFinite(distance)) return distance
    // A draw of units that are all alike has no error of its own: it is as far out as anything can be.
    return standardError > 0 ? distance / (scale.slope(value) * standardError) : Math.sign(distance) * Infinity
  }).filter((t) => !Number.isNaN(t))
  return studentized.length < 0.99 * replicates ? null : studentized.toSorted()
}

/** The order statistic that leaves this share of future draws below (Hyndman and Fan, type 6), which suits few replicates. */
export function replicateQuantile(sorted: Float64Array, p: number): number {
  const position = Math.min(sorted.length, Math.max(1, (sorted.length + 1) * p)) - 1
  const below = Math.floor(position + 1e-9)
  const share = Math.max(0, position - below)
  const low = sorted[below]!
  return share === 0 ? low : low + share * (sorted[Math.min(below + 1, sorted.length - 1)]! - low)
}
