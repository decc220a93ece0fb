import { expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import { loadRowSchema } from './load.ts'

const column = (schema: unknown): string => JSON.stringify({ properties: { age: schema } })

function errorOf(text: string, file = 'schema.json'): UserError {
  try {
    loadRowSchema(text, file)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('the schema was accepted')
}

test('every demand becomes a rule with its place and pointer', () => {
  const schema = loadRowSchema(
    `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["age"],
  "additionalProperties": false,
  "properties": {
    "age": { "type": ["integer", "null"], "description": "years", "minimum": 0 },
    "a/b~c": true
  }
}`,
    'schemas/input.json',
  )
  expect(schema.properties).toEqual(['age', 'a/b~c'])
  expect(
    schema.rules.map(({ column, keyword, value, pointer, location }) => [
      column,
      keyword,
      value,
      pointer,
      location.line,
      location.column,
    ]),
  ).toEqual([
    ['age', 'required', true, '/required/0', 4, 16],
    ['age', 'type', ['integer', 'null'], '/properties/age/type', 7, 14],
    ['age', 'minimum', 0, '/properties/age/minimum', 7, 67],
  ])
  expect(schema.closed).toEqual({
    pointer: '/additionalProperties',
    location: { file: 'schemas/input.json', line: 5, column: 3 },
  })
})

test('all annotations are accepted and demand nothing', () => {
  const annotations = { $comment: 'c', title: 't', description: 'd', examples: [1], default: 1, deprecated: true }
  const text = JSON.stringify({ $schema: 's', $id: 'i', ...annotations, properties: { age: annotations } })
  expect(loadRowSchema(text, 'schema.json').rules).toEqual([])
})

test('a schema may be YAML, or JSON with tabs', () => {
  expect(loadRowSchema('properties:\n  age: { minimum: 0 }\n', 'schema.yaml').rules).toHaveLength(1)
  expect(
    loadRowSchema('{\n\t"properties": {\n\t\t"age": {\n\t\t\t"minimum": 0\n\t\t}\n\t}\n}', 'schema.json').rules,
  ).toHaveLength(1)
})

test('an unsupported keyword is named with its place, pointer, the nearest name and all that are supported', () => {
  const error = errorOf('{\n  "properties": {\n    "age": { "minimun": 0 }\n  }\n}')
  expect(error.code).toBe('E_SCHEMA_KEYWORD')
  expect(error.message).toBe('schema.json:3:14: the keyword "minimun" at /properties/age/minimun is not supported for a column')
  expect(error.hint).toMatch(/^Did you mean "minimum"\? Supported: type, enum, const, minimum, /)
  expect(error.frame).toBe('3 |     "age": { "minimun": 0 }\n                 ^')
  expect(error.location).toEqual({ file: 'schema.json', line: 3, column: 14 })
})

test.each(['format', 'allOf', 'anyOf', 'not', 'if', '$ref', 'items', 'properties', 'contentEncoding', 'x-anything'])(
  '%s on a column is not ignored',
  (keyword) => {
    expect(errorOf(column({ [keyword]: 'date' })).code).toBe('E_SCHEMA_KEYWORD')
  },
)

test.each(['minProperties', 'patternProperties', 'dependentRequired', '$defs', 'oneOf', 'enum'])(
  '%s on the row is not ignored',
  (keyword) => {
    expect(errorOf(JSON.stringify({ [keyword]: {} })).code).toBe('E_SCHEMA_KEYWORD')
  },
)

test.each([
  [{ type: 'int' }, 'it must be one of null, boolean, integer, number, string, array, object, or a list of these'],
  [{ type: [] }, 'it must not be an empty list'],
  [{ minimum: '0' }, 'it must be a number'],
  [{ minLength: -1 }, 'it must not be negative'],
  [{ maxLength: 1.5 }, 'it must be a whole number'],
  [{ multipleOf: 0 }, 'it must be above zero'],
  [{ enum: [] }, 'it must not be empty'],
  [{ enum: 'yes' }, 'it must be a list of values'],
  [{ enum: ['yes', { no: 1 }] }, 'item 2: only text, numbers, true, false and null can be compared'],
  [{ const: [1] }, 'only text, numbers, true, false and null can be compared'],
  [{ pattern: '(' }, 'it is not a regular expression'],
  [{ pattern: '^(?=a)' }, 'cannot do (?= (look-around)'],
])('%j is an error at the value', (schema, message) => {
  const error = errorOf(column(schema))
  expect(error.code).toBe('E_VALUE')
  expect(error.message).toContain(message)
  const keyword = Object.keys(schema)[0]!
  expect(error.location!.column).toBe(column(schema).indexOf(`"${keyword}":`) + keyword.length + 4)
})

test.each([
  ['{"required": "age"}', 'it must be a list of column names'],
  ['{"required": [1]}', 'it must be a list of column names'],
  ['{"properties": []}', 'it must be an object with a schema for each column'],
  ['{"properties": {"age": false}}', 'the schema of a column must be an object, or true'],
  ['{"additionalProperties": {"type": "string"}}', 'it must be true or false'],
  ['{"type": "array"}', 'a row is an object'],
  ['[]', 'a row schema is a JSON object'],
])('%s', (text, message) => {
  expect(errorOf(text)).toMatchObject({ code: 'E_VALUE', message: expect.stringContaining(message) as string })
})

test.each(['{"properties": {', '{"a": 1, "a": 2}', "{'properties': {}}", '{"properties": {},}', ''])('%s is not JSON', (text) => {
  expect(errorOf(text).location).toMatchObject({ file: 'schema.json', line: 1 })
})
