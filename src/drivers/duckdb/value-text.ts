/**
 * SQL that writes a value as text the way JSON would hold it: dates and times in ISO 8601, text itself unquoted.
 *
 * @param value an SQL expression
 * @param type its DuckDB type
 */
export function textOf(value: string, type: string): string {
  if (type === 'VARCHAR') return value
  if (type === 'JSON') return `(${value} ->> '$')`
  if (type === 'BLOB') return `base64(${value})`
  if (type.startsWith('TIMESTAMP WITH TIME ZONE')) return `replace(replace(CAST(${value} AS VARCHAR), ' ', 'T'), '+00', 'Z')`
  if (type.startsWith('TIMESTAMP')) return `replace(CAST(${value} AS VARCHAR), ' ', 'T')`
  if (/[\])]$/.test(type) && !/^(DECIMAL|ENUM)\(/.test(type)) return `CAST(to_json(${value}) AS VARCHAR)`
  return `CAST(${value} AS VARCHAR)`
}
