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
  const scalars = [
    `WHEN ${type} IN ('BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE') THEN CAST(CAST(${value} ->> '$' AS DOUBLE) + 0e0 AS VARCHAR)`,
    `WHEN ${type} = 'VARCHAR' THEN CAST(to_json(${value} ->> '$') AS VARCHAR)`,
  ]
  const inner = `${variable}_`
  const nested =
    depth === 0
      ? []
      : [
          `WHEN ${type} = 'ARRAY' THEN '[' || array_to_string(list_transform(json_extract(${value}, '$[*]'),
             lambda ${inner}: ${canonicalJson(inner, inner, depth - 1)}), ',') || ']'`,
          `WHEN ${type} = 'OBJECT' THEN '{' || array_to_string(list_sort(list_transform(json_keys(${value}),
             lambda ${inner}k: CAST(to_json(${inner}k) AS VARCHAR) || ':' || list_transform([json_extract(${value}, ${pointerOf(`${inner}k`)})],
               lambda ${inner}: ${canonicalJson(inner, inner, depth - 1)})[1])), ',') || '}'`,
        ]
  return `(CASE ${[...scalars, ...nested].join(' ')} ELSE CAST(${value} AS VARCHAR) END)`
}

/** SQL of the JSON Pointer of a key that is itself SQL. */
export const pointerOf = (key: string): string => `('/' || replace(replace(${key}, '~', '~0'), '/', '~1'))`
