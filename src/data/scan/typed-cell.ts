import { textOf } from '../../drivers/duckdb.ts'
import type { ColumnFooter } from '../../drivers/parquet.ts'
import { and, double, FALSE, NEVER, not, TRUE, type CellSql } from './cell.ts'
import { parseDuckdbType } from './duckdb-type.ts'
import { jsonCell } from './json-cell.ts'
import { listSql, mapSql, structSql } from './nested-cell.ts'
import type { Projection } from './projection.ts'

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/
const FLOATING = /^(FLOAT|DOUBLE)$/
const DECIMAL = /^DECIMAL\([^)]*\)$/
/** Types whose values JSON writes as text. Raw bytes are not among them: JSON has none. */
const TEXT = /^(VARCHAR|ENUM\(|UUID|DATE|TIME|TIMESTAMP|INTERVAL)/

/** Where a value stands. */
export interface CellContext {
  readonly shared: Projection
  /** How many lambdas there are around. */
  readonly depth: number
  /** Condition: the value is there at all. NULL is the null of JSON, and there. */
  readonly present?: string
  /** What is known of all values; conditions that it decides are folded to TRUE or FALSE. */
  readonly footer?: ColumnFooter | undefined
}

/**
 * A column of Parquet, or of any source in which the column has a type: what JSON type a value has is known from the column.
 *
 * @param value SQL of the value, cheap to repeat
 * @param type its DuckDB type
 */
export function typedCell(value: string, type: string, context: CellContext): CellSql {
  const { present = TRUE, shared, depth, footer } = context
  if (type === 'JSON') return jsonCell(nullIsNull(value, present), shared, depth)
  const there = isThere(value, footer)
  const parts = parseDuckdbType(type)
  const isArray = parts.kind === 'list'
  const isObject = parts.kind === 'struct' || parts.kind === 'map'
  const isText = parts.kind === 'scalar' && TEXT.test(type)
  const inside = (one: string, itsType: string, more: Partial<CellContext>) => typedCell(one, itsType, { shared, depth, ...more })
  return {
    present,
    isNull: and(present, not(there)),
    isArray: isArray ? there : FALSE,
    isObject: isObject ? there : FALSE,
    boolean: type === 'BOOLEAN' ? { when: there, value } : NEVER,
    string: isText ? { when: there, value: textOf(value, type), ...timeOf(value, type) } : NEVER,
    number: numberOf(value, type, there, footer),
    json: `CAST(to_json(${value}) AS VARCHAR)`,
    key: FLOATING.test(type) ? `CASE WHEN NOT isnan(${value}) THEN ${value} END` : value,
    instant:
      parts.kind === 'scalar' && /^(DATE|TIMESTAMP)/.test(type)
        ? `CAST(${value} AS TIMESTAMP)`
        : type === 'VARCHAR'
          ? `TRY_CAST(${value} AS TIMESTAMP)`
          : 'CAST(NULL AS TIMESTAMP)',
    ...(parts.kind === 'list' && { array: listSql(value, parts.item, depth, inside) }),
    ...(parts.kind === 'struct' && { object: structSql(value, parts.fields, inside) }),
    ...(parts.kind === 'map' && { object: mapSql(value, parts, depth, shared, inside) }),
  }
}

function isThere(value: string, footer: ColumnFooter | undefined): string {
  if (footer?.nulls === 0) return TRUE
  return footer && footer.nulls === footer.rows ? FALSE : `(${value} IS NOT NULL)`
}

/** A NULL of a column of type JSON is the null of JSON; where the value is not there, it stays NULL. */
function nullIsNull(value: string, present: string): string {
  const filled = `coalesce(${value}, CAST('null' AS JSON))`
  return present === TRUE ? filled : `CASE WHEN ${present} THEN ${filled} END`
}

function numberOf(value: string, type: string, there: string, footer: ColumnFooter | undefined): CellSql['number'] {
  const integral = INTEGER.test(type)
  if (!integral && !FLOATING.test(type) && !DECIMAL.test(type)) {
    return { ...NEVER, finite: FALSE, integer: FALSE, compare: () => FALSE }
  }
  const asDouble = `CAST(${value} AS DOUBLE)`
  return {
    when: there,
    value: asDouble,
    finite: FLOATING.test(type) ? and(there, isFinite(value)) : there,
    integer: integral ? there : and(there, `${value} = trunc(${value})`),
    compare: (operator, bound) => {
      // Signed integers are compared as such: as doubles, 2^53 and 2^53 + 1 are the same.
      const exactly = integral && !type.startsWith('U') && Number.isSafeInteger(bound)
      return (
        decided(operator, bound, footer, exactly) ??
        (exactly ? `(${value} ${operator} ${bound})` : `(${asDouble} ${operator} ${double(bound)})`)
      )
    },
  }
}

/** DuckDB orders NaN above all numbers. Two comparisons are read off a vector several times as fast as its function isfinite. */
const isFinite = (value: string): string => `(${value} BETWEEN ${-Number.MAX_VALUE} AND ${Number.MAX_VALUE})`

/** The comparison where all values between the footer's bounds agree on it. */
function decided(operator: string, bound: number, footer: ColumnFooter | undefined, exactly: boolean): string | undefined {
  const { min, max } = footer ?? {}
  if (!isNumeric(min) || !isNumeric(max)) return undefined
  const [low, high] = exactly ? [min, max] : [Number(min), Number(max)]
  const answers: Readonly<Record<string, readonly [always: boolean, never: boolean]>> = {
    '<': [high < bound, low >= bound],
    '<=': [high <= bound, low > bound],
    '>': [low > bound, high <= bound],
    '>=': [low >= bound, high < bound],
    '=': [low === high && Number(low) === bound && isExact(low), bound < low || bound > high],
  }
  const [always, never] = answers[operator]!
  return always ? TRUE : never ? FALSE : undefined
}

const isNumeric = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'
const isExact = (value: number | bigint): boolean => typeof value === 'number' || BigInt(Number(value)) === value

/** Dates and times are values and not text, so their format is known by the type. Years are those that ISO 8601 writes with four digits. */
function timeOf(value: string, type: string): Pick<CellSql['string'], 'time'> {
  const holds = `coalesce(CAST(${value} AS TIMESTAMP) BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999', FALSE)`
  if (type === 'DATE') return { time: { format: 'date', holds } }
  if (type.startsWith('TIMESTAMP')) return { time: { format: 'date-time', holds } }
  return type.startsWith('TIME') ? { time: { format: 'time', holds: `(${value} IS NOT NULL)` } } : {}
}
