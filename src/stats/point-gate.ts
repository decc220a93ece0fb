import type { Interval, Threshold } from '../core/check.ts'
import { betaCdf } from './beta.ts'
import { normalCdf, twoSidedZ } from './normal.ts'
import { wilson } from './proportion.ts'

/** How often a gate that compares the bare number errs, on as many rows as these. */
export interface PointErrors {
  /** How far the two models below are from the limit: the largest of 1, 2 or 5 × 10ᵏ that noise alone moves a value by, one time in three. */
  readonly distance: number
  /** Chance that a model is blocked which is this much better than the limit. */
  readonly blocksGood: number
  /** Chance that a model passes which is this much worse. */
  readonly passesBad: number
}

interface Measured {
  readonly value: number
  readonly interval: Interval | null
  readonly n: number
}

/**
 * The chances of a bare comparison to err near its limit. A share of rows is binomial, so its chances are exact; for others the noise
 * is taken to be normal, as wide as their interval says. Null when nothing is known of the noise, or when no value is on one side of
 * the limit.
 */
export function pointErrors(measured: Measured, limit: Threshold): PointErrors | null {
  if (isShareOfRows(measured)) return ofShare(measured.n, limit)
  const { value, interval } = measured
  if (interval === null || interval.lower === null || interval.upper === null) return null
  const z = twoSidedZ(interval.confidence)
  const [down, up] = [(value - interval.lower) / z, (interval.upper - value) / z]
  const distance = roundNumberBelow((down + up) / 2)
  if (!(distance > 0) || !(down > 0) || !(up > 0)) return null
  const [below, above] = [normalCdf(-distance / down), normalCdf(-distance / up)]
  return limit.good === 'at-least'
    ? { distance, blocksGood: below, passesBad: above }
    : { distance, blocksGood: above, passesBad: below }
}

function ofShare(n: number, { value: limit, good }: Threshold): PointErrors | null {
  const room = Math.min(limit, 1 - limit)
  const distance = roundNumberBelow(Math.min(Math.sqrt((limit * (1 - limit)) / n), room))
  if (!(distance > 0)) return null
  const wanted = good === 'at-least' ? limit : 1 - limit
  // The fewest right rows that are enough, and the chance of as many: P(X ≥ k) = I_p(k, n − k + 1).
  const enough = Math.ceil(wanted * n - 1e-9)
  const passes = (truth: number): number => betaCdf(truth, enough, n - enough + 1)
  return { distance, blocksGood: 1 - passes(wanted + distance), passesBad: passes(wanted - distance) }
}

/** Whether a value is the share of n equal rows, with Wilson's interval. */
export function isShareOfRows({ value, interval, n }: Measured): boolean {
  if (interval?.method !== 'wilson' || !(value >= 0 && value <= 1) || n < 1) return false
  const hits = Math.round(value * n)
  if (Math.abs(hits - value * n) > 1e-6) return false
  const { lower, upper } = wilson(hits, n, interval.confidence)
  return Math.abs(lower - interval.lower!) < 1e-9 && Math.abs(upper - interval.upper!) < 1e-9
}

/** The largest of 1, 2 or 5 × 10ᵏ that is not above a number; NaN or 0 as it is. */
function roundNumberBelow(value: number): number {
  if (!(value > 0)) return value
  const power = Math.floor(Math.log10(value) + 1e-9)
  const step = [5, 2].find((digit) => digit * 10 ** power <= value * (1 + 1e-9)) ?? 1
  return Number(`${step}e${power}`)
}
