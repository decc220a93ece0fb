import { orderOf } from '../../stats/descending-order.ts'

/** Scored items from the highest score down, sorted once so that every resample is a walk along them. */
export interface RankedItems {
  /** The row that each item belongs to, and so whose weight it has. */
  readonly rows: Uint32Array
  /** 1 for an item that should be ranked high. */
  readonly positive: Uint8Array
  /** 1 for the last item of those with one score. */
  readonly last: Uint8Array
}

/** `width` items in a row. */
export function rankItems(scores: Float64Array, isPositive: (item: number) => boolean, width = 1): RankedItems {
  const order = orderOf(scores)
  const count = order.length
  const [rows, positive, last] = [new Uint32Array(count), new Uint8Array(count), new Uint8Array(count)]
  for (let i = 0; i < count; i++) {
    const item = order[i]!
    rows[i] = width === 1 ? item : Math.floor(item / width)
    positive[i] = isPositive(item) ? 1 : 0
    last[i] = i === count - 1 || scores[order[i + 1]!] !== scores[item] ? 1 : 0
  }
  return { rows, positive, last }
}

/**
 * Average precision: Σ (recall − the recall before) × precision over the thresholds that the scores give, without interpolation,
 * as scikit-learn has it. NaN without a positive item.
 */
export function averagePrecision(
  { rows, positive, last }: RankedItems,
  weights: Float64Array,
): { value: number; support: number } {
  let [hits, all, hitsBefore, sum] = [0, 0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[rows[i]!]!
    all += weight
    if (positive[i] === 1) hits += weight
    if (last[i] === 0 || hits === hitsBefore) continue
    sum += ((hits - hitsBefore) * hits) / all
    hitsBefore = hits
  }
  return { value: sum / hits, support: hits }
}

/**
 * Adds to each row by how much a unit of its weight moves the average precision, times `factor`: an item above a positive one moves
 * the precision there, up if it is positive itself.
 */
export function addPrecisionSlopes(
  { rows, positive, last }: RankedItems,
  weights: Float64Array,
  factor: number,
  into: Float64Array,
): void {
  const { value, support } = averagePrecision({ rows, positive, last }, weights)
  const totals = runningTotals({ rows, positive, last }, weights)
  // Going up from the lowest score, what the positive items at or below lose and gain by one more item above them.
  let [gain, loss] = [0, 0]
  let [hits, all, precision] = [0, 0, 0]
  for (let i = rows.length - 1; i >= 0; i--) {
    if (last[i] === 1) {
      hits = totals.hits[i]!
      all = totals.all[i]!
      precision = all > 0 ? hits / all : 0
      const here = hits - totals.hitsBefore[i]!
      if (here > 0) {
        gain += (here * (1 - precision)) / all
        loss += (here * precision) / all
      }
    }
    into[rows[i]!]! += (factor * (positive[i] === 1 ? precision - value + gain : -loss)) / support
  }
}

/** At the last item of each score: the weight of positive items and of all down to it, and of the positive ones above it. */
function runningTotals(
  { rows, positive, last }: RankedItems,
  weights: Float64Array,
): Record<'hits' | 'all' | 'hitsBefore', Float64Array> {
  const count = rows.length
  const totals = { hits: new Float64Array(count), all: new Float64Array(count), hitsBefore: new Float64Array(count) }
  let [hits, all, hitsBefore] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const weight = weights[rows[i]!]!
    all += weight
    if (positive[i] === 1) hits += weight
    if (last[i] === 0) continue
    totals.hits[i] = hits
    totals.all[i] = all
    totals.hitsBefore[i] = hitsBefore
    hitsBefore = hits
  }
  return totals
}

/** The area under the ROC curve, ties counted half. NaN when one side has no weight. */
export function areaUnderRoc({ rows, positive, last }: RankedItems, weights: Float64Array): number {
  let [hits, others, hitsBefore, othersBefore, sum] = [0, 0, 0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[rows[i]!]!
    if (positive[i] === 1) hits += weight
    else others += weight
    if (last[i] === 0) continue
    sum += (others - othersBefore) * (hits + hitsBefore)
    hitsBefore = hits
    othersBefore = others
  }
  return sum / (2 * hits * others)
}

/** By how much a unit of each row's weight moves the area under the ROC curve. */
export function areaSlopes(items: RankedItems, weights: Float64Array): Float64Array {
  const { rows, positive, last } = items
  const { hits, all, hitsBefore } = runningTotals(items, weights)
  const end = rows.length - 1
  const [positives, others] = [hits[end]!, all[end]! - hits[end]!]
  const area = areaUnderRoc(items, weights)
  const slopes = new Float64Array(weights.length)
  let [above, below] = [0, 0]
  for (let i = end; i >= 0; i--) {
    if (last[i] === 1) {
      // Half of the items of this score count as above it, half as below.
      above = (hits[i]! + hitsBefore[i]!) / 2 / positives
      const othersHere = all[i]! - hits[i]!
      const othersBefore = othersHere - weightOfOthers(items, weights, i)
      below = 1 - (othersHere + othersBefore) / 2 / others
    }
    slopes[rows[i]!]! += positive[i] === 1 ? (below - area) / positives : (above - area) / others
  }
  return slopes
}

/** Of the items of the score that ends at `end`, the weight of those that are not positive. */
function weightOfOthers({ rows, positive, last }: RankedItems, weights: Float64Array, end: number): number {
  let sum = 0
  for (let i = end; i >= 0 && (i === end || last[i] === 0); i--) if (positive[i] === 0) sum += weights[rows[i]!]!
  return sum
}
