import type { Additional, Dependency, Name } from './keywords/objects.ts'
import type { Items } from './keywords/arrays.ts'
import type { JsonType } from '../scan/json-type.ts'
import type { ColumnExtension, Demand, Place, Rule, SchemaNode, Step } from './schema.ts'

/** What a schema demands of each column, as a list. */
export interface Flat {
  readonly rules: readonly Rule[]
  readonly extensions: readonly ColumnExtension[]
  /** Places where `additionalProperties: false` closes the row, with the columns listed beside each. */
  readonly closures: readonly (Place & { readonly columns: readonly string[] })[]
  /** Columns that are described, in their order. */
  readonly columns: readonly string[]
  /** Demands that the row be of another type than object. */
  readonly notAnObject: readonly Demand[]
}

interface Target {
  /** Empty for the row. */
  readonly column: string
  readonly path: readonly Step[]
}

/**
 * Takes a row schema apart into its demands. `properties`, `items`, `allOf` and `$ref` only say where the demands hold, so they are
 * followed; `anyOf`, `oneOf`, `not` and `if` are a demand each. A schema that is reached in two ways makes its demands twice.
 */
export function flatten(root: SchemaNode): Flat {
  const rules: Rule[] = []
  const extensions: ColumnExtension[] = []
  const closures: (Place & { columns: readonly string[] })[] = []
  const columns = new Set<string>()
  const notAnObject: Demand[] = []

  const visit = (node: SchemaNode, at: Target): void => {
    if (node.extension && at.path.length === 0) extensions.push({ ...node.extension, column: at.column })
    for (const demand of node.demands) visitDemand(demand, at)
  }

  const visitDemand = (demand: Demand, at: Target): void => {
    const isRow = at.column === '' && at.path.length === 0
    const { keyword, value, pointer, location } = demand
    switch (keyword.name) {
      case '$ref':
        return visit(value as SchemaNode, at)
      case 'allOf':
        return (value as readonly SchemaNode[]).forEach((node) => visit(node, at))
      case 'properties':
        for (const [name, node] of value as ReadonlyMap<string, SchemaNode>) {
          if (isRow) columns.add(name)
          visit(node, property(at, name))
        }
        return
      case 'required':
        for (const { name, ...place } of value as readonly Name[]) add(property(at, name), 'required', true, place)
        return
      case 'dependentRequired':
        for (const one of value as readonly Dependency[]) add(at, 'dependentRequired', [one], one)
        return
      case 'items':
        return visit((value as Items).schema, step(at, { items: (value as Items).from }))
      case 'prefixItems':
        return (value as readonly SchemaNode[]).forEach((node, i) => visit(node, step(at, { item: i })))
      case 'additionalProperties': {
        const { except, schema } = value as Additional
        if (!isFalse(schema)) return visit(schema, step(at, { except }))
        if (isRow) closures.push({ pointer, location, columns: except })
        else add(at, keyword.name, value, demand)
        return
      }
      case 'type':
        if (!isRow) add(at, keyword.name, value, demand)
        else if (!(value as readonly JsonType[]).includes('object')) notAnObject.push(demand)
        return
      default:
        add(at, keyword.name, value, demand)
    }
  }

  const add = ({ column, path }: Target, keyword: string, value: unknown, { pointer, location }: Place): void => {
    rules.push({ column, ...(path.length > 0 && { path }), keyword, value, pointer, location })
  }

  visit(root, { column: '', path: [] })
  return { rules, extensions, closures, columns: [...columns], notAnObject }
}

const property = (at: Target, name: string): Target =>
  at.column === '' && at.path.length === 0 ? { column: name, path: [] } : step(at, { property: name })

const step = ({ column, path }: Target, next: Step): Target => ({ column, path: [...path, next] })

/** The schema `false`. */
const isFalse = ({ demands }: SchemaNode): boolean => demands.length === 1 && demands[0]!.keyword.name === 'false'
