import { identifier, textOf } from '../../../drivers/duckdb.ts'
import type { DataSource, Duckdb, TypedColumn, TypedSource } from '../../../drivers/duckdb.ts'

/** A column and how SQL over `typed.sql` sees it. */
export interface QualityColumn extends TypedColumn {
  /** The value; NaN is null, because most tools write it for a missing value. */
  readonly value: string
  /** The same as text. */
  readonly asText: string
  /** Free text, as opposed to what only looks like text to statistics, such as a UUID or a time of day. */
  readonly isText: boolean
}

/** A data set that is open for measuring. */
export interface QualityData {
  readonly duckdb: Duckdb
  readonly source: DataSource
  readonly typed: TypedSource
  readonly columns: readonly QualityColumn[]
}

export function qualityData(duckdb: Duckdb, typed: TypedSource): QualityData {
  const columns = typed.columns.map((column) => {
    const value = present(identifier(column.name), column.type)
    const isText = column.kind === 'text' && /^(VARCHAR|ENUM)/.test(column.type)
    return { ...column, value, asText: textOf(value, column.type), isText }
  })
  return { duckdb, source: typed.source, typed, columns }
}

/** NaN is a missing value: most tools write it for one. */
export function present(column: string, type: string): string {
  return type === 'FLOAT' || type === 'DOUBLE' ? `CASE WHEN NOT isnan(${column}) THEN ${column} END` : column
}

/** Lists of at most `size`, so that a table of a thousand columns is not one statement of many thousand expressions. */
export function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}
