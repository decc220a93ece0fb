import { textOf } from '../../drivers/duckdb.ts'
import type { ColumnFooter } from '../../drivers/parquet.ts'
import { and, double, FALSE, NEVER, not, TRUE, type CellSql } from './cell.ts'

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
 * @param footer what is known of all values; conditions that it decides are folded to TRUE or FALSE
 */
export function typedCell(value: string, type: string, footer?: ColumnFooter): CellSql {
  const there = isThere(value, footer)
  const only = (matches: boolean) => (matches ? there : FALSE)
  const isText = TEXT.test(type) && !type.endsWith('[]')
  return {
    present: TRUE,
    isNull: not(there),
    isArray: only(type.endsWith(']')),
    isObject: only(/^(STRUCT|MAP)\(.*\)$/.test(type)),
    boolean: type === 'BOOLEAN' ? { when: there, value } : NEVER,
    string: isText ? { when: there, value: textOf(value, type) } : NEVER,
    number: numberOf(value, type, there, footer),
    json: `CAST(to_json(${value}) AS VARCHAR)`,
    key: FLOATING.test(type) ? `CASE WHEN NOT isnan(${value}) THEN ${value} END` : value,
    instant: /^(DATE|TIMESTAMP)/.test(type)
      ? `CAST(${value} AS TIMESTAMP)`
      : type === 'VARCHAR'
        ? `TRY_CAST(${value} AS TIMESTAMP)`
        : 'CAST(NULL AS TIMESTAMP)',
  }
}

function isThere(value: string, footer: ColumnFooter | undefined): string {
  if (footer?.nulls === 0) return TRUE
  return footer && footer.nulls === footer.rows ? FALSE : `(${value} IS NOT NULL)`
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
    finite: FLOATING.test(type) ? and(there, `isfinite(${value})`) : there,
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
