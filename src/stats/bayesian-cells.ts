import { seededRandom, type Random } from './random.ts'

/** Bounds the work of a statistic that reads every cell. */
const CELL_VISITS = 2e8

/** Cells as a bootstrap sees them: those that were seen, with their counts, and how many more there could have been. */
export interface CellDraw {
  readonly counts: Float64Array
  /** Of all cells, seen or not. */
  readonly size: number
  /** The statistic of the shares of the seen cells, with the rest of the mass on one cell that was not seen. */
  readonly at: (shares: Float64Array, unseenShare: number, random: Random) => number
}

/**
 * Replicates of a statistic of cells: each draws the shares of the cells from their Dirichlet posterior (Rubin, "The Bayesian
 * bootstrap", 1981). The prior has the weight of one row spread over all cells (Perks 1947), so that a cell not seen yet stays possible:
 * ten right answers in ten give an interval, where the plain multinomial bootstrap gives a point. What the unseen cells have
 * together goes to one of them, since that is what a Dirichlet with such small parameters nearly always does.
 */
export function bayesianReplicates({ counts, size, at }: CellDraw, seed: number, most = 999): Float64Array {
  const random = seededRandom(seed)
  const prior = 1 / size
  const unseen = size - counts.length
  const replicateCount = Math.round(Math.min(most, Math.max(200, CELL_VISITS / size)))
  const shares = new Float64Array(counts.length)
  return Float64Array.from({ length: replicateCount }, () => {
    let total = 0
    for (let cell = 0; cell < counts.length; cell++) total += shares[cell] = random.gamma(counts[cell]! + prior)
    const rest = unseen > 0 ? random.gamma(unseen * prior) : 0
    total += rest
    for (let cell = 0; cell < counts.length; cell++) shares[cell]! /= total
    return at(shares, rest / total, random)
  })
}
