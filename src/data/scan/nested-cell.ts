import { literal } from '../../drivers/duckdb.ts'
import { canonicalJson } from './canonical-json.ts'
import { ABSENT, and, not, or, type ArraySql, type CellSql, type ObjectSql } from './cell.ts'
import { parseDuckdbType } from './duckdb-type.ts'
import { anyOf, isListed } from './json-cell.ts'
import { INLINE, type Projection } from './projection.ts'

/** Makes the cell of a value that stands in another. */
type Inside = (value: string, type: string, context: { shared?: Projection; depth?: number; present?: string }) => CellSql

/** A LIST, or an array of fixed length. */
export function listSql(value: string, itemType: string, depth: number, inside: Inside): ArraySql {
  const variable = `e${depth}`
  // Arrays of fixed length have fewer functions than lists.
  const list = `CAST(${value} AS ${itemType}[])`
  return {
    length: `len(${list})`,
    item: (index) => inside(`(${list})[${index + 1}]`, itemType, { present: `coalesce(len(${list}) > ${index}, FALSE)` }),
    anyItem(from, condition) {
      const item = inside(variable, itemType, { shared: INLINE, depth: depth + 1 })
      return anyOf(from === 0 ? list : `(${list})[${from + 1}:]`, variable, condition(item))
    },
    isUnique: `(len(list_distinct(list_transform(${list}, lambda ${variable}: ${comparable(variable, itemType)}))) = len(${list}))`,
  }
}

/** A text by which items are compared, never NULL: list_distinct leaves NULLs out, and to JSON two nulls are equal. */
function comparable(item: string, type: string): string {
  if (parseDuckdbType(type).kind === 'scalar' && type !== 'JSON') {
    const value = /^(FLOAT|DOUBLE)$/.test(type) ? `${item} + 0` : item
    return `coalesce('=' || CAST(${value} AS VARCHAR), 'null')`
  }
  return `coalesce(${canonicalJson(`to_json(${item})`, item)}, 'null')`
}

export function structSql(
  value: string,
  fields: readonly { readonly name: string; readonly type: string }[],
  inside: Inside,
): ObjectSql {
  const property = (name: string): CellSql => {
    const field = fields.find((one) => one.name === name)
    return field ? inside(`struct_extract(${value}, ${literal(name)})`, field.type, {}) : ABSENT
  }
  return {
    size: String(fields.length),
    property,
    anyProperty: (except, condition) =>
      or(...fields.filter(({ name }) => !except.includes(name)).map(({ name }) => condition(property(name)))),
  }
}

/** A MAP; its keys are the texts that JSON would have them be. */
export function mapSql(
  value: string,
  types: { readonly key: string; readonly value: string },
  depth: number,
  shared: Projection,
  inside: Inside,
): ObjectSql {
  const key = `e${depth}`
  const keys = `list_transform(map_keys(${value}), lambda ${key}: CAST(${key} AS VARCHAR))`
  return {
    size: `cardinality(${value})`,
    property(name) {
      const at = shared.share(`list_position(${keys}, ${literal(name)})`)
      return inside(`(map_values(${value}))[${at}]`, types.value, { present: `coalesce(${at} > 0, FALSE)` })
    },
    anyProperty(except, condition) {
      const entry = `e${depth}`
      const one = inside(`struct_extract(${entry}, 'value')`, types.value, { shared: INLINE, depth: depth + 1 })
      const isKnown = isListed(`CAST(struct_extract(${entry}, 'key') AS VARCHAR)`, except)
      return anyOf(`map_entries(${value})`, entry, and(not(isKnown), condition(one)))
    },
  }
}
