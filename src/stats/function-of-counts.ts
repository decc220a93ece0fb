import type { Interval } from '../core/check.ts'
import { seededRandom } from './random.ts'
import { replicatesInterval } from './replicates.ts'

/** Bounds the work of a statistic that reads every cell. */
const CELL_VISITS = 2e8

export interface CountsOptions {
  /** Default 0.95. */
  readonly confidence?: number
  readonly seed?: number
  /** Correct the median bias, for statistics such as a mean of absolute deviations that sampling noise pushes one way. */
  readonly correctBias?: boolean
}

/**
 * The interval of a statistic of multinomial counts, such as a macro F1 of a confusion matrix: a bootstrap whose cost does
 * not depend on the number of rows.
 *
 * Each replicate draws the cells' shares from their Dirichlet posterior (Rubin, "The Bayesian bootstrap", 1981). The prior has the
 * weight of one row spread over all cells (Perks 1947), so that a cell not seen yet stays possible: ten right answers in ten give an
 * interval, where the plain multinomial bootstrap gives a point. What the unseen cells have together goes to one of them, since that
 * is what a Dirichlet with such small parameters nearly always does. Null without counts.
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
  const prior = 1 / counts.length
  const random = seededRandom(seed)
  const replicateCount = Math.round(Math.min(2000, Math.max(200, CELL_VISITS / counts.length)))
  const shares = new Float64Array(counts.length)
  const replicates = Float64Array.from({ length: replicateCount }, () => {
    shares.fill(0)
    let total = 0
    for (const cell of seen) total += shares[cell] = random.gamma(counts[cell]! + prior)
    if (unseen.length > 0) {
      const cell = unseen[random.integer(unseen.length)]!
      total += shares[cell] = random.gamma(unseen.length * prior)
    }
    for (let cell = 0; cell < shares.length; cell++) shares[cell]! /= total
    return statistic(shares)
  })
  const interval = replicatesInterval({
    estimate: statistic(counts),
    replicates,
    confidence,
    method: correctBias ? 'bc' : 'percentile',
  })
  return interval && { ...interval, method: correctBias ? 'bayesian-bootstrap-bc' : 'bayesian-bootstrap' }
}
