import type { ColumnKind } from '../../core/column-profile.ts'
import { identifier, textOf, type TypedColumn, type TypedSource } from '../../drivers/duckdb.ts'

/** One of the two data sets, as far as comparing needs it. */
export type Side = Pick<TypedSource, 'sql' | 'numberedSql' | 'columns'>

/** A column that both data sets have. */
export interface CommonColumn {
  readonly name: string
  readonly kind: ColumnKind
  readonly reference: TypedColumn
  readonly current: TypedColumn
}

/**
 * A column's value as a double (numbers; times in milliseconds since 1970, UTC) or as text (text, true and false), so that both
 * sides agree; for what is neither, whether it is there. NaN is missing: most tools write it for a missing value.
 */
export function valueSql({ name, type, kind }: TypedColumn): string {
  const column = identifier(name)
  if (kind === 'number') {
    const value = `CAST(${column} AS DOUBLE)`
    return /^(FLOAT|DOUBLE)$/.test(type) ? `CASE WHEN NOT isnan(${column}) THEN ${value} END` : value
  }
  if (kind === 'time') return `CAST(epoch_ms(CAST(${column} AS TIMESTAMP)) AS DOUBLE)`
  if (kind === 'nested' || kind === 'binary') return `CASE WHEN ${column} IS NOT NULL THEN TRUE END`
  return textOf(column, type)
}

/** A side with the common columns alone, named v0, v1, …, as `valueSql` writes them. */
export function projection(
  side: Side,
  which: 'reference' | 'current',
  columns: readonly CommonColumn[],
  more: { readonly from?: string; readonly also?: readonly string[] } = {},
): string {
  const values = columns.map((column, i) => `${valueSql(column[which])} AS v${i}`)
  return `(SELECT ${[...values, ...(more.also ?? []), ...(columns.length === 0 ? ['0 AS nothing'] : [])].join(', ')} FROM ${more.from ?? side.sql})`
}
