import { twoSidedT } from './mean.ts'
import { twoSidedZ } from './normal.ts'
import type { SamplingUnits } from './sampling-units.ts'

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
 * their variance per row over the variance that there is. No more than Kish's number for the weights: a sample that looks better than
 * its rows could be is luck. Without any variance it is the number of independent units, so that all right is not certainty.
 */
export function effectiveRows(rowVariance: number, variance: number, kish: number, units: SamplingUnits): number {
  const least = Math.min(kish, units.count)
  return rowVariance > 0 && variance > 0 ? Math.min(kish, rowVariance / variance) : least
}

/** z or Student's t with one degree less than there are units: what an interval out of a variance of so many units is stretched by. */
export function deviateOf(confidence: number, units: number, isSimple: boolean): number {
  return isSimple ? twoSidedZ(confidence) : twoSidedT(confidence, units - 1)
}
