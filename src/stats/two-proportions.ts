import type { Interval } from '../core/check.ts'
import { wilson } from './proportion.ts'

/** Successes among trials. */
export interface Count {
  readonly successes: number
  readonly trials: number
}

/**
 * The difference a − b of two independent proportions: Newcombe's hybrid of two Wilson intervals
 * ("Interval estimation for the difference between independent proportions", Statistics in Medicine 17 (1998), method 10).
 * A sample without trials makes it as wide as the other sample allows.
 */
export function differenceInterval(a: Count, b: Count, confidence = 0.95): Interval & { lower: number; upper: number } {
  const [pa, pb] = [estimate(a), estimate(b)]
  const [wa, wb] = [wilson(a.successes, a.trials, confidence), wilson(b.successes, b.trials, confidence)]
  return {
    lower: Math.max(-1, pa - pb - Math.hypot(pa - wa.lower, wb.upper - pb)),
    upper: Math.min(1, pa - pb + Math.hypot(wa.upper - pa, pb - wb.lower)),
    confidence,
    method: 'newcombe',
  }
}

/**
 * The ratio a / b of two independent proportions from their Wilson intervals, by the method of variance estimates recovery
 * (Donner and Zou, "Closed-form confidence intervals for functions of the normal mean and standard deviation", 2012, MOVER-R;
 * recommended for ratios of proportions by Fagerland and Newcombe, 2013). Each bound solves
 * `a − bound · b = ∓√(…)`, the Newcombe interval of the difference a − bound · b. Open above (null) when b may be zero.
 */
export function ratioInterval(a: Count, b: Count, confidence = 0.95): Interval & { lower: number } {
  const [pa, pb] = [estimate(a), estimate(b)]
  const [wa, wb] = [wilson(a.successes, a.trials, confidence), wilson(b.successes, b.trials, confidence)]
  const product = pa * pb
  const lowerTerm = wa.lower * (2 * pa - wa.lower)
  // The root written with its numerator rationalised, which stays exact where the usual form divides by zero.
  const lower = lowerTerm / (product + Math.sqrt(Math.max(0, product ** 2 - lowerTerm * wb.upper * (2 * pb - wb.upper))))
  const upperTerm = wb.lower * (2 * pb - wb.lower)
  const upper = (product + Math.sqrt(Math.max(0, product ** 2 - upperTerm * wa.upper * (2 * pa - wa.upper)))) / upperTerm
  return {
    lower: Number.isFinite(lower) ? Math.max(0, lower) : 0,
    upper: Number.isFinite(upper) ? upper : null,
    confidence,
    method: 'mover-r',
  }
}

/** The middle of [0, 1] when there is nothing to estimate from, so that the interval around it is the widest. */
const estimate = ({ successes, trials }: Count): number => (trials === 0 ? 0.5 : successes / trials)
