import { chiSquaredSf } from './incomplete-gamma.ts'
import { total } from './two-sample-counts.ts'

/** A cell with a smaller expected count in either sample is pooled with others (Cochran 1954). */
const SMALLEST_EXPECTED = 5

/** The same categories counted in two samples, sparse ones together. */
export interface PooledCells {
  readonly reference: Float64Array
  readonly current: Float64Array
  /** How many categories were put together because each alone is sparse. */
  readonly pooled: number
}

/**
 * Puts categories with an expected count below 5 in either sample into one cell; when that cell is sparse itself, the smallest
 * of the others joins it. What is pooled depends on both samples together and never on which of them a row is in, so the test that
 * follows keeps its error rate.
 */
export function poolSparse(reference: Float64Array, current: Float64Array): PooledCells {
  const [n, m] = [total(reference), total(current)]
  const least = (SMALLEST_EXPECTED * (n + m)) / Math.min(n, m)
  const both = reference.map((count, i) => count + current[i]!)
  const order = [...both.keys()].filter((i) => both[i]! > 0).toSorted((a, b) => both[a]! - both[b]!)
  let sparse = 0
  let inPool = 0
  while (sparse < order.length && (both[order[sparse]!]! < least || (inPool > 0 && inPool < least)))
    inPool += both[order[sparse++]!]!
  // A single sparse category joins another by the loop above, unless it is the only one there is.
  const kept = order.slice(sparse).toSorted((a, b) => a - b)
  const pool = order.slice(0, sparse)
  const cells = (counts: Float64Array): Float64Array => {
    const own = kept.map((i) => counts[i]!)
    return Float64Array.from(pool.length === 0 ? own : [...own, pool.reduce((sum, i) => sum + counts[i]!, 0)])
  }
  return { reference: cells(reference), current: cells(current), pooled: pool.length }
}

export interface Homogeneity {
  readonly statistic: number
  readonly degrees: number
  /** 1 when there are fewer than two cells: then nothing can differ. */
  readonly pValue: number
}

/** Pearson's chi-squared test that two samples come from one distribution over cells, without continuity correction. */
export function homogeneity(reference: Float64Array, current: Float64Array): Homogeneity {
  const [n, m] = [total(reference), total(current)]
  let statistic = 0
  let cells = 0
  for (let i = 0; i < reference.length; i++) {
    const both = reference[i]! + current[i]!
    if (both === 0) continue
    cells++
    // The squares of both samples in one: (a·m − b·n)² / (n·m·(a + b)).
    statistic += (reference[i]! * m - current[i]! * n) ** 2 / (n * m * both)
  }
  const degrees = Math.max(0, cells - 1)
  return { statistic, degrees, pValue: degrees === 0 || n === 0 || m === 0 ? 1 : chiSquaredSf(statistic, degrees) }
}
