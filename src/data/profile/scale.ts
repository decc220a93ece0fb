import { identifier, type TypedColumn } from '../../drivers/duckdb.ts'

/**
 * The SQL of a column's value on a number line: finite numbers as DOUBLE, dates and times in milliseconds since 1970 (UTC);
 * NULL for a value that has no place on it. Undefined for columns that have no such line.
 */
export function onScale({ name, type, kind }: TypedColumn): string | undefined {
  const value = identifier(name)
  if (kind === 'number') {
    return /^(FLOAT|DOUBLE)$/.test(type)
      ? `CASE WHEN isfinite(${value}) THEN CAST(${value} AS DOUBLE) END`
      : `CAST(${value} AS DOUBLE)`
  }
  if (kind !== 'time') return undefined
  return `CASE WHEN isfinite(${value}) THEN CAST(epoch_ms(${value}) AS DOUBLE) END`
}

/** The SQL of a column's value, NULL where it is missing: NaN is, as most tools write it for a missing number. */
export function presentValue({ name, type }: TypedColumn): string {
  const value = identifier(name)
  return /^(FLOAT|DOUBLE)$/.test(type) ? `CASE WHEN NOT isnan(${value}) THEN ${value} END` : value
}
