/**
 * A longer list is given to IN, which hashes it. A short one is given to a function, because DuckDB works a function out once for each
 * entry of a column's dictionary, and IN once for each row: four times the work on the text columns of a Parquet file.
 */
const SHORT = 32

/** Condition: a value that is there is one of these. @param literals SQL, of the type of the value */
export function isAmong(value: string, literals: readonly string[]): string {
  const list = literals.join(', ')
  return literals.length <= SHORT ? `list_contains([${list}], ${value})` : `${value} IN (${list})`
}
