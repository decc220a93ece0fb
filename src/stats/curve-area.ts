import { orderOf } from './descending-order.ts'

/** The area under one ROC curve of weighted rows, with what each row has to do with it. */
export interface CurveArea {
  readonly auc: number
  /** By how much each row moves the estimate: weight × (placement − auc) / weight of its side. 0 for rows on neither side. */
  readonly influence: Float64Array
}

/**
 * The Mann-Whitney estimate of the area under the ROC curve of weighted rows, ties counted half, with the placements that DeLong,
 * DeLong and Clarke-Pearson (Biometrics 44 (1988)) make their variance of, in O(n log n) as Sun and Xu (2014) have it.
 * `side` is 1 for a positive row, 0 for a negative one, 2 for neither. NaN when a side has no weight: then there is no curve.
 */
export function curveArea(scores: Float64Array, side: Uint8Array, weights: Float64Array | null): CurveArea {
  const order = orderOf(scores)
  const rows = scores.length
  // What each row has above it on the other side, rows of the same score counted half.
  const above = new Float64Array(rows)
  let [positives, negatives, first] = [0, 0, 0]
  for (let end = 1; end <= rows; end++) {
    if (end < rows && scores[order[end]!] === scores[order[first]!]) continue
    let [ofPositives, ofNegatives] = [0, 0]
    for (let i = first; i < end; i++) {
      const row = order[i]!
      if (side[row] === 1) ofPositives += weights?.[row] ?? 1
      else if (side[row] === 0) ofNegatives += weights?.[row] ?? 1
    }
    for (let i = first; i < end; i++) {
      const row = order[i]!
      above[row] = side[row] === 1 ? negatives + ofNegatives / 2 : positives + ofPositives / 2
    }
    positives += ofPositives
    negatives += ofNegatives
    first = end
  }
  let auc = 0
  for (let row = 0; row < rows; row++) {
    if (side[row] === 1) auc += (weights?.[row] ?? 1) * (negatives - above[row]!)
  }
  auc /= positives * negatives
  const influence = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    if (side[row] === 2) continue
    const placement = side[row] === 1 ? 1 - above[row]! / negatives : above[row]! / positives
    influence[row] = ((weights?.[row] ?? 1) * (placement - auc)) / (side[row] === 1 ? positives : negatives)
  }
  return { auc, influence }
}
