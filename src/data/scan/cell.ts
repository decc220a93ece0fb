import type { JsonScalar } from './json-type.ts'

/**
 * How SQL sees the values of one column as JSON values. Every condition is true or false, never NULL, and a value's SQL is only
 * to be used together with its condition. Formats differ in this alone; keywords are written once against it.
 */
export interface CellSql {
  /** The row has the column at all: for JSON documents, the key. */
  readonly present: string
  readonly isNull: string
  readonly isArray: string
  readonly isObject: string
  readonly boolean: CellValue
  readonly string: CellValue
  /** Numbers, with NaN and the infinities, which JSON does not have: they are of no type and break every demand on numbers. */
  readonly number: CellValue & {
    /** Not NaN and not infinite. */
    readonly finite: string
    /** Without a fraction; 1.0 is an integer in JSON Schema. */
    readonly integer: string
    /** The SQL that compares the value with a number, without losing digits of 64-bit integers. */
    compare(operator: '<' | '<=' | '>' | '>=' | '=', bound: number): string
  }
  /** The value as JSON text, for example rows; NULL when it is missing. */
  readonly json: string
  /** A value by which rows are compared and grouped: equal for equal JSON values, of one type; NULL when it is missing, or NaN. */
  readonly key: string
  /** The value as a TIMESTAMP in UTC, for dates and times and for text that is written as one in ISO 8601; NULL for any other. */
  readonly instant: string
}

export interface CellValue {
  /** Condition: the value is of this kind. */
  readonly when: string
  /** The value, where it is. */
  readonly value: string
}

export const TRUE = 'TRUE'
export const FALSE = 'FALSE'

/** All conditions hold. Constants are folded away, so that what a column cannot have, or break, costs nothing. */
export function and(...conditions: readonly string[]): string {
  const open = [...new Set(conditions)].filter((condition) => condition !== TRUE)
  if (open.includes(FALSE) || hasOpposites(open)) return FALSE
  return open.length === 0 ? TRUE : open.length === 1 ? open[0]! : `(${open.join(' AND ')})`
}

/** At least one condition holds. */
export function or(...conditions: readonly string[]): string {
  const open = [...new Set(conditions)].filter((condition) => condition !== FALSE)
  if (open.includes(TRUE) || hasOpposites(open)) return TRUE
  return open.length === 0 ? FALSE : open.length === 1 ? open[0]! : `(${open.join(' OR ')})`
}

export function not(condition: string): string {
  if (condition === TRUE) return FALSE
  if (condition === FALSE) return TRUE
  const ofNull = /^\((\w+) IS (NOT )?NULL\)$/.exec(condition)
  return ofNull ? `(${ofNull[1]} IS ${ofNull[2] ? '' : 'NOT '}NULL)` : `(NOT ${condition})`
}

/** A condition and its opposite: one holds, and the other does not, since none is ever NULL. */
const hasOpposites = (conditions: readonly string[]): boolean =>
  conditions.length > 1 && conditions.length < 50 && conditions.some((condition) => conditions.includes(not(condition)))

/** A number as a DOUBLE literal. */
export function double(value: number): string {
  const text = String(value)
  return text.includes('e') ? text : `${text}e0`
}

/** A value that a column never has. */
export const NEVER: CellValue = { when: FALSE, value: 'NULL' }

/** The cell equals a JSON value, as JSON Schema compares: 1 and 1.0 are equal, 1 and "1" are not. */
export function equals(cell: CellSql, value: JsonScalar, literal: (text: string) => string): string {
  if (value === null) return cell.isNull
  if (typeof value === 'number') return and(cell.number.when, cell.number.compare('=', value))
  if (typeof value === 'boolean') return and(cell.boolean.when, value ? cell.boolean.value : not(cell.boolean.value))
  return and(cell.string.when, `${cell.string.value} = ${literal(value)}`)
}
