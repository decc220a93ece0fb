import type { SchemaElement } from 'hyparquet'

const INT32: Readonly<Record<string, string>> = {
  INT_8: 'TINYINT',
  INT_16: 'SMALLINT',
  INT_32: 'INTEGER',
  UINT_8: 'UTINYINT',
  UINT_16: 'USMALLINT',
  UINT_32: 'UINTEGER',
  DATE: 'DATE',
}
const INT64: Readonly<Record<string, string>> = { INT_64: 'BIGINT', UINT_64: 'UBIGINT' }

/**
 * DuckDB's type for a flat column, or null where that is not certain. Only the usual types are here: for the others DuckDB is asked.
 */
export function columnType(element: SchemaElement): string | null {
  if (element.repetition_type === 'REPEATED' || element.num_children) return null
  const { type, converted_type: converted, logical_type: logical } = element
  if (converted === 'DECIMAL') return decimalType(element)
  switch (type) {
    case 'BOOLEAN':
    case 'FLOAT':
    case 'DOUBLE':
      return converted || logical ? null : type
    case 'INT32':
      if (converted) return INT32[converted] ?? null
      return logical ? null : 'INTEGER'
    case 'INT64':
      if (logical) return logical.type === 'INTEGER' && converted ? (INT64[converted] ?? null) : timestampType(logical)
      return converted ? (INT64[converted] ?? null) : 'BIGINT'
    case 'BYTE_ARRAY':
      return converted === 'UTF8' && (!logical || logical.type === 'STRING') ? 'VARCHAR' : null
    default:
      return null
  }
}

function decimalType({ type, precision, scale = 0 }: SchemaElement): string | null {
  if ((type !== 'INT32' && type !== 'INT64') || !precision || precision > 18) return null
  return `DECIMAL(${precision},${scale})`
}

function timestampType(logical: NonNullable<SchemaElement['logical_type']>): string | null {
  if (logical.type !== 'TIMESTAMP' || logical.unit === 'NANOS') return null
  return logical.isAdjustedToUTC ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP'
}
