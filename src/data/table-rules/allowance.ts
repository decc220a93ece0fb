import type { Interval, Measurement } from '../../core/check.ts'
import { formatCount, percent } from '../../core/counts.ts'
import type { Verdict } from '../../core/verdict.ts'
import { judge } from '../../stats/judge.ts'
import { wilson } from '../../stats/proportion.ts'
import type { Severity } from './rule.ts'

/** How a rule that is asked of every row, or of most, came out. */
export interface AllowanceVerdict {
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'error'
  /** Share of rows that keep the rule; null without rows. */
  readonly share: number | null
  /** Of the share, where most rows are asked for and not all. */
  readonly interval?: Interval
  /** For `inconclusive`: about how many rows in all would decide it; null when no number would. */
  readonly rowsNeeded: number | null
  /** `all rows`, `at least 99 % of rows`. */
  readonly expected: string
  /** `12 of 1,200 rows (1 %) break it`. */
  readonly actual: string
  /** For `inconclusive`, and an error: what is missing, a sentence. */
  readonly reason?: string
  readonly measurement: Measurement
}

/**
 * Judges a rule on rows that allows some of them to break it.
 *
 * Asked of all rows (`mostly` 1) it holds or does not: all rows were looked at. A smaller share is a claim about data of this kind, so
 * Wilson's interval of the share that keeps the rule is judged: it passes when the lower end reaches `mostly`, fails when the upper end
 * does not, and is inconclusive between, with about how many rows would decide it.
 *
 * @param rows the rows that the rule is about
 * @param mostly in (0, 1]
 */
export function judgeAllowance(broken: number, rows: number, mostly: number): AllowanceVerdict {
  const expected = mostly === 1 ? 'all rows' : `at least ${exactPercent(mostly)} of rows`
  const name = 'rows that keep it'
  if (rows === 0) {
    const measurement = { name, value: null, unit: 'share', n: 0 }
    const reason = 'There is no row to judge.'
    return { verdict: 'error', share: null, rowsNeeded: null, expected, actual: 'no rows', reason, measurement }
  }
  const share = (rows - broken) / rows
  const actual =
    broken === 0
      ? `all ${formatCount(rows)} rows keep it`
      : `${formatCount(broken)} of ${formatCount(rows)} rows (${percent(broken / rows)}) break it`
  if (mostly === 1) {
    const measurement = { name, value: share, unit: 'share', n: rows }
    return { verdict: broken === 0 ? 'pass' : 'fail', share, rowsNeeded: null, expected, actual, measurement }
  }
  const interval = wilson(rows - broken, rows)
  const threshold = { value: mostly, good: 'at-least' } as const
  const { verdict, rowsNeeded } = judge({ value: share, interval, n: rows }, threshold)
  const measurement = { name, value: share, unit: 'share', n: rows, interval, threshold }
  const base = { verdict, share, interval, rowsNeeded, expected, actual, measurement }
  return verdict === 'inconclusive' ? { ...base, reason: thinness(interval, rowsNeeded) } : base
}

function thinness({ lower, upper, confidence }: Interval, rowsNeeded: number | null): string {
  const range = `${finePercent(lower!)} to ${finePercent(upper!)} of such rows would keep it (${exactPercent(confidence)} interval), which does not decide`
  return rowsNeeded === null ? `${range}; no number of rows would.` : `${range}; about ${formatCount(rowsNeeded)} rows would.`
}

/** A limit as it was written: 99.995 %. */
export const exactPercent = (share: number): string => `${Number((share * 100).toPrecision(12))} %`
const finePercent = (share: number): string => `${Number((share * 100).toPrecision(4))} %`

/** What a rule's verdict does to the gate: a broken rule of severity `warning` is told and lets it pass. An error stays one. */
export function weigh(verdict: AllowanceVerdict['verdict'], severity: Severity): Verdict {
  return severity === 'warning' && (verdict === 'fail' || verdict === 'inconclusive') ? 'warn' : verdict
}
