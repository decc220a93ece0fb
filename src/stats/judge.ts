import type { Interval, Threshold } from '../core/check.ts'
import { normalQuantile, twoSidedZ } from './normal.ts'
import { rowsToClear } from './sample-size.ts'

/**
 * What a gate decides by: the whole interval must clear the limit (`interval`), or the estimate alone is compared (`point`),
 * which lets luck decide near the limit.
 */
export type Evidence = 'interval' | 'point'

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
export function judge({ value, interval, n }: Estimate, limit: Threshold, evidence: Evidence = 'interval'): Judgement {
  // Nothing is infinitely good; infinitely bad is how a measure says that it broke down on what it measured.
  const isMeasured = value !== null && !Number.isNaN(value) && n > 0 && (Number.isFinite(value) || !isInside(value, limit))
  if (!isMeasured) return { verdict: 'error', rowsNeeded: null, price: null }
  const byInterval = interval === null ? 'inconclusive' : compare(interval, limit)
  if (evidence === 'point') {
    const verdict = isInside(value, limit) ? 'pass' : 'fail'
    return { verdict, rowsNeeded: null, price: { byInterval, passesOneInTen: passesOneInTen(value, interval, limit) } }
  }
  const rowsNeeded = byInterval === 'inconclusive' && interval ? forecast(value, interval, n, limit) : null
  return { verdict: byInterval, rowsNeeded, price: null }
}

/** Whether a value is on the good side of a limit, which is itself allowed. NaN never is. */
export function isInside(value: number, limit: Threshold): boolean {
  return limit.good === 'at-least' ? value >= limit.value : value <= limit.value
}

function compare({ lower, upper }: Interval, limit: Threshold): 'pass' | 'fail' | 'inconclusive' {
  const [worst, best] = limit.good === 'at-least' ? [lower, upper] : [upper, lower]
  if (worst !== null && isInside(worst, limit)) return 'pass'
  return best === null || Number.isNaN(best) || isInside(best, limit) ? 'inconclusive' : 'fail'
}

function forecast(value: number, interval: Interval, n: number, limit: Threshold): number | null {
  const at = limit.value
  const bound = value > at ? interval.lower : interval.upper
  if (bound === null) return null
  const rows = rowsToClear({ value, bound, n }, at, { confidence: interval.confidence })
  // Estimate and limit so close that no data set settles it.
  return Number.isFinite(rows) && rows <= 1e9 ? Math.max(rows, n + 1) : null
}

function passesOneInTen(value: number, interval: Interval | null, limit: Threshold): number | null {
  const bound = limit.good === 'at-least' ? interval?.lower : interval?.upper
  if (interval === null || bound === null || bound === undefined) return null
  const standardError = Math.abs(value - bound) / twoSidedZ(interval.confidence)
  const reach = normalQuantile(0.9) * standardError
  return limit.good === 'at-least' ? limit.value - reach : limit.value + reach
}
