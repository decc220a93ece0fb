import type { Interval } from '../core/check.ts'
import { betaQuantile } from './beta.ts'
import { twoSidedZ } from './normal.ts'

/** Above this, the first correction to the normal quantile is right to nine digits. */
const LARGE = 10_000

/** The factor of a two-sided interval by Student's t: t with P(|T| ≤ t) = confidence, for `degrees` degrees of freedom. */
export function twoSidedT(confidence: number, degrees: number): number {
  if (!(degrees > 0)) return Number.NaN
  if (degrees > LARGE) {
    // Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5), two terms.
    const z = twoSidedZ(confidence)
    return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2)
  }
  // ν / (ν + T²) is Beta(ν/2, 1/2) (DLMF 8.17.6 with the density of T).
  const x = betaQuantile(1 - confidence, degrees / 2, 0.5)
  return Math.sqrt((degrees * (1 - x)) / x)
}

/**
 * Student's interval of a mean: mean ± t · s / √n. Exact for normal data, and near it for many rows of any data with a variance.
 * Null when the rows say nothing of the spread: fewer than two, or all alike.
 *
 * @param m2 the sum of the squared distances from the mean
 */
export function meanInterval(
  { n, mean, m2 }: { readonly n: number; readonly mean: number; readonly m2: number },
  confidence = 0.95,
): (Interval & { lower: number; upper: number }) | null {
  if (n < 2 || !(m2 > 0)) return null
  const half = twoSidedT(confidence, n - 1) * Math.sqrt(m2 / (n - 1) / n)
  return { lower: mean - half, upper: mean + half, confidence, method: 'student-t' }
}
