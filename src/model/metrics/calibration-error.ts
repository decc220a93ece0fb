import { functionOfCountsInterval } from '../../stats/function-of-counts.ts'
import { seededRandom } from '../../stats/random.ts'
import { sortedQuantile } from '../../stats/replicates.ts'
import type { ScoredClasses } from '../scored.ts'
import type { Metric, MetricOptions } from './metric.ts'

const BINS = 15

/**
 * Expected calibration error of the top class (Guo et al., "On calibration of modern neural networks", ICML 2017): the rows
 * in 15 equal bins of confidence, and the mean distance between confidence and accuracy over the bins.
 *
 * Its bootstrap resamples bins and hits from counts, with the mean confidence of each held, and corrects the median bias:
 * noise only ever adds to a sum of distances.
 */
export function calibrationError(
  { truth, predicted, rowCount, classes }: ScoredClasses,
  probabilities: Float64Array,
  options: MetricOptions,
): Omit<Metric, 'name' | 'title'> {
  const width = classes.length
  // Two cells per bin: misses and hits.
  const counts = new Float64Array(2 * BINS)
  const confidences = new Float64Array(2 * BINS)
  for (let row = 0; row < rowCount; row++) {
    let top = 0
    for (let k = 0; k < width; k++) top = Math.max(top, probabilities[row * width + k]!)
    // Bins are open below and closed above, so that 1 belongs to the last.
    const bin = Math.min(BINS - 1, Math.max(0, Math.ceil(top * BINS) - 1))
    const cell = 2 * bin + (predicted[row] === truth[row] ? 1 : 0)
    counts[cell]!++
    confidences[cell]! += top
  }
  const meanConfidence = confidences.map((sum, cell) =>
    counts[cell]! > 0 ? sum / counts[cell]! : (Math.floor(cell / 2) + 0.5) / BINS,
  )
  const used = Array.from({ length: BINS }, (_, bin) => bin).filter((bin) => counts[2 * bin]! + counts[2 * bin + 1]! > 0)
  const cells = Float64Array.from(used.flatMap((bin) => [counts[2 * bin]!, counts[2 * bin + 1]!]))
  const confidenceOf = used.flatMap((bin) => [meanConfidence[2 * bin]!, meanConfidence[2 * bin + 1]!])

  const statistic = (shares: Float64Array): number => {
    let [total, error] = [0, 0]
    for (let i = 0; i < shares.length; i += 2) {
      const [misses, hits] = [shares[i]!, shares[i + 1]!]
      total += misses + hits
      error += Math.abs(misses * confidenceOf[i]! + hits * (confidenceOf[i + 1]! - 1))
    }
    return error / total
  }
  const value = statistic(cells)
  const corrected = functionOfCountsInterval(cells, statistic, { ...options, correctBias: true })
  const plain = functionOfCountsInterval(cells, statistic, options)
  if (corrected === null || plain === null) return { value, interval: null, n: rowCount }
  const calibrated = value <= errorOfCalibrated(cells, confidenceOf, options)
  // On few rows the correction is too small; then the upper distance is mirrored down.
  const lower = calibrated ? 0 : Math.max(0, Math.min(corrected.lower!, 2 * value - plain.upper!))
  return { value, interval: { ...corrected, lower }, n: rowCount }
}

/**
 * The error that chance alone gives a perfectly calibrated model with these confidences, at the upper end of the interval
 * (consistency resampling of Bröcker and Smith 2007, hits drawn from the normal approximation). Up to it, zero is not ruled
 * out, though no bootstrap of the observed distances would ever come near zero.
 */
function errorOfCalibrated(
  cells: Float64Array,
  confidenceOf: readonly number[],
  { confidence = 0.95, seed = 1 }: MetricOptions,
): number {
  const random = seededRandom(seed)
  const bins = Array.from({ length: cells.length / 2 }, (_, bin) => {
    const [misses, hits] = [cells[2 * bin]!, cells[2 * bin + 1]!]
    const mean = (misses * confidenceOf[2 * bin]! + hits * confidenceOf[2 * bin + 1]!) / (misses + hits)
    return Math.sqrt((misses + hits) * mean * Math.max(0, 1 - mean))
  })
  const rows = cells.reduce((sum, count) => sum + count, 0)
  const errors = Float64Array.from({ length: 1000 }, () =>
    bins.reduce((sum, deviation) => sum + Math.abs(deviation * random.normal()) / rows, 0),
  )
  return sortedQuantile(errors.toSorted(), 1 - (1 - confidence) / 2)
}
