/** How deep the items of an array are looked into when they are compared; what is nested deeper is compared as it is written. */
const DEPTH = 3

/**
 * SQL of a text that is the same for equal JSON values (1 and 1.0, keys in another order, other escapes) and different for others.
 *
 * @param value SQL of a JSON value that is not NULL, cheap to repeat
 * @param variable a beginning for names of lambda variables that nothing around uses
 */
export function canonicalJson(value: string, variable: string, depth = DEPTH): string {
  const type = `json_type(${value})`
  const cases = [
    `WHEN ${type} IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE') THEN CAST(CAST(${value} ->> '$' AS DOUBLE) + 0e0 AS VARCHAR)`,
    `WHEN ${type} = 'VARCHAR' THEN CAST(to_json(${value} ->> '$') AS VARCHAR)`,
  ]
  if (depth > 0) {
    // Arrays and objects go one way, as lists of key and value: each copy of the level below would double the SQL.
    const inner = `${variable}_`
    const members = `CASE ${type}
      WHEN 'ARRAY' THEN list_transform(json_extract(${value}, '$[*]'), lambda ${inner}: {'k': NULL, 'v': ${inner}})
      ELSE list_transform(list_sort(json_keys(${value})), lambda ${inner}: {'k': ${inner}, 'v': json_extract(${value}, ${pointerOf(inner)})}) END`
    const text = `coalesce(CAST(to_json(${inner}.k) AS VARCHAR) || ':', '') || ${canonicalJson(`${inner}.v`, inner, depth - 1)}`
    cases.push(
      `WHEN ${type} IN ('ARRAY', 'OBJECT') THEN ${type} || '(' || array_to_string(list_transform(${members}, lambda ${inner}: ${text}), ',') || ')'`,
    )
  }
  return `(CASE ${cases.join(' ')} ELSE CAST(${value} AS VARCHAR) END)`
}

/** SQL of the JSON Pointer of a key that is itself SQL. */
export const pointerOf = (key: string): string => `('/' || replace(replace(${key}, '~', '~0'), '/', '~1'))`
