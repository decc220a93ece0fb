import { JSON_TYPES, type JsonType } from '../scan/json-type.ts'
import type { Rule } from './schema.ts'

const ON_NUMBERS = new Set(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'])

/**
 * The JSON types that the values of a CSV column can have by its rules. CSV knows only text, so the schema decides: its `type`;
 * without one, the types of the values in `enum` or `const`; without these, text, and numbers if a rule is about numbers.
 */
export function typesForText(rules: readonly Rule[]): ReadonlySet<JsonType> {
  const valueOf = (keyword: string) => rules.find((rule) => rule.keyword === keyword)?.value
  const declared = valueOf('type') as readonly JsonType[] | undefined
  if (declared) return new Set(declared)
  const listed = valueOf('enum') as readonly unknown[] | undefined
  const constant = rules.find((rule) => rule.keyword === 'const')
  const values = listed ?? (constant ? [constant.value] : undefined)
  if (values) return new Set(values.map(typeOf))
  return new Set<JsonType>(rules.some((rule) => ON_NUMBERS.has(rule.keyword)) ? ['number', 'string'] : ['string'])
}

const typeOf = (value: unknown): JsonType =>
  value === null ? 'null' : (JSON_TYPES.find((type) => type === typeof value) ?? 'string')
