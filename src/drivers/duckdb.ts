/** DuckDB and the data files that it reads: the only door to Parquet, CSV and JSON. */
export { identifier, literal, openDuckdb, type Duckdb } from './duckdb/connection.ts'
export { openData, type DataSource } from './duckdb/data-source.ts'
export { placeRows, type RowNumber, type RowPlace } from './duckdb/row-places.ts'
export { requireColumns } from './duckdb/require-columns.ts'
export { readTable } from './duckdb/read-table.ts'
export { isPlainNumber, kindOf, typedSource, type TypedColumn, type TypedSource } from './duckdb/typed-source.ts'
export { textOf } from './duckdb/value-text.ts'
export { writeParquet } from './duckdb/write-parquet.ts'
