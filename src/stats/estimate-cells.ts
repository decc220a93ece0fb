import { bayesianReplicates } from './bayesian-cells.ts'
import { deviateOf, effectiveRows, kishRows } from './design-effect.ts'
import type { Estimated } from './estimated.ts'
import { cellSlopes, influenceOfCells, standardErrorOf } from './influence.ts'
import { twoSidedZ } from './normal.ts'
import { replicatesInterval, sortedQuantile } from './replicates.ts'
import { unitsOf, type SamplingUnits } from './sampling-units.ts'
import type { CellStatistic, SampleDesign } from './statistic.ts'
import { cellSums } from './value-of.ts'

/**
 * The Bayesian bootstrap of the cells' counts. Under weights and clusters the counts are those of as many single rows as the
 * sandwich variance is worth, less what Student's t of the clusters adds to the normal deviate.
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
  const interval = replicatesInterval({ estimate: value, replicates, confidence, method: biased ? 'bc' : 'percentile' })
  if (interval === null) return { value, n, interval }
  const method = biased ? 'bayesian-bootstrap-bc' : 'bayesian-bootstrap'
  if (statistic.lowest === undefined) return { value, n, interval: { ...interval, method } }
  const plain = replicatesInterval({ estimate: value, replicates, confidence, method: 'percentile' })!
  const worth = counts.reduce((sum, count) => sum + count, 0) / sums.reduce((sum, count) => sum + count, 0)
  const near = statistic.lowest.countsNear(sums).map((count) => count * worth)
  // On few rows the correction is too small; then the upper distance is mirrored down.
  const mirrored = Math.min(interval.lower!, 2 * value - plain.upper!)
  const lowest = statistic.lowest.value
  const lower = value <= noiseAt(statistic, near, { confidence, seed }) ? lowest : Math.max(lowest, mirrored)
  return { value, n, interval: { ...interval, lower, method } }
}

/** How high noise takes the value when it is at its lowest, at the upper end of the interval (consistency resampling, Bröcker and Smith 2007). */
function noiseAt(
  { at, size }: CellStatistic,
  counts: Float64Array,
  { confidence, seed }: { readonly confidence: number; readonly seed: number },
): number {
  const values = bayesianReplicates({ counts, size, at: (shares) => at(shares) }, seed)
  return sortedQuantile(values.toSorted(), 1 - (1 - confidence) / 2)
}

/**
 * The counts themselves for a simple sample; else the same shares of the effective number of rows.
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
  if (units.unitOf === null) return sums
  const { slopes, influence } = linear()
  const total = sums.reduce((sum, count) => sum + count, 0)
  const rowVariance = sums.reduce((sum, count, cell) => sum + (count / total) * slopes[cell]! ** 2, 0)
  const rows = effectiveRows(rowVariance, standardErrorOf(influence) ** 2, kishRows(units.weights, units.rows), units)
  const stretch = (twoSidedZ(confidence) / deviateOf(confidence, Math.max(2, units.count), false)) ** 2
  return sums.map((sum) => (sum / total) * rows * stretch)
}
