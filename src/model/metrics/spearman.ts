import type { RowStatistic } from '../../stats/statistic.ts'
import type { ScoredValues } from '../scored.ts'
import { failed } from './define-kind.ts'
import type { Readout } from './metric-kind.ts'
import { descendingOrder } from '../../stats/descending-order.ts'

/**
 * Spearman's correlation: Pearson's of the ranks, ties given their mean rank. With weights a row takes up as many ranks as it weighs,
 * which for whole weights is the correlation of the rows repeated.
 */
export function spearman({ truth, predicted, rowCount }: ScoredValues): Readout {
  const title = "Spearman's correlation"
  const constant = [truth, predicted].findIndex((values) => values.every((value) => value === values[0]))
  if (constant !== -1)
    return failed(title, `every row has the same ${constant === 0 ? 'label' : 'prediction'}, and ranks nothing`)
  const [ofTruth, ofPredicted] = [ranking(truth), ranking(predicted)]
  const [x, y] = [new Float64Array(rowCount), new Float64Array(rowCount)]
  const statistic: RowStatistic = {
    kind: 'rows',
    rowCount,
    range: [-1, 1],
    at: (weights) => {
      centredRanks(ofTruth, weights, x)
      centredRanks(ofPredicted, weights, y)
      let [xx, yy, xy] = [0, 0, 0]
      for (let row = 0; row < rowCount; row++) {
        const weight = weights[row]!
        xx += weight * x[row]! * x[row]!
        yy += weight * y[row]! * y[row]!
        xy += weight * x[row]! * y[row]!
      }
      return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN
    },
    influence: (weights) => {
      centredRanks(ofTruth, weights, x)
      centredRanks(ofPredicted, weights, y)
      return correlationInfluence(ofTruth, ofPredicted, x, y, weights)
    },
  }
  return { title, statistic }
}

interface Ranking {
  readonly order: Uint32Array
  /** 1 for the last of equal values. */
  readonly last: Uint8Array
}

/**
 * Of x y / √(x x · y y), where a row moves each of the three by its own product of ranks, and by moving the ranks of all others, which
 * count from the highest: by half its weight down for those below it, and up for those above.
 */
function correlationInfluence(ofX: Ranking, ofY: Ranking, x: Float64Array, y: Float64Array, weights: Float64Array): Float64Array {
  const [xy, yx] = [balance(ofX, y, weights), balance(ofY, x, weights)]
  const [xx, yy] = [balance(ofX, x, weights), balance(ofY, y, weights)]
  const sum = (a: Float64Array, b: Float64Array): number =>
    weights.reduce((total, weight, row) => total + weight * a[row]! * b[row]!, 0)
  const [sumXy, sumXx, sumYy] = [sum(x, y), sum(x, x), sum(y, y)]
  const value = sumXy / Math.sqrt(sumXx * sumYy)
  return weights.map((weight, row) => {
    const [a, b] = [x[row]!, y[row]!]
    const slopeXy = a * b + xy[row]! + yx[row]!
    const slopeXx = a * a + 2 * xx[row]!
    const slopeYy = b * b + 2 * yy[row]!
    return weight * (slopeXy / Math.sqrt(sumXx * sumYy) - (value / 2) * (slopeXx / sumXx + slopeYy / sumYy))
  })
}

/** For each row, half of what the values of the rows below it in a ranking sum to, less half of that of the rows above. */
function balance({ order, last }: Ranking, values: Float64Array, weights: Float64Array): Float64Array {
  const result = new Float64Array(values.length)
  let total = 0
  for (let row = 0; row < values.length; row++) total += weights[row]! * values[row]!
  let [above, here, first] = [0, 0, 0]
  for (let i = 0; i < order.length; i++) {
    here += weights[order[i]!]! * values[order[i]!]!
    if (last[i] === 0) continue
    const below = total - above - here
    for (let j = first; j <= i; j++) result[order[j]!] = (below - above) / 2
    above += here
    here = 0
    first = i + 1
  }
  return result
}

function ranking(values: Float64Array): Ranking {
  const order = descendingOrder(values)
  return { order, last: Uint8Array.from(order, (row, i) => (values[order[i + 1]!] === values[row] ? 0 : 1)) }
}

/** The mean rank of each row, less the mean of all ranks. */
function centredRanks({ order, last }: Ranking, weights: Float64Array, into: Float64Array): void {
  let total = 0
  for (const weight of weights) total += weight
  let [before, here, first] = [0, 0, 0]
  for (let i = 0; i < order.length; i++) {
    here += weights[order[i]!]!
    if (last[i] === 0) continue
    const rank = before + (here - total) / 2
    for (let j = first; j <= i; j++) into[order[j]!] = rank
    before += here
    here = 0
    first = i + 1
  }
}
