import { bayesianReplicates } from './bayesian-cells.ts'
import { effectiveRows, kishRows } from './design-effect.ts'
import { distanceInterval } from './distance.ts'
import type { Estimated } from './estimated.ts'
import { cellSlopes, influenceOfCells, standardErrorOf } from './influence.ts'
import { twoSidedT } from './mean.ts'
import { twoSidedZ } from './normal.ts'
import { replicatesInterval } from './replicates.ts'
import { unitsOf, type SamplingUnits } from './sampling-units.ts'
import type { CellStatistic, SampleDesign } from './statistic.ts'
import { cellSums } from './value-of.ts'

/**
 * The Bayesian bootstrap of the cells' counts, less what Student's t adds to the normal deviate. Under weights and clusters the counts
 * are those of as many single rows as the sandwich variance is worth.
 */
export function estimateCells(
  statistic: CellStatistic,
  design: SampleDesign,
  { confidence, seed }: { readonly confidence: number; readonly seed: number },
): Estimated {
  const { at, biased = false, cells, size } = statistic
  const units = unitsOf(statistic, design)
  const n = cells.length
  const sums = cellSums(cells, size, design.weights)
  const value = at(sums)
  if (!Number.isFinite(value) || (design.clusters !== null && units.count < 2)) return { value, n, interval: null }
  const seen: number[] = []
  const unseen: number[] = []
  for (const [cell, sum] of sums.entries()) (sum > 0 ? seen : unseen).push(cell)
  const counts = effectiveCounts(
    Float64Array.from(seen, (cell) => sums[cell]!),
    units,
    confidence,
    () => {
      const slopes = cellSlopes(statistic, sums)
      return { slopes: Float64Array.from(seen, (cell) => slopes[cell]!), influence: influenceOfCells(cells, slopes, units) }
    },
  )
  const all = new Float64Array(size)
  const replicates = bayesianReplicates(
    {
      counts,
      size,
      at: (shares, rest, random) => {
        all.fill(0)
        for (const [i, cell] of seen.entries()) all[cell] = shares[i]!
        if (unseen.length > 0) all[unseen[random.integer(unseen.length)]!] = rest
        return at(all)
      },
    },
    seed,
  )
  if (biased) {
    const ends = distanceInterval(value, replicates, confidence, Math.min(replicates.length, units.count) - 1)
    return { value, n, interval: ends && { ...ends, confidence, method: 'bayesian-bootstrap-distance' } }
  }
  const interval = replicatesInterval({ estimate: value, replicates, confidence, method: 'percentile' })
  return { value, n, interval: interval && { ...interval, method: 'bayesian-bootstrap' } }
}

/**
 * The counts themselves, a little less for few rows, for a simple sample; else the same shares of the effective number of rows.
 *
 * @param slopes of the statistic by the share of each of these cells
 * @param influence of each unit
 */
export function effectiveCounts(
  sums: Float64Array,
  units: SamplingUnits,
  confidence: number,
  linear: () => { readonly slopes: Float64Array; readonly influence: Float64Array },
): Float64Array {
  const stretch = (twoSidedZ(confidence) / twoSidedT(confidence, Math.max(1, units.count - 1))) ** 2
  if (units.unitOf === null) return sums.map((sum) => sum * stretch)
  const { slopes, influence } = linear()
  const total = sums.reduce((sum, count) => sum + count, 0)
  const rowVariance = sums.reduce((sum, count, cell) => sum + (count / total) * slopes[cell]! ** 2, 0)
  const variance = standardErrorOf(influence) ** 2
  const rows = effectiveRows({ rowVariance, variance }, units.rows, kishRows(units.weights, units.rows), units.count)
  return sums.map((sum) => (sum / total) * rows * stretch)
}
