import type { Duckdb } from '../../drivers/duckdb.ts'
import type { FileFooter } from '../../drivers/parquet.ts'

export type { ColumnFooter, FileFooter } from '../../drivers/parquet.ts'

/**
 * Something measured over all rows of a data set, in a way that lets files be measured one by one: the state of a set of files is
 * the merge of theirs, in reading order, and the merge equals what one pass over all of them gives.
 *
 * States are JSON values, so that they can be kept.
 */
export interface Aggregate<State = unknown> {
  /** Equal identifiers are the same question; it is part of the key under which states are kept. */
  readonly id: string
  /** Names of the data's columns that it reads; for the plan, and for footers. */
  readonly columns: readonly string[]
  readonly how:
    | {
        /** One aggregate expression over `scan.table()`; all of these are answered by one fused scan. */
        readonly sql: string
      }
    | {
        /** A query of its own with one row and one column, for what one aggregate expression cannot say. */
        readonly query: (table: string) => string
        /** The query needs `__file` and `__row`. */
        readonly numbered: boolean
      }
    | {
        /** Several queries, for what depends on what the first of them finds. Answers a JSON value. */
        readonly ask: (question: Question) => Promise<string | number | boolean | null>
      }
  /** Never kept for a later run, since it depends on more than the file: another file, the time. */
  readonly unkept?: true
  /** From what the query gives (numbers, text, JSON text of nested values) to the state. */
  read(value: string | number | boolean | null): State
  merge(a: State, b: State): State
  /** The same for any number of states, where that is cheaper than one after the other. */
  mergeAll?(states: readonly State[]): State
  /** `false`: no state that is small tells enough to be merged, so it is measured over all files at once, and `merge` throws. */
  readonly mergeable?: false
  /** The state by the footer alone; undefined where it does not tell. */
  fromFooter?(footer: FileFooter): State | undefined
  /** SQL that gives the same in a file with this footer, and is cheaper; only where `how` is one expression. */
  sqlWith?(footer: FileFooter): string | undefined
  /**
   * Whether a merged state tells all that is asked. Where it does not, because states are small and what they would have to hold is
   * not, the data set is measured as a whole. By default it does.
   */
  isComplete?(state: State): boolean
}

/** What an aggregate that asks several queries is told. */
export interface Question {
  readonly duckdb: Duckdb
  /** The table expression, as `scan.table()`. */
  readonly table: string
  /** Of a single Parquet file with usable statistics. */
  readonly footer?: FileFooter | undefined
}

/** The states of aggregates, by their identifiers. */
export interface States {
  /** @throws when it was not measured, which is a bug */
  of<State>(aggregate: Aggregate<State>): State
}
