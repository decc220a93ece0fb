import type { Interval } from '../core/check.ts'
import { twoSidedZ } from './normal.ts'

/** The area under the ROC curve, with what its variance is made of. */
export interface RocAuc {
  readonly auc: number
  /** DeLong's variance of the estimate. */
  readonly variance: number
  readonly positives: number
  readonly negatives: number
  /** By how much each row moves the estimate: (placement − auc) / rows of its class. */
  readonly influence: Float64Array
}

/**
 * The Mann-Whitney estimate of the area under the ROC curve, ties counted half, and its variance by DeLong, DeLong and
 * Clarke-Pearson (Biometrics 44 (1988)) through the placements of Sun and Xu (2014), in O(n log n).
 * Null when either class has no rows: then there is no curve.
 */
export function rocAuc(scores: Float64Array, isPositive: (row: number) => boolean): RocAuc | null {
  const positive = Uint8Array.from(scores, (_score, row) => (isPositive(row) ? 1 : 0))
  const ofPositives = scores.filter((_score, row) => positive[row] === 1).toSorted()
  const ofNegatives = scores.filter((_score, row) => positive[row] === 0).toSorted()
  const [m, n] = [ofPositives.length, ofNegatives.length]
  if (m === 0 || n === 0) return null

  const influence = new Float64Array(scores.length)
  let sum = 0
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!
    const placement = positive[row] === 1 ? shareBelow(ofNegatives, score) : 1 - shareBelow(ofPositives, score)
    if (positive[row] === 1) sum += placement
    influence[row] = placement
  }
  const auc = sum / m
  let ofPositive = 0
  let ofNegative = 0
  for (let row = 0; row < scores.length; row++) {
    const deviation = influence[row]! - auc
    if (positive[row] === 1) ofPositive += deviation ** 2
    else ofNegative += deviation ** 2
    influence[row] = deviation / (positive[row] === 1 ? m : n)
  }
  const variance = ofPositive / Math.max(1, m - 1) / m + ofNegative / Math.max(1, n - 1) / n
  return { auc, variance, positives: m, negatives: n, influence }
}

/** The share of sorted values below x, ties counted half. */
function shareBelow(sorted: Float64Array, x: number): number {
  return (insertionPoint(sorted, x, false) + insertionPoint(sorted, x, true)) / 2 / sorted.length
}

function insertionPoint(sorted: Float64Array, x: number, afterTies: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = sorted[middle]!
    if (value < x || (afterTies && value === x)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The interval of an AUC on the logit scale, which keeps it inside [0, 1]. Where DeLong's variance is useless (a class of
 * one row, or classes that the sample happens to separate wholly) Newcombe's score interval takes its place.
 */
export function aucInterval(
  { auc, variance, positives, negatives }: Omit<RocAuc, 'influence'>,
  confidence = 0.95,
): Interval & { lower: number; upper: number } {
  if (!(variance > 0) || auc <= 0 || auc >= 1 || Math.min(positives, negatives) < 2) {
    return newcombeAuc(auc, positives, negatives, confidence)
  }
  const logit = Math.log(auc / (1 - auc))
  const half = (twoSidedZ(confidence) * Math.sqrt(variance)) / (auc * (1 - auc))
  return { lower: 1 / (1 + Math.exp(half - logit)), upper: 1 / (1 + Math.exp(-half - logit)), confidence, method: 'delong' }
}

/**
 * Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic, part 2", Statistics in
 * Medicine 25 (2006), method 5: the θ whose own Hanley-McNeil variance puts the estimate z standard errors away.
 */
function newcombeAuc(auc: number, m: number, n: number, confidence: number): Interval & { lower: number; upper: number } {
  const z = twoSidedZ(confidence)
  const half = (m + n) / 2 - 1
  const deviate = (theta: number): number =>
    z * Math.sqrt((theta * (1 - theta) * (1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta)))) / (m * n))
  const solve = (sign: 1 | -1): number => {
    let [inside, outside] = [auc, sign === 1 ? 1 : 0]
    for (let i = 0; i < 60; i++) {
      const theta = (inside + outside) / 2
      if (Math.abs(theta - auc) <= deviate(theta)) inside = theta
      else outside = theta
    }
    return (inside + outside) / 2
  }
  return { lower: auc <= 0 ? 0 : solve(-1), upper: auc >= 1 ? 1 : solve(1), confidence, method: 'newcombe-auc' }
}
