import type { Digest } from '../../core/digest.ts'
import type { RowPlace } from '../../drivers/duckdb.ts'

export interface ColumnFacts {
  readonly name: string
  readonly type: string
  /** Rows without a value: null, an empty CSV field, NaN. */
  readonly missing: number
  /** The only value that the present ones have, as text; null when there are several, or none. */
  readonly onlyValue: string | null
}

/** Rows that agree in what they were grouped by. */
export interface RowGroup {
  readonly rows: number
  /** The first of them. */
  readonly places: readonly RowPlace[]
}

export interface LabelFacts {
  readonly column: string
  /** Rows by label, most frequent first; at most `mostClasses` + 1 of them. */
  readonly classes: readonly { readonly label: string; readonly rows: number }[]
  /** Rows whose features occur with another label too. */
  readonly conflictingRows: number
  readonly conflicts: readonly RowGroup[]
  /** Rows that every model gets wrong, seeing only the features: of equal rows, those without the most frequent label. */
  readonly outvoted: number
}

/** What a data set is like, measured over all its rows. */
export interface QualityFacts {
  /** What was measured, without what is secret in an address. */
  readonly data: { readonly path: string; readonly digest: Digest }
  readonly rows: number
  readonly columns: readonly ColumnFacts[]
  /** Rows that repeat an earlier row. */
  readonly duplicateRows: number
  readonly duplicates: readonly RowGroup[]
  readonly label: LabelFacts | null
}
