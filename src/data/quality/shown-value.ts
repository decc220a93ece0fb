import type { ColumnFacts } from './facts.ts'
import { maskText } from './personal-data/mask.ts'

/** A value of a column as a report may show it: in quotes, and only its form where the column is sensitive. */
export function shownValue({ isMasked }: Pick<ColumnFacts, 'isMasked'>, value: string): string {
  return isMasked ? `${JSON.stringify(maskText(value))} (masked)` : JSON.stringify(value)
}

/** A number for people: no more digits than tell it apart. */
export function shownNumber({ isMasked }: Pick<ColumnFacts, 'isMasked'>, value: number): string {
  return isMasked ? '(masked)' : String(Number(value.toPrecision(6)))
}
