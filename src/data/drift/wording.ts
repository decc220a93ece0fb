import { formatCount } from '../../core/counts.ts'
import type { RowsNeeded } from './power.ts'

/** Three significant digits, as far as they say something: 0.136, 23, 12,300. */
export function shortNumber(value: number): string {
  if (Number.isInteger(value)) return formatCount(value)
  return Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)))
}

/** `p = 0.003`, `p < 0.0001`. */
export function pText(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(2))}`
}

/** `about 1,100 rows in each data set`. */
export function neededText(needed: RowsNeeded | null): string {
  if (needed === null) return 'these rows'
  if ('current' in needed) return `about ${formatCount(needed.current)} current rows`
  return Number.isFinite(needed.each) ? `about ${formatCount(needed.each)} rows in each data set` : 'no number of rows'
}
