/** What the footer of a Parquet file says of one column of it. */
export interface ColumnFooter {
  /** DuckDB's type of the column. */
  readonly type: string
  /** Values, nulls included. */
  readonly rows: number
  readonly nulls: number
  /**
   * Bounds of the values that are not null; null where the footer does not tell, or not safely (cut short, NaN possible). Whole
   * numbers are bigints beyond 2^53; dates and times are text as DuckDB and ISO 8601 write them (`2024-01-31T12:00:00`).
   */
  readonly min: number | bigint | string | boolean | null
  readonly max: number | bigint | string | boolean | null
}

/** What the footer of one Parquet file answers. */
export interface FileFooter {
  readonly rows: number
  /** Undefined for a column whose statistics are incomplete, or of which the file has none. */
  column(name: string): ColumnFooter | undefined
}

/** The footer of one Parquet file, checked against itself and the file. */
export interface ParquetFooter extends FileFooter {
  /** In their order. */
  readonly columns: readonly ParquetColumn[]
}

export interface ParquetColumn {
  readonly name: string
  /** DuckDB's type; null where it is not certain what DuckDB makes of the column (nested, rare or ambiguous). */
  readonly type: string | null
  /** Equal for columns of one type, also where the type is not certain. */
  readonly shape: string
}
