import { functionOfCountsInterval } from '../../stats/function-of-counts.ts'
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
  return {
    value: statistic(cells),
    interval: functionOfCountsInterval(cells, statistic, { ...options, correctBias: true }),
    n: rowCount,
  }
}
