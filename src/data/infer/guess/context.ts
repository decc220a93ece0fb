import { wilson } from '../../../stats/proportion.ts'
import { isNamedLikeAge, isNamedLikeKey, isNamedLikePersonal, isNamedLikeYear } from '../column-name.ts'
import type { Guess } from '../draft.ts'
import type { ObservedColumn } from '../observation.ts'

/** What a guess about one column may look at. */
export interface ColumnContext {
  readonly column: ObservedColumn
  readonly rows: number
  /** Rows with a value. */
  readonly present: number
  readonly isKey: boolean
  readonly isPersonal: boolean
  /** Text with few values that repeat. */
  readonly isCategory: boolean
  /** The fewest rows that the schema admits. */
  readonly fewestRows: number
}

export interface GuessOptions {
  /** Columns whose values must not be written into the schema. */
  readonly sensitive: readonly string[]
  /** More different values than this are not listed. */
  readonly maxCategories: number
}

/** What a guess adds to the schema of a column. */
export interface Guesses {
  readonly keywords?: readonly Guess[]
  readonly rules?: readonly Guess[]
  /** Allowances by keyword, under `x-plimsoll: { rules: … }`. */
  readonly allowances?: Readonly<Record<string, Guess>>
  readonly notes?: readonly string[]
}

/** With fewer values than this nothing is concluded from all of them being alike. */
export const ENOUGH = 30

/** Confidence of the bounds behind allowances: high, because a schema has many and each may fail a good file. */
export const CONFIDENCE = 0.999

/** Singletons among at most this share: more, and the values are no categories (Good 1953: it estimates the share of unseen ones). */
const MOST_SINGLETONS = 0.05
const FEWEST_FOR_CATEGORIES = 20

export function contextOf(
  column: ObservedColumn,
  rows: number,
  { sensitive, maxCategories }: GuessOptions,
  fewestRows: number,
): ColumnContext {
  const present = rows - column.missing
  const isKey = looksLikeKey(column, rows)
  const isPersonal = sensitive.includes(column.name) || isNamedLikePersonal(column.name) || isMostlyPersonal(column, present)
  const singletons = singletonsOf(column)
  const isCategory =
    column.kind === 'text' &&
    !isKey &&
    !isPersonal &&
    !isNamedLikeKey(column.name) &&
    column.values !== undefined &&
    column.values.length <= maxCategories &&
    present >= FEWEST_FOR_CATEGORIES &&
    singletons / present <= MOST_SINGLETONS
  return { column, rows, present, isKey, isPersonal, isCategory, fewestRows }
}

/** Values that occur in one row alone. */
export const singletonsOf = ({ values }: ObservedColumn): number => values?.filter(({ rows }) => rows === 1).length ?? 0

function isMostlyPersonal({ text }: ObservedColumn, present: number): boolean {
  return present > 0 && ['email', 'ipv4'].some((format) => (text?.formats[format] ?? 0) / present >= 0.5)
}

/** Repeats that there would be among as many whole numbers drawn at random from the same range, from which on none is no accident. */
const EXPECTED_REPEATS = 5

/**
 * No value repeats, and that is no accident: the column is named like a key, holds UUIDs or codes of one shape, or holds whole numbers so close
 * together that numbers drawn at random would repeat (n (n - 1) / 2 pairs over the size of the range, the birthday problem).
 */
function looksLikeKey({ name, kind, missing, exactDistinct, scale, text }: ObservedColumn, rows: number): boolean {
  if (rows < ENOUGH || missing > 0 || exactDistinct !== rows) return false
  if (kind === 'number') {
    if (!scale?.whole || isNamedLikeAge(name) || isNamedLikeYear(name)) return false
    return isNamedLikeKey(name) || (rows * (rows - 1)) / 2 / (scale.max - scale.min + 1) >= EXPECTED_REPEATS
  }
  if (kind !== 'text') return false
  return isNamedLikeKey(name) || text?.formats['uuid'] === rows || (text?.shape?.includes('9') ?? false)
}

/** The share of rows that may be demanded when so many of them kept a rule: the lower Wilson bound, rounded down. */
export function shareToDemand(kept: number, rows: number): number {
  return Math.floor(wilson(kept, rows, CONFIDENCE).lower * 1000) / 1000
}
