/** Parquet footers, read without DuckDB. */
export type { ColumnFooter, FileFooter, ParquetColumn, ParquetFooter } from './parquet/footer.ts'
export { readParquetFooter } from './parquet/read-footer.ts'
