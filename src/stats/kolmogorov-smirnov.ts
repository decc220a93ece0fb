import type { Interval } from '../core/check.ts'
import { effectiveSize, total, type TwoSampleCounts } from './two-sample-counts.ts'

export interface KolmogorovSmirnov {
  /** The largest difference between the two cumulative distributions, from 0 to 1. */
  readonly statistic: number
  /** The value at which it is reached, and the shares at or below it. */
  readonly at: number
  readonly referenceBelow: number
  readonly currentBelow: number
  readonly pValue: number
  /** Whether the p-value is exact for samples without ties, or that of the limit distribution. */
  readonly exact: boolean
}

/** Cells of the lattice that an exact p-value may cost. */
const MOST_CELLS = 2e6

/**
 * The two-sample Kolmogorov–Smirnov test, two-sided. The statistic is taken at the end of each run of equal values, which is right with
 * ties; the p-value is that of samples without ties, so with ties it is too large, never too small. It is exact (counted on
 * the lattice of paths) where that costs little, else Kolmogorov's limit with the effective size nm / (n + m).
 * Null when a sample is empty.
 */
export function kolmogorovSmirnov({ values, reference, current }: TwoSampleCounts): KolmogorovSmirnov | null {
  const [n, m] = [total(reference), total(current)]
  if (n === 0 || m === 0) return null
  let [a, b] = [0, 0]
  // Compared as whole numbers, so that equal samples differ by exactly nothing.
  let largest = { difference: 0, index: 0, a: reference[0]!, b: current[0]! }
  for (let i = 0; i < values.length; i++) {
    a += reference[i]!
    b += current[i]!
    const difference = Math.abs(a * m - b * n)
    if (difference > largest.difference) largest = { difference, index: i, a, b }
  }
  const statistic = largest.difference / (n * m)
  const exact = n * m * Math.min(1, 2 * statistic) + n + m <= MOST_CELLS
  return {
    statistic,
    at: values[largest.index]!,
    referenceBelow: largest.a / n,
    currentBelow: largest.b / m,
    pValue: exact ? exactPValue(statistic, n, m) : kolmogorovSf(Math.sqrt(effectiveSize(n, m)) * statistic),
    exact,
  }
}

/**
 * P(D ≥ d) for samples of n and m values without ties: the chance that a random lattice path from (0, 0) to (n, m) leaves the band
 * |i/n − j/m| < d. Recursion of Schröer and Trenkler, "Exact and randomization distributions of Kolmogorov-Smirnov tests two or
 * three samples", Computational Statistics & Data Analysis 20 (1995): no subtraction, so small values keep their digits.
 */
export function exactPValue(d: number, n: number, m: number): number {
  // Half a lattice step below d, so that rounding does not decide what reaches it.
  const reach = d * n * m - 0.5
  if (reach < 0) return 1
  /** By j: the chance that the path to (i, j) was outside. What lies outside the band is 1. */
  const outside = new Float64Array(m + 1).fill(1)
  for (let i = 0; i <= n; i++) {
    const from = Math.max(0, Math.ceil((i * m - reach) / n))
    const to = Math.min(m, Math.floor((i * m + reach) / n))
    if (from > 0) outside[from - 1] = 1
    for (let j = from; j <= to; j++) {
      if (i === 0 && j === 0) outside[0] = 0
      else {
        const below = j > 0 ? outside[j - 1]! : 1
        outside[j] = (i * outside[j]! + j * below) / (i + j)
      }
    }
  }
  return Math.min(1, outside[m]!)
}

/** P(K > x) of Kolmogorov's limit distribution (Smirnov 1948); the form of Feller for small x, where the series alternates slowly. */
export function kolmogorovSf(x: number): number {
  if (!(x > 0)) return 1
  let sum = 0
  if (x < 1) {
    for (let k = 1; k <= 20; k++) sum += Math.exp(-((2 * k - 1) ** 2 * Math.PI ** 2) / (8 * x * x))
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum
  }
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x)
  return sum
}

/** The statistic that the limit distribution passes with a chance of about `alpha`, by its leading term: √(ln(2/α) / 2e). */
export function criticalStatistic(alpha: number, n: number, m: number): number {
  return Math.sqrt(Math.log(2 / alpha) / 2 / effectiveSize(n, m))
}

/**
 * The interval of the true largest difference: the statistic ± the critical value, since no estimate of it is off by more than the
 * empirical distributions are (Dvoretzky, Kiefer and Wolfowitz; Massart 1990). Wider than it need be.
 */
export function statisticInterval(
  statistic: number,
  n: number,
  m: number,
  confidence = 0.95,
): Interval & { lower: number; upper: number } {
  const half = criticalStatistic(1 - confidence, n, m)
  return { lower: Math.max(0, statistic - half), upper: Math.min(1, statistic + half), confidence, method: 'dkw' }
}
