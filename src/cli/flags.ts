import { z } from 'zod'
import { kebabCase, type Step } from '../core/step.ts'

/**
 * - `text`, `number`, `choice`: one value
 * - `switch`: no value; `--no-x` when it is on by default
 * - `list`: given several times, or once with commas, or as a JSON list
 * - `map`: given several times as `name=value`, or as a JSON object
 * - `json`: a JSON value
 */
export type FlagKind = 'text' | 'number' | 'choice' | 'switch' | 'list' | 'map' | 'json'

/** A parameter of a step, as it is given on the command line. */
export interface Flag {
  /** The parameter's name in code. */
  readonly key: string
  /** `test-data`, without dashes. */
  readonly name: string
  readonly kind: FlagKind
  /** Placeholder of its value in help: `FILE`. Empty for a switch. */
  readonly value: string
  readonly description: string
  readonly required: boolean
  /** As the schema has it; undefined when there is none. */
  readonly defaultValue: unknown
  readonly choices: readonly string[]
  /** Whether the value, or each item of a list or map, is a number. */
  readonly numeric: boolean
  /** Whether each text given is one item of a list, commas and all. */
  readonly whole: boolean
}

/** The part of JSON Schema that parameters are read from. */
interface ValueSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly value?: string
  readonly whole?: boolean
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: string | number | boolean | null
  readonly anyOf?: readonly ValueSchema[]
  readonly items?: ValueSchema
  readonly properties?: unknown
  readonly additionalProperties?: ValueSchema | boolean
}

/** The flags of a step, from its parameters' schema: the required ones first. */
export function flagsOf(step: Step): Flag[] {
  const schema = z.toJSONSchema(step.params, { io: 'input', unrepresentable: 'any', override: keepDefault }) as {
    properties?: Record<string, ValueSchema>
    required?: readonly string[]
  }
  const flags = Object.entries(schema.properties ?? {}).map(([key, property]) =>
    flagOf(key, property, schema.required?.includes(key) ?? false),
  )
  return flags.toSorted((a, b) => Number(b.required) - Number(a.required))
}

/** The default of a value that is transformed (a duration) is of the other side, and left out of an input schema. */
function keepDefault({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { def } = zodSchema._zod
  if (def.type === 'default' && jsonSchema.default === undefined) jsonSchema.default = def.defaultValue
}

function flagOf(key: string, schema: ValueSchema, required: boolean): Flag {
  const kind = kindOf(schema)
  return {
    key,
    name: kebabCase(key),
    kind,
    value: kind === 'switch' ? '' : (schema.value ?? schema.items?.value ?? PLACEHOLDERS[kind]),
    description: schema.description ?? '',
    required: required && schema.default === undefined,
    defaultValue: schema.default,
    choices: choicesOf(schema.items ?? schema),
    whole: schema.whole === true,
    numeric: [schema, schema.items, schema.additionalProperties].some(
      (part) => typeof part === 'object' && kindOf(part) === 'number',
    ),
  }
}

const PLACEHOLDERS: Readonly<Record<FlagKind, string>> = {
  text: 'TEXT',
  number: 'NUMBER',
  choice: 'NAME',
  switch: '',
  list: 'LIST',
  map: 'NAME=VALUE',
  json: 'JSON',
}

function kindOf(schema: ValueSchema): FlagKind {
  if (choicesOf(schema).length > 0) return 'choice'
  const alternatives = typeof schema.type === 'object' ? schema.type.map((type) => ({ type })) : schema.anyOf
  if (alternatives) {
    // The spelling that says most wins; text is read by the schema, and a structure can only be given as JSON.
    const kinds = new Set(alternatives.map(kindOf))
    return kinds.has('json') ? 'json' : ((['list', 'map', 'text', 'number'] as const).find((kind) => kinds.has(kind)) ?? 'switch')
  }
  switch (schema.type) {
    case 'string':
      return 'text'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'switch'
    case 'array':
      return schema.items && ['text', 'number', 'choice'].includes(kindOf(schema.items)) ? 'list' : 'json'
    case 'object':
      return isMap(schema) ? 'map' : 'json'
    default:
      return 'json'
  }
}

/** `z.record` of scalars. */
function isMap({ properties, additionalProperties: values }: ValueSchema): boolean {
  return properties === undefined && typeof values === 'object' && ['text', 'number', 'choice'].includes(kindOf(values))
}

function choicesOf(schema: ValueSchema): string[] {
  if (schema.enum) return schema.enum.map(String)
  if (schema.const !== undefined) return [String(schema.const)]
  const options = schema.anyOf?.map(choicesOf) ?? []
  return options.length > 0 && options.every((option) => option.length > 0) ? options.flat() : []
}

/** The default as it is shown: nothing for none, `60s` for a duration. */
export function formatDefault({ defaultValue, value, kind }: Flag): string {
  if (defaultValue === undefined || defaultValue === null || kind === 'switch') return ''
  if (value === 'DURATION' && typeof defaultValue === 'number') return durationText(defaultValue)
  if (Array.isArray(defaultValue)) return defaultValue.length === 0 ? '' : defaultValue.map(String).join(',')
  const text = typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue)
  return text === '{}' ? '' : text
}

/** Milliseconds as they would be given: `60s`, `250ms`, `5m`. */
function durationText(ms: number): string {
  if (ms % 1000 !== 0) return `${ms}ms`
  return ms % 60_000 === 0 && ms > 60_000 ? `${ms / 60_000}m` : `${ms / 1000}s`
}

/** What stands in front of the description: `--no-x` for a switch that is on, `--x VALUE` for what takes one. */
export function flagSpelling({ name, kind, value, defaultValue }: Flag): string {
  if (kind === 'switch') return defaultValue === true ? `--no-${name}` : `--${name}`
  return `--${name} <${value}>`
}
