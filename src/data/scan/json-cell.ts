import { literal } from '../../drivers/duckdb.ts'
import { canonicalJson, pointerOf } from './canonical-json.ts'
import { and, double, FALSE, isExact, not, TRUE, type ArraySql, type CellSql, type ObjectSql } from './cell.ts'
import { INLINE, type Projection } from './projection.ts'

/** The JSON Pointer of a key, as DuckDB takes it. */
export const pointerTo = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`

/**
 * A key of JSON documents: each value has a type of its own, and a key that is not there differs from one that is null.
 *
 * @param value SQL of the value as DuckDB's JSON; NULL when the key is not there
 * @param depth how many lambdas there are around
 */
export function jsonCell(value: string, shared: Projection, depth = 0): CellSql {
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
    key: `CASE WHEN ${isNumber} AND ${isExact(number)} THEN CAST(${number} AS VARCHAR) WHEN ${type} NOT IN ('ABSENT', 'NULL') THEN CAST(${value} AS VARCHAR) END`,
    instant: `CASE WHEN ${type} = 'VARCHAR' THEN TRY_CAST(${value} ->> '$' AS TIMESTAMP) END`,
    array: arrayOf(value, shared, depth),
    object: objectOf(value, shared, depth),
  }
}

function arrayOf(value: string, shared: Projection, depth: number): ArraySql {
  const variable = `e${depth}`
  const items = `json_extract(${value}, '$[*]')`
  return {
    length: `json_array_length(${value})`,
    item: (index) => jsonCell(shared.share(`json_extract(${value}, '$[${index}]')`), shared, depth),
    anyItem(from, condition) {
      const list = from === 0 ? items : `(${items})[${from + 1}:]`
      return anyOf(list, variable, condition(jsonCell(variable, INLINE, depth + 1)))
    },
    isUnique: `(len(list_distinct(list_transform(${items}, lambda ${variable}: ${canonicalJson(variable, variable)}))) = json_array_length(${value}))`,
  }
}

function objectOf(value: string, shared: Projection, depth: number): ObjectSql {
  const keys = `json_keys(${value})`
  return {
    size: `len(${keys})`,
    property: (name) => jsonCell(shared.share(`json_extract(${value}, ${literal(pointerTo(name))})`), shared, depth),
    anyProperty(except, condition) {
      const key = `e${depth}`
      const broken = condition(jsonCell(`json_extract(${value}, ${pointerOf(key)})`, INLINE, depth + 1))
      return anyOf(keys, key, and(not(isListed(key, except)), broken))
    },
  }
}

/** Condition: a key is one of these. */
export const isListed = (key: string, names: readonly string[]): string =>
  names.length === 0 ? FALSE : `(${key} IN (${names.map(literal).join(', ')}))`

/** Condition: an item of a list makes a condition true; the list may be NULL where the condition is not used. */
export function anyOf(list: string, variable: string, condition: string): string {
  if (condition === FALSE) return FALSE
  if (condition === TRUE) return `(len(${list}) > 0)`
  return `(len(list_filter(${list}, lambda ${variable}: ${condition})) > 0)`
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
