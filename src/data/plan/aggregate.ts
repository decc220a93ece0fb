/** What the footers of a Parquet file say of one column of it. */
export interface ColumnFooter {
  /** DuckDB's type of the column. */
  readonly type: string
  /** Values, nulls included. */
  readonly rows: number
  readonly nulls: number
  /** Bounds of the values that are not null; null where the footers do not tell, or not safely (cut short, NaN possible). */
  readonly min: number | bigint | string | boolean | null
  readonly max: number | bigint | string | boolean | null
}

/** What the footer of one file answers. */
export interface FileFooter {
  readonly rows: number
  /** Undefined for a column whose statistics are incomplete or of which it has none. */
  column(name: string): ColumnFooter | undefined
}

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
  /** From what the query gives (numbers, text, JSON text of nested values) to the state. */
  read(value: string | number | boolean | null): State
  merge(a: State, b: State): State
  /** `false`: no state that is small tells enough to be merged, so it is measured over all files at once, and `merge` throws. */
  readonly mergeable?: false
  /** The state by the footer alone; undefined where it does not tell. */
  fromFooter?(footer: FileFooter): State | undefined
}

/** The states of aggregates, by their identifiers. */
export interface States {
  /** @throws when it was not measured, which is a bug */
  of<State>(aggregate: Aggregate<State>): State
}
