import type { JsonType } from '../scan/json-type.ts'
import type { Additional } from './keywords/objects.ts'
import type { Demand, RowSchema, SchemaNode } from './schema.ts'

/**
 * The JSON types that the values of a CSV column can have by its schema. CSV knows only text, so the schema decides:
 *
 * 1. What certainly holds for the column, through `properties` (or `additionalProperties`), `allOf` and `$ref`: its `type`, or else
 *    the types of the values of its `enum` or `const`. An `anyOf` or `oneOf` of which every branch tells is their union. Where several
 *    tell, only the types that all of them allow.
 * 2. If none of these tells, all types that are mentioned in conditions (`anyOf`, `oneOf`, `not`, `if`, `then`, `else`), on the row or on
 *    the column, and text. A demand on numbers (`minimum`, …) mentions numbers.
 */
export function typesForText({ root }: Pick<RowSchema, 'root'>, column: string): ReadonlySet<JsonType> {
  const certain = schemasOf(root, column).map(typesToldBy)
  const told = intersection(certain.filter((types) => types !== undefined))
  if (told) return told
  const mentioned = new Set<JsonType>(['string'])
  addMentionedOnRow(root, column, mentioned)
  return mentioned
}

type Types = ReadonlySet<JsonType>

/** The schemas that hold for a column in every row. */
function schemasOf(row: SchemaNode, column: string): readonly SchemaNode[] {
  return row.demands.flatMap((demand) => {
    if (leadsOn(demand)) return schemasIn(demand).flatMap((node) => schemasOf(node, column))
    return columnSchemas(demand, column)
  })
}

function columnSchemas({ keyword, value }: Demand, column: string): readonly SchemaNode[] {
  if (keyword.name === 'properties') {
    const schema = (value as ReadonlyMap<string, SchemaNode>).get(column)
    return schema ? [schema] : []
  }
  if (keyword.name !== 'additionalProperties') return []
  const { except, schema } = value as Additional
  return except.includes(column) ? [] : [schema]
}

/** What a schema tells of the types of a value that holds to it; undefined where it does not tell. */
function typesToldBy(node: SchemaNode): Types | undefined {
  const valueOf = (name: string) => node.demands.find(({ keyword }) => keyword.name === name)
  const type = valueOf('type')
  const values = valueOf('enum') ?? valueOf('const')
  const own = type ? new Set(type.value as readonly JsonType[]) : values ? typesOfValues(values) : undefined
  const others = node.demands.flatMap((demand) => {
    if (leadsOn(demand)) return schemasIn(demand).map(typesToldBy)
    return demand.keyword.name === 'anyOf' || demand.keyword.name === 'oneOf'
      ? [unionOfAll(schemasIn(demand).map(typesToldBy))]
      : []
  })
  return intersection([own, ...others].filter((types) => types !== undefined))
}

/** Types that are mentioned for a column anywhere in a schema of the row. */
function addMentionedOnRow(row: SchemaNode, column: string, mentioned: Set<JsonType>): void {
  for (const demand of row.demands) {
    if (isAboutTheSameValue(demand)) schemasIn(demand).forEach((node) => addMentionedOnRow(node, column, mentioned))
    else columnSchemas(demand, column).forEach((node) => addMentioned(node, mentioned))
  }
}

function addMentioned(node: SchemaNode, mentioned: Set<JsonType>): void {
  for (const demand of node.demands) {
    const { name, about } = demand.keyword
    if (name === 'type') (demand.value as readonly JsonType[]).forEach((type) => mentioned.add(type))
    else if (name === 'enum' || name === 'const') typesOfValues(demand).forEach((type) => mentioned.add(type))
    else if (about === 'numbers') mentioned.add('number')
    else if (isAboutTheSameValue(demand)) schemasIn(demand).forEach((inner) => addMentioned(inner, mentioned))
  }
}

const leadsOn = ({ keyword }: Demand): boolean => keyword.name === '$ref' || keyword.name === 'allOf'
const isAboutTheSameValue = ({ keyword }: Demand): boolean => keyword.about === 'schemas'
const schemasIn = ({ keyword, value }: Demand): readonly SchemaNode[] => keyword.schemas?.(value as never) ?? []

const typesOfValues = ({ keyword, value }: Demand): Types =>
  new Set((keyword.name === 'enum' ? (value as readonly unknown[]) : [value]).map(typeOf))

function typeOf(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'boolean' | 'number' | 'string' | 'object'
}

/** Undefined when one of the branches does not tell. */
function unionOfAll(branches: readonly (Types | undefined)[]): Types | undefined {
  if (branches.includes(undefined)) return undefined
  return new Set(branches.flatMap((types) => [...types!]))
}

/** Integers are numbers too. Undefined for no sets at all. */
function intersection(sets: readonly Types[]): Types | undefined {
  if (sets.length === 0) return undefined
  const allows = (types: Types, type: JsonType) => types.has(type) || (type === 'integer' && types.has('number'))
  const all = sets.flatMap((types) => [...types])
  return new Set(all.filter((type) => sets.every((types) => allows(types, type))))
}
