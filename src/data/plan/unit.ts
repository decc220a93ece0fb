import type { DataSource } from '../../drivers/duckdb.ts'
import type { ParquetFooter } from '../../drivers/parquet.ts'

/** A part of a data set that is measured, and whose states are kept, by itself: a file, or files that only have types together. */
export interface Unit {
  readonly source: DataSource
  /** Of a unit of one Parquet file, whose statistics may be used. */
  readonly footer?: ParquetFooter | undefined
  /** Rows by its footer, whether statistics may be used or not: as many have to be read. */
  readonly rows?: number | undefined
}
