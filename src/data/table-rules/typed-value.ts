import type { DataSource } from '../../drivers/duckdb.ts'
import type { CellSql } from '../scan/cell.ts'
import type { JsonType } from '../scan/json-type.ts'

/** The JSON types that the values of a column can have by the schema, where the format does not tell. */
export type TextTypes = (column: string) => ReadonlySet<JsonType>

/** How SQL of people's own, and comparisons, see the values of a column: all of one type. */
export interface TypedValue {
  /** DuckDB's type. */
  readonly type: string
  /** SQL of the value; NULL where it is missing, NaN, or not of the type. */
  of(cell: CellSql): string
}

/**
 * The value of a column. Parquet has types. CSV and JSON get what the schema says: numbers where only numbers are allowed (beside null),
 * booleans where only booleans are, and text for anything else.
 */
export function typedValue(source: DataSource, name: string, types: TextTypes): TypedValue {
  const column = source.columns.find((candidate) => candidate.name === name)
  if (column && source.format !== 'csv' && column.type !== 'JSON') return { type: column.type, of: (cell) => cell.key }
  const allowed = [...types(name)].filter((type) => type !== 'null')
  if (allowed.length > 0 && allowed.every((type) => type === 'number' || type === 'integer')) {
    return { type: 'DOUBLE', of: ({ number }) => `CASE WHEN ${number.finite} THEN ${number.value} END` }
  }
  if (allowed.length > 0 && allowed.every((type) => type === 'boolean')) {
    return { type: 'BOOLEAN', of: ({ boolean }) => `CASE WHEN ${boolean.when} THEN ${boolean.value} END` }
  }
  return { type: 'VARCHAR', of: textValue }
}

/** The value as text, numbers as they are written. */
function textValue({ string, present, isNull, json }: CellSql): string {
  return `CASE WHEN ${string.when} THEN ${string.value} WHEN ${present} AND NOT ${isNull} THEN ${json} END`
}
