import type { Interval } from '../core/check.ts'
import { curveArea } from './curve-area.ts'
import { twoSidedT } from './mean.ts'
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
  const side = Uint8Array.from(scores, (_score, row) => (isPositive(row) ? 1 : 0))
  const positives = side.reduce((sum, is) => sum + is, 0)
  const negatives = scores.length - positives
  if (positives === 0 || negatives === 0) return null
  const { auc, influence } = curveArea(scores, side, null)
  let ofPositives = 0
  let ofNegatives = 0
  for (let row = 0; row < side.length; row++) {
    if (side[row] === 1) ofPositives += influence[row]! ** 2
    else ofNegatives += influence[row]! ** 2
  }
  const variance = (ofPositives * positives) / Math.max(1, positives - 1) + (ofNegatives * negatives) / Math.max(1, negatives - 1)
  return { auc, variance, positives, negatives, influence }
}

/**
 * The interval of an AUC on the logit scale, which keeps it inside [0, 1]. Where DeLong's variance is useless (a class of
 * one row, or classes that the sample happens to separate wholly) Newcombe's score interval takes its place.
 *
 * @param degrees of freedom of the variance, for Student's t; the normal distribution when they are not given
 */
export function aucInterval(
  { auc, variance, positives, negatives }: Omit<RocAuc, 'influence'>,
  confidence = 0.95,
  degrees = Infinity,
): Interval & { lower: number; upper: number } {
  if (!(variance > 0) || auc <= 0 || auc >= 1 || Math.min(positives, negatives) < 2) {
    return newcombeAuc(auc, positives, negatives, confidence)
  }
  const logit = Math.log(auc / (1 - auc))
  const deviate = degrees === Infinity ? twoSidedZ(confidence) : twoSidedT(confidence, degrees)
  const half = (deviate * Math.sqrt(variance)) / (auc * (1 - auc))
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
