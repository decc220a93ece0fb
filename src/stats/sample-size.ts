import { normalQuantile } from './normal.ts'

export interface SampleSizeOptions {
  /** Confidence of the two-sided interval that is to clear the threshold. Default 0.95. */
  readonly confidence?: number
  /** Chance that it does. Default 0.8. */
  readonly power?: number
}

/**
 * Rows needed until the interval of a proportion whose true value is `truth` lies on its side of `threshold`:
 * n = ((z₁₋α √(p₀q₀) + z₁₋β √(p₁q₁)) / (p₁ − p₀))². Infinity when truth and threshold are the same.
 */
export function rowsToSeparateProportion(truth: number, threshold: number, options: SampleSizeOptions = {}): number {
  const { alpha, beta } = deviates(options)
  const spread = alpha * Math.sqrt(threshold * (1 - threshold)) + beta * Math.sqrt(truth * (1 - truth))
  return Math.ceil(roundOff((spread / (truth - threshold)) ** 2))
}

/**
 * Rows needed until the interval of the difference of two shares of the same rows leaves out 0, where the shares truly differ by
 * `difference` and the models differ on a share `discordance` of the rows:
 * n = ((z₁₋α √ψ + z₁₋β √(ψ − d²)) / d)² (Connor, Biometrics 43 (1987)). Infinity when there is no difference.
 */
export function rowsToSeparatePaired(difference: number, discordance: number, options: SampleSizeOptions = {}): number {
  const { alpha, beta } = deviates(options)
  const spread = alpha * Math.sqrt(discordance) + beta * Math.sqrt(discordance - difference ** 2)
  return Math.ceil(roundOff((spread / difference) ** 2))
}

/**
 * Rows needed in each of two samples of their own to tell these shares apart:
 * n = ((z₁₋α √(2 p̄ q̄) + z₁₋β √(p₁q₁ + p₂q₂)) / (p₁ − p₂))². What comparing on the same rows saves is the distance to this.
 */
export function rowsToSeparateUnpaired(a: number, b: number, options: SampleSizeOptions = {}): number {
  const { alpha, beta } = deviates(options)
  const mean = (a + b) / 2
  const spread = alpha * Math.sqrt(2 * mean * (1 - mean)) + beta * Math.sqrt(a * (1 - a) + b * (1 - b))
  return Math.ceil(roundOff((spread / (a - b)) ** 2))
}

/** The standard error of an AUC before there are scores (Hanley and McNeil, Radiology 143 (1982)). */
export function expectedAucError(auc: number, positives: number, negatives: number): number {
  const square = auc * auc
  const ofPositives = (positives - 1) * (auc / (2 - auc) - square)
  const ofNegatives = (negatives - 1) * ((2 * square) / (1 + auc) - square)
  return Math.sqrt((auc * (1 - auc) + ofPositives + ofNegatives) / (positives * negatives))
}

/**
 * Rows needed until the interval of any estimate clears a threshold, if the estimate stays where it is and the
 * interval shrinks with the square root of the rows. `bound` is the end of the interval on the threshold's side.
 */
export function rowsToClear(
  estimate: { readonly value: number; readonly bound: number; readonly n: number },
  threshold: number,
  options: SampleSizeOptions = {},
): number {
  const { alpha, beta } = deviates(options)
  const needed = (Math.abs(estimate.value - estimate.bound) * (alpha + beta)) / alpha
  return Math.ceil(roundOff(estimate.n * (needed / Math.abs(estimate.value - threshold)) ** 2))
}

function deviates({ confidence = 0.95, power = 0.8 }: SampleSizeOptions): { alpha: number; beta: number } {
  return { alpha: normalQuantile(1 - (1 - confidence) / 2), beta: normalQuantile(power) }
}

/** Keeps 400.00000000000006 from becoming 401. */
const roundOff = (rows: number): number => (Number.isFinite(rows) ? Number(rows.toPrecision(12)) : Infinity)
