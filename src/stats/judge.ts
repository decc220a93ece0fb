import type { Interval } from '../core/check.ts'
import { normalQuantile, twoSidedZ } from './normal.ts'
import { rowsToClear } from './sample-size.ts'

/**
 * What a gate decides by: the whole interval must clear the limit (`interval`), or the estimate alone is compared (`point`),
 * which lets luck decide near the limit.
 */
export type Evidence = 'interval' | 'point'

/** Where a value must lie; the limit itself is allowed. */
export type Limit = { readonly atLeast: number } | { readonly atMost: number }

export interface Estimate {
  /** Null or NaN when it could not be measured. */
  readonly value: number | null
  /** Null when nothing is known of the uncertainty. */
  readonly interval: Interval | null
  readonly n: number
}

export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'error'
  /** For `inconclusive`: how many rows in all would decide it with a chance of 80 % if the estimate stays; null when no number would. */
  readonly rowsNeeded: number | null
  /** For evidence `point`: what the interval would have said, and which true value on the wrong side passes one time in ten. */
  readonly price: { readonly byInterval: 'pass' | 'fail' | 'inconclusive'; readonly passesOneInTen: number | null } | null
}

/**
 * Judges an estimate against a limit. Pass only if the interval lies wholly on the right side, fail only if it lies wholly on
 * the wrong side, inconclusive between. What was not measured (no rows, NaN) is an error; no interval is never a pass.
 */
export function judge({ value, interval, n }: Estimate, limit: Limit, evidence: Evidence = 'interval'): Judgement {
  if (value === null || Number.isNaN(value) || !(n > 0)) return { verdict: 'error', rowsNeeded: null, price: null }
  const byInterval = interval === null ? 'inconclusive' : compare(interval, limit)
  if (evidence === 'point') {
    const verdict = isInside(value, limit) ? 'pass' : 'fail'
    return { verdict, rowsNeeded: null, price: { byInterval, passesOneInTen: passesOneInTen(value, interval, limit) } }
  }
  const rowsNeeded = byInterval === 'inconclusive' && interval ? forecast(value, interval, n, limit) : null
  return { verdict: byInterval, rowsNeeded, price: null }
}

/** The number of a limit. */
export function threshold(limit: Limit): number {
  return 'atLeast' in limit ? limit.atLeast : limit.atMost
}

/** Whether a value is on the right side of a limit. NaN never is. */
export function isInside(value: number, limit: Limit): boolean {
  return 'atLeast' in limit ? value >= limit.atLeast : value <= limit.atMost
}

function compare({ lower, upper }: Interval, limit: Limit): 'pass' | 'fail' | 'inconclusive' {
  const [worst, best] = 'atLeast' in limit ? [lower, upper] : [upper, lower]
  if (worst !== null && isInside(worst, limit)) return 'pass'
  return best === null || Number.isNaN(best) || isInside(best, limit) ? 'inconclusive' : 'fail'
}

function forecast(value: number, interval: Interval, n: number, limit: Limit): number | null {
  const at = threshold(limit)
  const bound = value > at ? interval.lower : interval.upper
  if (bound === null) return null
  const rows = rowsToClear({ value, bound, n }, at, { confidence: interval.confidence })
  // Estimate and limit so close that no data set settles it.
  return Number.isFinite(rows) && rows <= 1e9 ? Math.max(rows, n + 1) : null
}

function passesOneInTen(value: number, interval: Interval | null, limit: Limit): number | null {
  const bound = 'atLeast' in limit ? interval?.lower : interval?.upper
  if (interval === null || bound === null || bound === undefined) return null
  const standardError = Math.abs(value - bound) / twoSidedZ(interval.confidence)
  const reach = normalQuantile(0.9) * standardError
  return 'atLeast' in limit ? limit.atLeast - reach : limit.atMost + reach
}
