import { and, double, FALSE, isExact, not, TRUE, type CellSql } from './cell.ts'
import type { Projection } from './projection.ts'
import type { JsonType } from './json-type.ts'

/** A number as JSON writes it, for columns in which text is allowed too: there, 007 is text. */
const JSON_NUMBER = '-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?'

/**
 * A column of CSV. An empty field is null. Other text is a number or true/false where the rules allow that type and the text
 * reads so, else a string. A column that may only hold numbers takes any usual spelling (`+5`, `.5`, `007`), but not NaN or
 * infinities.
 *
 * @param value SQL of the text
 */
export function textCell(value: string, types: ReadonlySet<JsonType>, shared: Projection): CellSql {
  const there = `(${value} IS NOT NULL)`
  const number = numberIn(value, types, shared)
  const asText = `CAST(to_json(${value}) AS VARCHAR)`
  const isBoolean = types.has('boolean') ? shared.share(`coalesce(lower(${value}) IN ('true', 'false'), FALSE)`) : FALSE
  return {
    present: TRUE,
    isNull: `(${value} IS NULL)`,
    isArray: FALSE,
    isObject: FALSE,
    boolean: { when: isBoolean, value: `(lower(${value}) = 'true')` },
    string: { when: and(there, not(number.when), not(isBoolean)), value },
    number,
    json: number.when === FALSE ? asText : `CASE WHEN ${number.when} THEN ${value} ELSE ${asText} END`,
    key:
      number.when === FALSE
        ? value
        : `CASE WHEN ${number.when} AND ${isExact(number.value)} THEN CAST(${number.value} AS VARCHAR) ELSE ${value} END`,
    instant: `TRY_CAST(${value} AS TIMESTAMP)`,
  }
}

function numberIn(value: string, types: ReadonlySet<JsonType>, shared: Projection): CellSql['number'] {
  if (!types.has('number') && !types.has('integer')) {
    return { when: FALSE, value: 'NULL', finite: FALSE, integer: FALSE, compare: () => FALSE }
  }
  const reads = types.has('string')
    ? `regexp_full_match(${value}, '${JSON_NUMBER}')`
    : `NOT contains(${value}, '_') AND isfinite(TRY_CAST(${value} AS DOUBLE))`
  const number = shared.share(`CASE WHEN ${reads} THEN TRY_CAST(${value} AS DOUBLE) END`)
  const when = `(${number} IS NOT NULL)`
  return {
    when,
    value: number,
    finite: and(when, `isfinite(${number})`),
    integer: and(when, `${number} = trunc(${number})`),
    compare: (operator, bound) => `(${number} ${operator} ${double(bound)})`,
  }
}
