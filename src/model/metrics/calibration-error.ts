import type { CellStatistic } from '../../stats/statistic.ts'
import type { ScoredClasses } from '../scored.ts'
import { always, defineKind } from './define-kind.ts'
import { INTERVALS } from './interval-words.ts'

/**
 * Expected calibration error of the top class (Guo et al., "On calibration of modern neural networks", ICML 2017): the rows
 * in equal bins of confidence, and the mean distance between confidence and accuracy over the bins.
 */
export const calibrationError = defineKind({
  name: 'calibration-error',
  title: 'Expected calibration error',
  summary:
    'Mean distance between the confidence in the answer and how often it is right, over equal bins of confidence (Guo et al. 2017).',
  good: 'low',
  reads: 'probabilities',
  parameter: {
    name: 'bins',
    default: 15,
    allowed: 'a whole number from 2 to 1000',
    isAllowed: (value) => Number.isInteger(value) && value >= 2 && value <= 1000,
  },
  interval: `${INTERVALS.cells}, corrected for the bias that noise gives a distance`,
  reference: 'Guo et al. 2017, in NumPy',
  shown: { classification: always },
  of: {
    classification: (scored, bins) => ({
      title: bins === 15 ? 'Expected calibration error' : `Expected calibration error of ${bins} bins`,
      statistic: binnedError(scored, bins),
    }),
  },
})

/** Two cells per bin that rows are in, misses and hits, with the mean confidence of each held. */
function binnedError({ truth, predicted, rowCount, classes, probabilities, design }: ScoredClasses, bins: number): CellStatistic {
  const width = classes.length
  const ofRow = new Int32Array(rowCount)
  const weights = new Float64Array(2 * bins)
  const confidences = new Float64Array(2 * bins)
  const rows = new Float64Array(2 * bins)
  for (let row = 0; row < rowCount; row++) {
    let top = 0
    for (let k = 0; k < width; k++) top = Math.max(top, probabilities![row * width + k]!)
    // Bins are open below and closed above, so that 1 belongs to the last.
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(top * bins) - 1))
    const cell = 2 * bin + (predicted[row] === truth[row] ? 1 : 0)
    const weight = design.weights?.[row] ?? 1
    ofRow[row] = cell
    rows[cell]!++
    weights[cell]! += weight
    confidences[cell]! += weight * top
  }
  const used = Array.from({ length: bins }, (_, bin) => bin).filter((bin) => rows[2 * bin]! + rows[2 * bin + 1]! > 0)
  const place = new Int32Array(bins)
  for (const [to, from] of used.entries()) place[from] = to
  const held = used.flatMap((bin) =>
    [2 * bin, 2 * bin + 1].map((cell) => (weights[cell]! > 0 ? confidences[cell]! / weights[cell]! : (bin + 0.5) / bins)),
  )
  return {
    kind: 'cells',
    cells: ofRow.map((cell) => 2 * place[cell >> 1]! + (cell & 1)),
    size: held.length,
    biased: true,
    at: (shares) => {
      let [total, error] = [0, 0]
      for (let cell = 0; cell < shares.length; cell += 2) {
        const [misses, hits] = [shares[cell]!, shares[cell + 1]!]
        total += misses + hits
        error += Math.abs(misses * held[cell]! + hits * (held[cell + 1]! - 1))
      }
      return error / total
    },
  }
}
