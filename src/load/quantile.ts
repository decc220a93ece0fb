import { betaCdf } from '../stats/beta.ts'

/** Where among n sorted values a quantile and the ends of its interval are. Ranks count from 1. */
export interface QuantileRanks {
  readonly rank: number
  /** Null when no value is low enough to be the lower end with this confidence. */
  readonly lower: number | null
  /** Null when none is high enough: the quantile cannot be resolved from so few values. */
  readonly upper: number | null
}

/**
 * The ranks of the p-quantile and of its distribution-free interval: between the values of ranks l and u lies the true
 * quantile with at least this confidence, whatever the distribution, because the number of values below it is binomial.
 * Equal tails. Source: Hahn and Meeker, Statistical Intervals (1991), section 5.2.
 */
export function quantileRanks(p: number, n: number, confidence = 0.95): QuantileRanks {
  const tail = (1 - confidence) / 2
  const rank = Math.min(n, Math.max(1, Math.ceil(p * n)))
  // The smallest u with P(B <= u - 1) >= 1 - tail, and the largest l with P(B <= l - 1) <= tail; B ~ Binomial(n, p).
  const upper = smallest(1, n, (u) => binomialCdf(u - 1, n, p) >= 1 - tail)
  const aboveLower = smallest(1, n, (l) => binomialCdf(l - 1, n, p) > tail) ?? n + 1
  return { rank, lower: aboveLower > 1 ? aboveLower - 1 : null, upper }
}

/** The fewest values from which the upper end of the p-quantile's interval can be read. */
export function valuesToResolve(p: number, confidence = 0.95): number {
  return Math.ceil(Math.log((1 - confidence) / 2) / Math.log(p))
}

/** P(B <= k) for B ~ Binomial(n, p), by the incomplete beta function (DLMF 8.17.5). */
function binomialCdf(k: number, n: number, p: number): number {
  return k >= n ? 1 : betaCdf(1 - p, n - k, k + 1)
}

/** The first whole number of a range for which a condition holds that holds for all after it. */
function smallest(from: number, to: number, holds: (value: number) => boolean): number | null {
  if (to < from || !holds(to)) return null
  let [low, high] = [from, to]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
