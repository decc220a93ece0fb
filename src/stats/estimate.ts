import { estimateArea } from './estimate-area.ts'
import { estimateCells } from './estimate-cells.ts'
import { estimateMeans } from './estimate-means.ts'
import { estimateRate } from './estimate-rate.ts'
import { estimateRows } from './estimate-rows.ts'
import type { Estimated, EstimatedDifference, EstimateOptions } from './estimated.ts'
import { seededRandom, type Random } from './random.ts'
import { replicatesInterval } from './replicates.ts'
import { rowsOf, SIMPLE_SAMPLE, type SampleDesign, type Statistic } from './statistic.ts'
import { valueOf } from './value-of.ts'

export type { Estimated, EstimatedDifference, EstimateOptions } from './estimated.ts'
export { valueOf } from './value-of.ts'

/** A statistic with its interval, by the method that suits its form and the way the rows were drawn. */
export function estimate(
  statistic: Statistic,
  design: SampleDesign = SIMPLE_SAMPLE,
  { confidence = 0.95, seed = 1 }: EstimateOptions = {},
): Estimated {
  const options = { confidence, seed }
  switch (statistic.kind) {
    case 'rate':
      return estimateRate(statistic, design, confidence)
    case 'cells':
      return estimateCells(statistic, design, options)
    case 'means':
      return estimateMeans(statistic, design, options)
    case 'area':
      return estimateArea(statistic, design, confidence)
    default:
      return estimateRows(statistic, design, options)
  }
}
/** The difference of two statistics on the same rows, with its interval: both are resampled together. */
export function estimateDifference(
  a: Statistic,
  b: Statistic,
  design: SampleDesign = SIMPLE_SAMPLE,
  { confidence = 0.95, seed = 1 }: EstimateOptions = {},
): EstimatedDifference {
  const difference = (weights: Float64Array | null): number => valueOf(a, weights) - valueOf(b, weights)
  const value = difference(design.weights)
  const n = rowsOf(a)
  const replicates = resampled(n, design, seed, difference)
  const below = replicates.filter((replicate) => replicate <= 0).length / replicates.length
  return {
    value,
    n,
    interval: replicatesInterval({ estimate: value, replicates, confidence, method: 'percentile' }),
    pValue: Math.min(1, 2 * Math.min(below, 1 - below)),
    test: 'paired-bootstrap',
  }
}

const REPLICATES = 500

/** The statistic on rows, or on whole clusters, drawn again with replacement. */
function resampled(n: number, design: SampleDesign, seed: number, at: (weights: Float64Array) => number): Float64Array {
  const random = seededRandom(seed)
  const clusterCount = design.clusters?.reduce((most, cluster) => Math.max(most, cluster + 1), 0) ?? n
  return Float64Array.from({ length: REPLICATES }, () => {
    const times = drawn(clusterCount, random)
    return at(Float64Array.from({ length: n }, (_, row) => times[design.clusters?.[row] ?? row]! * (design.weights?.[row] ?? 1)))
  })
}

function drawn(count: number, random: Random): Float64Array {
  const times = new Float64Array(count)
  for (let i = 0; i < count; i++) times[random.integer(count)]!++
  return times
}
