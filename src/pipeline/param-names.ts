import { z } from 'zod'
import { kebabCase } from '../core/step.ts'

/** What stands inside `.optional()`, `.default()`, `.transform()` and the like. */
function inside(schema: z.core.$ZodType): z.core.$ZodType {
  const definition = (schema as z.ZodType).def as {
    type: string
    innerType?: z.core.$ZodType
    in?: z.core.$ZodType
    getter?: () => z.core.$ZodType
  }
  if (definition.innerType) return inside(definition.innerType)
  if (definition.type === 'pipe' && definition.in) return inside(definition.in)
  if (definition.type === 'lazy' && definition.getter) return inside(definition.getter())
  return schema
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/**
 * Parameters as written in YAML (`test-data`) as the schema names them (`testData`), also in objects below. Keys of a record
 * (column names, labels) are the user's own and stay. `onMisspelt` hears of keys in the spelling of the code.
 */
export function toParamNames(
  value: unknown,
  schema: z.core.$ZodType,
  onMisspelt: (key: string, right: string, path: readonly (string | number)[]) => void,
  path: readonly (string | number)[] = [],
): unknown {
  const inner = inside(schema)
  if (inner instanceof z.ZodObject && isRecord(value)) {
    const byYamlName = new Map(Object.keys(inner.shape).map((name) => [kebabCase(name), name]))
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, member]) => {
        const name = byYamlName.get(key)
        if (name !== undefined) {
          return [[name, toParamNames(member, (inner.shape as z.ZodRawShape)[name]!, onMisspelt, [...path, key])]]
        }
        if (!Object.hasOwn(inner.shape, key)) return [[key, member]]
        onMisspelt(key, kebabCase(key), [...path, key])
        return []
      }),
    )
  }
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((member, index) => toParamNames(member, inner.element, onMisspelt, [...path, index]))
  }
  if (inner instanceof z.ZodRecord && isRecord(value)) {
    const { valueType } = inner
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, toParamNames(member, valueType, onMisspelt, [...path, key])]),
    )
  }
  if (inner instanceof z.ZodUnion && isRecord(value)) {
    const object = inner.options.find((option) => inside(option) instanceof z.ZodObject)
    return object ? toParamNames(value, object, onMisspelt, path) : value
  }
  return value
}

/** The parameter names of a schema in the spelling of YAML. */
export function yamlNames(schema: z.core.$ZodType): string[] {
  const inner = inside(schema)
  return inner instanceof z.ZodObject ? Object.keys(inner.shape).map(kebabCase) : []
}

type JsonSchema = Record<string, unknown>

/** The JSON Schema of a step's parameters as an editor should offer them: kebab-case, and variables allowed everywhere. */
export function paramsJsonSchema(schema: z.ZodObject): JsonSchema {
  return kebabProperties(inputJsonSchema(schema)) as JsonSchema
}

/** The JSON Schema of what may be written, without what is meant for the command line alone. */
export function inputJsonSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // `.meta({ value: 'FILE' })` names the flag's value.
    override: ({ jsonSchema }) => void delete (jsonSchema as JsonSchema)['value'],
  }) as JsonSchema
  delete json['$schema']
  return json
}

function kebabProperties(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(kebabProperties)
  if (!isRecord(json)) return json
  const changed: JsonSchema = {}
  for (const [key, member] of Object.entries(json)) {
    if (key === 'properties' && isRecord(member)) {
      changed[key] = Object.fromEntries(
        Object.entries(member).map(([name, property]) => [kebabCase(name), orVariable(kebabProperties(property))]),
      )
    } else if (key === 'required' && Array.isArray(member)) changed[key] = member.map((name) => kebabCase(String(name)))
    else if (key === 'default' || key === 'enum' || key === 'const' || key === 'examples') changed[key] = member
    else changed[key] = kebabProperties(member)
  }
  return changed
}

/** A number or a switch may be given as `${env.NAME}`. */
function orVariable(property: unknown): unknown {
  if (!isRecord(property)) return property
  const { description, default: fallback, ...rest } = property
  const restricted =
    ['number', 'integer', 'boolean'].includes(String(rest['type'])) ||
    Array.isArray(rest['enum']) ||
    rest['pattern'] !== undefined
  if (!restricted) return property
  return {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [rest, { type: 'string', pattern: '\\$\\{(env|secrets)\\.' }],
  }
}
