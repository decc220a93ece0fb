import { textOf } from '../../drivers/duckdb.ts'
import { and, double, FALSE, NEVER, TRUE, type CellSql } from './cell.ts'

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/
const FLOATING = /^(FLOAT|DOUBLE)$/
const DECIMAL = /^DECIMAL\(/
/** Types whose values JSON writes as text. Raw bytes are not among them: JSON has none. */
const TEXT = /^(VARCHAR|ENUM\(|UUID|DATE|TIME|TIMESTAMP|INTERVAL)/

/**
 * A column of Parquet, or of any source in which the column has a type: what JSON type a value has is known from the column.
 *
 * @param value SQL of the value, cheap to repeat
 * @param type its DuckDB type
 */
export function typedCell(value: string, type: string): CellSql {
  const there = `(${value} IS NOT NULL)`
  const only = (matches: boolean) => (matches ? there : FALSE)
  const isText = TEXT.test(type) && !type.endsWith('[]')
  return {
    present: TRUE,
    isNull: `(${value} IS NULL)`,
    isArray: only(type.endsWith(']')),
    isObject: only(/^(STRUCT|MAP)\(.*\)$/.test(type)),
    boolean: type === 'BOOLEAN' ? { when: there, value } : NEVER,
    string: isText ? { when: there, value: textOf(value, type) } : NEVER,
    number: numberOf(value, type, there),
    json: `CAST(to_json(${value}) AS VARCHAR)`,
    key: FLOATING.test(type) ? `CASE WHEN NOT isnan(${value}) THEN ${value} END` : value,
    instant: /^(DATE|TIMESTAMP)/.test(type)
      ? `CAST(${value} AS TIMESTAMP)`
      : type === 'VARCHAR'
        ? `TRY_CAST(${value} AS TIMESTAMP)`
        : 'CAST(NULL AS TIMESTAMP)',
  }
}

function numberOf(value: string, type: string, there: string): CellSql['number'] {
  const integral = INTEGER.test(type)
  if (!integral && !FLOATING.test(type) && !DECIMAL.test(type)) {
    return { ...NEVER, finite: FALSE, integer: FALSE, compare: () => FALSE }
  }
  const asDouble = `CAST(${value} AS DOUBLE)`
  return {
    when: there,
    value: asDouble,
    finite: FLOATING.test(type) ? and(there, `isfinite(${value})`) : there,
    integer: integral ? there : and(there, `${value} = trunc(${value})`),
    // Signed integers are compared as such: as doubles, 2^53 and 2^53 + 1 are the same.
    compare: (operator, bound) =>
      integral && !type.startsWith('U') && Number.isSafeInteger(bound)
        ? `(${value} ${operator} ${bound})`
        : `(${asDouble} ${operator} ${double(bound)})`,
  }
}
