import type { Condition } from '../row-schema/compile.ts'
import { FALSE, TRUE } from '../scan/cell.ts'
import type { Scan } from '../scan/scan.ts'
import type { ColumnFooter, FileFooter } from './aggregate.ts'

/**
 * How many rows of a file break a condition, by its footer alone; undefined where the footer does not tell.
 *
 * @param folded the condition as it is compiled for a scan that knows the footer
 */
export function brokenByFooter(folded: Condition, scan: Scan, footer: FileFooter): number | undefined {
  if (folded.broken === FALSE) return 0
  if (folded.broken === TRUE) return footer.rows
  const onNull = /^\(d(\d+) IS (NOT )?NULL\)$/.exec(folded.broken)
  if (onNull) {
    const column = footer.column(scan.columns()[Number(onNull[1])]!)
    return column && (onNull[2] ? column.rows - column.nulls : column.nulls)
  }
  const [name] = folded.columns
  const column = name === undefined ? undefined : footer.column(name)
  return folded.columns.length === 1 && column ? brokenListing(folded.rule, column) : undefined
}

/** Rows outside a list that covers every whole number, or both truth values, between the bounds: those that are null. */
function brokenListing({ keyword, value }: Condition['rule'], { min, max, nulls }: ColumnFooter): number | undefined {
  if (keyword !== 'enum' || !Array.isArray(value)) return undefined
  const list = value as readonly unknown[]
  const between = valuesBetween(min, max, list.length)
  if (!between?.every((one) => list.includes(one))) return undefined
  return list.includes(null) ? 0 : nulls
}

/** All values that a column with these bounds can have, if they are no more than so many. */
function valuesBetween(min: ColumnFooter['min'], max: ColumnFooter['max'], most: number): unknown[] | undefined {
  if (typeof min === 'boolean' && typeof max === 'boolean') return [...new Set([min, max])]
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) return undefined
  const [low, high] = [min as number, max as number]
  return high - low < most ? Array.from({ length: high - low + 1 }, (_, i) => low + i) : undefined
}
