import { judgeAllowance } from './allowance.ts'
import type { TableVerdict } from './rule.ts'

export interface RowsOfRule {
  /** The demand: `unique`. */
  readonly phrase: string
  readonly broken: number
  /** The rows that the rule is about. */
  readonly rows: number
  readonly mostly: number
  /** Why there can be no row that the rule is about. */
  readonly none: string
  /** Further sentences. */
  readonly notes?: readonly string[]
}

/** A rule that names rows: how many break it, against how many may. */
export function rowsVerdict({ phrase, broken, rows, mostly, none, notes = [] }: RowsOfRule): TableVerdict {
  const { verdict, interval, expected, actual, reason, measurement } = judgeAllowance(broken, rows, mostly)
  const demand = mostly === 1 ? '' : `; ${expected} have to keep it`
  const sentence = rows === 0 ? `${phrase}: not judged, because ${none}.` : `${phrase}: ${actual}${demand}.`
  return {
    verdict,
    message: [sentence, ...(rows > 0 && reason ? [reason] : []), ...notes].join(' '),
    expected,
    actual,
    measurements: [measurement],
    broken,
    ...(interval && { interval }),
  }
}
