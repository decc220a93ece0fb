import type { Interval } from '../core/check.ts'
import { bayesianReplicates } from './bayesian-cells.ts'
import { replicatesInterval } from './replicates.ts'

export interface CountsOptions {
  /** Default 0.95. */
  readonly confidence?: number
  readonly seed?: number
  /** Correct the median bias, for statistics such as a mean of absolute deviations that sampling noise pushes one way. */
  readonly correctBias?: boolean
}

/**
 * The interval of a statistic of multinomial counts, such as a macro F1 of a confusion matrix: a Bayesian bootstrap whose cost does
 * not depend on the number of rows. Null without counts.
 */
export function functionOfCountsInterval(
  counts: Float64Array,
  statistic: (shares: Float64Array) => number,
  { confidence = 0.95, seed = 1, correctBias = false }: CountsOptions = {},
): Interval | null {
  const seen: number[] = []
  const unseen: number[] = []
  for (const [cell, count] of counts.entries()) (count > 0 ? seen : unseen).push(cell)
  if (seen.length === 0) return null
  const all = new Float64Array(counts.length)
  const replicates = bayesianReplicates(
    {
      counts: Float64Array.from(seen, (cell) => counts[cell]!),
      size: counts.length,
      at: (shares, rest, random) => {
        all.fill(0)
        for (const [i, cell] of seen.entries()) all[cell] = shares[i]!
        if (unseen.length > 0) all[unseen[random.integer(unseen.length)]!] = rest
        return statistic(all)
      },
    },
    seed,
  )
  const interval = replicatesInterval({
    estimate: statistic(counts),
    replicates,
    confidence,
    method: correctBias ? 'bc' : 'percentile',
  })
  return interval && { ...interval, method: correctBias ? 'bayesian-bootstrap-bc' : 'bayesian-bootstrap' }
}
