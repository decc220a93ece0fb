import { twoSidedT } from './mean.ts'
import { twoSidedZ } from './normal.ts'

/** How many equal rows would say as much as weighted ones (Kish 1965): (Σw)² / Σw². */
export function kishRows(weights: Float64Array | null, rows: number, counts: (row: number) => boolean = () => true): number {
  let [sum, squares] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const weight = counts(row) ? (weights?.[row] ?? 1) : 0
    sum += weight
    squares += weight * weight
  }
  return squares > 0 ? (sum * sum) / squares : 0
}

/**
 * How many single, equal rows would give an estimate this variance, as Korn and Graubard (Survey Methodology 24 (1998)) count them:
 * their variance per row over the variance that there is, and no more than there are rows. Without any variance it is the number of
 * independent units, or Kish's for the weights where that is less, so that all right is not certainty.
 */
export function effectiveRows(
  { rowVariance, variance }: { readonly rowVariance: number; readonly variance: number },
  rows: number,
  kish: number,
  units: number,
): number {
  return rowVariance > 0 && variance > 0 ? Math.min(rows, rowVariance / variance) : Math.min(kish, units)
}

/** z or Student's t with one degree less than there are units: what an interval out of a variance of so many units is stretched by. */
export function deviateOf(confidence: number, units: number, isSimple: boolean): number {
  return isSimple ? twoSidedZ(confidence) : twoSidedT(confidence, units - 1)
}
