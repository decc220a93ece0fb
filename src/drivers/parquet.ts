/** Parquet footers, read without DuckDB. */
export type { ColumnFooter, FileFooter, ParquetFooter } from './parquet/footer.ts'
export { readParquetFooter } from './parquet/read-footer.ts'
