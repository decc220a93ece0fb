import { literal } from '../../drivers/duckdb.ts'
import type { JsonValue } from './json-type.ts'

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
  readonly string: CellValue & {
    /** For columns of dates and times, whose text is made from the value: the format that the type stands for. */
    readonly time?: {
      readonly format: 'date' | 'time' | 'date-time'
      /** Condition: the value is one that ISO 8601 can write, so not infinite. */
      readonly holds: string
    }
  }
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
  /** What is in the value where `isArray` holds; undefined where it never does. */
  readonly array?: ArraySql
  /** What is in the value where `isObject` holds; undefined where it never does. */
  readonly object?: ObjectSql
}

/** The items of an array; everything here is only to be used together with `isArray`. */
export interface ArraySql {
  readonly length: string
  /** The item at a place, from 0; not present in shorter arrays. */
  readonly item: (index: number) => CellSql
  /** Condition: it holds for one item at least, of those from a place on. */
  readonly anyItem: (from: number, condition: (item: CellSql) => string) => string
  /** Condition: no two items are equal. */
  readonly isUnique: string
}

/** The properties of an object; everything here is only to be used together with `isObject`. */
export interface ObjectSql {
  readonly size: string
  /** The value of a property; not present in objects without it. */
  readonly property: (name: string) => CellSql
  /** Condition: it holds for one property at least, of those that are not listed. */
  readonly anyProperty: (except: readonly string[], condition: (property: CellSql) => string) => string
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

/** A double below 2^53 either way, which tells it from every other integer. Beyond, digits are only kept by the text. */
export const isExact = (number: string): string => `abs(${number}) < 9007199254740992`

/** A value that a column never has. */
export const NEVER: CellValue = { when: FALSE, value: 'NULL' }

/** A value that is not there, in no row. */
export const ABSENT: CellSql = {
  present: FALSE,
  isNull: FALSE,
  isArray: FALSE,
  isObject: FALSE,
  boolean: NEVER,
  string: NEVER,
  number: { ...NEVER, finite: FALSE, integer: FALSE, compare: () => FALSE },
  json: 'NULL',
  key: 'NULL',
  instant: 'CAST(NULL AS TIMESTAMP)',
}

/** A condition on the items of a cell that is an array; false where it is none. */
export const inArray = (cell: CellSql, condition: (array: ArraySql) => string): string =>
  cell.array ? and(cell.isArray, condition(cell.array)) : FALSE

/** A condition on the properties of a cell that is an object; false where it is none. */
export const inObject = (cell: CellSql, condition: (object: ObjectSql) => string): string =>
  cell.object ? and(cell.isObject, condition(cell.object)) : FALSE

/** The cell equals a JSON value, as JSON Schema compares: 1 and 1.0 are equal, 1 and "1" are not, and objects have no order. */
export function equals(cell: CellSql, value: JsonValue): string {
  if (value === null) return cell.isNull
  if (typeof value === 'number') return and(cell.number.when, cell.number.compare('=', value))
  if (typeof value === 'boolean') return and(cell.boolean.when, value ? cell.boolean.value : not(cell.boolean.value))
  if (typeof value === 'string') return and(cell.string.when, `${cell.string.value} = ${literal(value)}`)
  if (Array.isArray(value)) {
    const items = value as readonly JsonValue[]
    return inArray(cell, ({ length, item }) =>
      and(`(${length} = ${items.length})`, ...items.map((one, i) => equals(item(i), one))),
    )
  }
  const entries = Object.entries(value)
  return inObject(cell, ({ size, property }) =>
    and(`(${size} = ${entries.length})`, ...entries.map(([name, one]) => equals(property(name), one))),
  )
}
