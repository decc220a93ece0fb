import { and, double, type CellSql } from './cell.ts'
import type { Projection } from './projection.ts'

/** The JSON Pointer of a key, as DuckDB takes it. */
export const pointerTo = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`

/**
 * A key of JSON documents: each value has a type of its own, and a key that is not there differs from one that is null.
 *
 * @param value SQL of the value as DuckDB's JSON; NULL when the key is not there
 */
export function jsonCell(value: string, shared: Projection): CellSql {
  const type = shared.share(`coalesce(json_type(${value}), 'ABSENT')`)
  const isNumber = `(${type} IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE'))`
  const number = shared.share(
    `CASE WHEN json_type(${value}) IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE') THEN TRY_CAST(${value} ->> '$' AS DOUBLE) END`,
  )
  const isBoolean = `(${type} = 'BOOLEAN')`
  return {
    present: `(${type} <> 'ABSENT')`,
    isNull: `(${type} = 'NULL')`,
    isArray: `(${type} = 'ARRAY')`,
    isObject: `(${type} = 'OBJECT')`,
    boolean: { when: isBoolean, value: `(CAST(${value} AS VARCHAR) = 'true')` },
    string: { when: `(${type} = 'VARCHAR')`, value: shared.share(`${value} ->> '$'`) },
    number: {
      when: isNumber,
      value: number,
      finite: and(isNumber, `coalesce(isfinite(${number}), FALSE)`),
      integer: and(isNumber, `coalesce(${number} = trunc(${number}), FALSE)`),
      compare: (operator, bound) => `coalesce(${number} ${operator} ${double(bound)}, FALSE)`,
    },
    json: `CAST(${value} AS VARCHAR)`,
    key: `CASE WHEN ${isNumber} THEN CAST(${number} AS VARCHAR) WHEN ${type} NOT IN ('ABSENT', 'NULL') THEN CAST(${value} AS VARCHAR) END`,
    instant: `CASE WHEN ${type} = 'VARCHAR' THEN TRY_CAST(${value} ->> '$' AS TIMESTAMP) END`,
  }
}

/** A value from JSON text; text as it is where JSON has no word for it: NaN, numbers as only CSV writes them, what was cut short. */
export function readJson(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
