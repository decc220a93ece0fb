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
