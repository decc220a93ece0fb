import type { Interval, Threshold } from '../core/check.ts'
import { isShareOfRows, pointErrors, type PointErrors } from './point-gate.ts'
import { rowsToClear, rowsToSeparateProportion } from './sample-size.ts'

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
  /** The rows that the value rests on. */
  readonly n: number
  /** All rows, where the value rests on some of them: recall on the positive ones. More rows are needed of all. */
  readonly rowCount?: number | undefined
  /** What is counted, where it is not rows: `queries`. */
  readonly things?: string | undefined
}

export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'error'
  /** For `inconclusive`: how many rows in all would decide it with a chance of 80 % if the estimate is the truth; null when no number would. */
  readonly rowsNeeded: number | null
  /** For evidence `point`: what the interval would have said, and how often such a gate errs; null where that is not known. */
  readonly price: { readonly byInterval: 'pass' | 'fail' | 'inconclusive'; readonly errors: PointErrors | null } | null
}

/**
 * Judges an estimate against a limit. Pass only if the interval lies wholly on the right side, fail only if it lies wholly on
 * the wrong side, inconclusive between. What was not measured (no rows, NaN) is an error; no interval is never a pass.
 */
export function judge(estimate: Estimate, limit: Threshold, evidence: Evidence = 'interval'): Judgement {
  const { value, interval, n } = estimate
  // Nothing is infinitely good; infinitely bad is how a measure says that it broke down on what it measured.
  const isMeasured = value !== null && !Number.isNaN(value) && n > 0 && (Number.isFinite(value) || !isInside(value, limit))
  if (!isMeasured) return { verdict: 'error', rowsNeeded: null, price: null }
  const byInterval = interval === null ? 'inconclusive' : compare(interval, limit)
  if (evidence === 'point') {
    const verdict = isInside(value, limit) ? 'pass' : 'fail'
    return { verdict, rowsNeeded: null, price: { byInterval, errors: pointErrors({ value, interval, n }, limit) } }
  }
  const rowsNeeded = byInterval === 'inconclusive' && interval ? forecast({ ...estimate, value, interval }, limit) : null
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

function forecast(
  { value, interval, n, rowCount = n }: Estimate & { value: number; interval: Interval },
  { value: at }: Threshold,
): number | null {
  const { confidence } = interval
  const bound = value > at ? interval.lower : interval.upper
  if (bound === null) return null
  // Wilson's interval clears the limit when the value is far enough in the deviation that holds at the limit, not at the value.
  const rows = isShareOfRows({ value, interval, n })
    ? rowsToSeparateProportion(value, at, { confidence })
    : rowsToClear({ value, bound, n }, at, { confidence })
  const needed = Math.ceil((Math.max(rows, n + 1) * rowCount) / n)
  // Estimate and limit so close that no data set settles it.
  return needed <= 1e9 ? needed : null
}
