/* oxlint-disable unicorn/no-thenable -- it is a keyword of JSON Schema */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import { packageRoot } from '../../drivers/self.ts'
import { KEYWORDS } from './keywords.ts'
import { loadRowSchema } from './load.ts'
import { countRules, pathText } from './schema.ts'

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
  const marks = { deprecated: true, readOnly: true, writeOnly: false }
  const annotations = { $comment: 'c', title: 't', description: 'd', examples: [1], default: 1, ...marks }
  const $schema = 'https://json-schema.org/draft/2020-12/schema'
  const text = JSON.stringify({ $schema, $id: 'i', ...annotations, properties: { age: annotations } })
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
  expect(error.message).toBe('schema.json:3:14: the keyword "minimun" at /properties/age/minimun is not supported')
  expect(error.hint).toMatch(/^Did you mean "minimum"\? Supported: type, enum, const, minimum, /)
  expect(error.frame).toBe('3 |     "age": { "minimun": 0 }\n                 ^')
  expect(error.location).toEqual({ file: 'schema.json', line: 3, column: 14 })
})

const UNSUPPORTED = [
  '$anchor',
  '$dynamicRef',
  '$vocabulary',
  'additionalItems',
  'contains',
  'contentEncoding',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'x-anything',
]

test.each(UNSUPPORTED)('%s is not ignored, wherever it stands', (keyword) => {
  const one = { [keyword]: true }
  const schemas: [unknown, string][] = [
    [one, ''],
    [{ properties: { age: one } }, '/properties/age'],
    [{ properties: { age: { items: one } } }, '/properties/age/items'],
    [{ anyOf: [true, { not: one }] }, '/anyOf/1/not'],
    [{ if: true, then: one }, '/then'],
    [{ $defs: { 'never used': one } }, '/$defs/never used'],
    [{ additionalProperties: one }, '/additionalProperties'],
  ]
  for (const [schema, pointer] of schemas) {
    expect(errorOf(JSON.stringify(schema))).toMatchObject({
      code: 'E_SCHEMA_KEYWORD',
      message: expect.stringContaining(`the keyword "${keyword}" at ${pointer}/${keyword} is not supported`) as string,
    })
  }
})

test('what belongs to the root of a document is refused below it', () => {
  expect(errorOf(column({ $id: 'other' })).message).toContain('is not supported below the root of the document')
})

test.each([
  [{ type: 'int' }, 'it must be one of null, boolean, integer, number, string, array, object, or a list of these'],
  [{ type: [] }, 'it must not be an empty list'],
  [{ minimum: '0' }, 'it must be a number'],
  [{ minLength: -1 }, 'it must not be negative'],
  [{ maxLength: 1.5 }, 'it must be a whole number'],
  [{ multipleOf: 0 }, 'it must be above zero'],
  [{ enum: [] }, 'it must not be empty'],
  [{ enum: 'yes' }, 'it must be a list of values'],
  [{ format: 'hostname' }, 'it must be one of date, time, date-time, email, uuid, uri, ipv4, ipv6'],
  [{ items: [{ type: 'string' }] }, 'it must be one schema'],
  [{ prefixItems: { type: 'string' } }, 'it must be a list of schemas'],
  [{ uniqueItems: 'yes' }, 'it must be true or false'],
  [{ minItems: -1 }, 'it must not be negative'],
  [{ anyOf: [] }, 'it must be a list of schemas, of one at least'],
  [{ then: true }, 'it demands nothing without "if" beside it'],
  [{ else: true }, 'it demands nothing without "if" beside it'],
  [{ if: true }, 'it demands nothing without "then" or "else" beside it'],
  [{ required: 'zip' }, 'it must be a list of column names'],
  [{ dependentRequired: ['a'] }, 'it must be an object with a list of column names for each column'],
  [{ $ref: 1 }, 'it must be text'],
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
  ['{"properties": {"age": 1}}', '/properties/age: a schema is an object, true or false'],
  ['{"dependentRequired": {"age": "a"}}', 'it must be a list of column names'],
  ['{"allOf": [{"type": "string"}]}', 'a row is an object'],
  ['{"properties": {"": {}}}', 'a column needs a name'],
  ['{"required": [""]}', 'a column needs a name'],
  ['{"type": "array"}', 'a row is an object'],
  ['[]', 'a row schema is a JSON object'],
])('%s', (text, message) => {
  expect(errorOf(text)).toMatchObject({ code: 'E_VALUE', message: expect.stringContaining(message) as string })
})

test.each(['{"properties": {', '{"a": 1, "a": 2}', "{'properties': {}}", '{"properties": {},}', ''])('%s is not JSON', (text) => {
  expect(errorOf(text).location).toMatchObject({ file: 'schema.json', line: 1 })
})

const DEFS = `{
  "properties": {
    "price": { "$ref": "#/$defs/money", "description": "EUR" },
    "tags": { "items": { "allOf": [{ "$ref": "#/$defs/a~1b%20c" }] } }
  },
  "$defs": {
    "money": { "type": "number", "minimum": 0 },
    "a/b c": { "maxLength": 3 }
  }
}`

test('what $ref and allOf lead to are rules of the column, with the place where they stand', () => {
  const { rules } = loadRowSchema(DEFS, 'schema.json')
  expect(rules.map((rule) => [pathText(rule), rule.keyword, rule.pointer, rule.location.line])).toEqual([
    ['price', 'type', '/$defs/money/type', 7],
    ['price', 'minimum', '/$defs/money/minimum', 7],
    ['tags[]', 'maxLength', '/$defs/a~1b c/maxLength', 8],
  ])
})

test('rules on values inside a column, and on the row', () => {
  const schema = {
    minProperties: 1,
    dependentRequired: { card: ['holder', 'expires'] },
    anyOf: [{ required: ['a'] }, { required: ['b'] }],
    if: { properties: { a: { const: 1 } } },
    then: { required: ['b'] },
    properties: {
      address: { required: ['zip'], properties: { zip: { pattern: '^[0-9]+$' } }, additionalProperties: { type: 'string' } },
      pairs: { items: { prefixItems: [{ minimum: 0 }], items: false } },
    },
    additionalProperties: { items: { type: 'string' } },
  }
  const { rules } = loadRowSchema(JSON.stringify(schema), 'schema.json')
  expect(rules.map((rule) => [rule.column, pathText(rule), rule.keyword, rule.pointer])).toEqual([
    ['', '', 'minProperties', '/minProperties'],
    ['', '', 'dependentRequired', '/dependentRequired/card'],
    ['', '', 'anyOf', '/anyOf'],
    ['', '', 'if', '/if'],
    ['address', 'address.zip', 'required', '/properties/address/required/0'],
    ['address', 'address.zip', 'pattern', '/properties/address/properties/zip/pattern'],
    ['address', 'address.*', 'type', '/properties/address/additionalProperties/type'],
    ['pairs', 'pairs[][0]', 'minimum', '/properties/pairs/items/prefixItems/0/minimum'],
    ['pairs', 'pairs[][1…]', 'false', '/properties/pairs/items/items'],
    ['', '*[]', 'type', '/additionalProperties/items/type'],
  ])
})

test('a closed schema inside allOf closes the row to what it lists itself', () => {
  const inner = { properties: { a: true, b: true }, additionalProperties: false }
  const schema = loadRowSchema(JSON.stringify({ properties: { c: true }, allOf: [inner] }), 'schema.json')
  expect(schema).toMatchObject({ properties: ['a', 'b'], closed: { pointer: '/allOf/0/additionalProperties' } })
})

test.each([
  ['{"$ref": "#/$defs/nowhere"}', '"$ref" at /$ref: "#/$defs/nowhere" leads to no schema in this document', 10],
  ['{"$ref": "other.json"}', 'leads to no schema in this document', 10],
  ['{"$ref": "#anchor"}', 'leads to no schema in this document', 10],
  ['{"$ref": "#/%E0%A4%A"}', 'leads to no schema in this document', 10],
  ['{"properties": {"child": {"$ref": "#"}}}', '"$ref" at /properties/child/$ref: "#" is a schema that this one is part of', 35],
  [
    '{"$defs": {"a": {"items": {"$ref": "#/$defs/b"}}, "b": {"not": {"$ref": "#/$defs/a"}}}}',
    '"$ref" at /$defs/b/not/$ref: "#/$defs/a" is a schema that this one is part of, and recursive schemas are not supported',
    73,
  ],
  [
    '{"$schema": "http://json-schema.org/draft-07/schema#"}',
    '"$schema" at /$schema: "http://json-schema.org/draft-07/schema#"',
    13,
  ],
])('%s', (text, message, column) => {
  expect(errorOf(text)).toMatchObject({
    code: 'E_SCHEMA_KEYWORD',
    message: expect.stringContaining(message) as string,
    location: { line: 1, column },
  })
})

test('an alias of YAML is what it stands for; one that contains itself is refused', () => {
  const { rules } = loadRowSchema('properties:\n  a: &money { minimum: 0 }\n  b: *money\n', 'schema.yaml')
  expect(rules.map(({ column, keyword }) => [column, keyword])).toEqual([
    ['a', 'minimum'],
    ['b', 'minimum'],
  ])
  expect(errorOf('properties:\n  a: &a\n    items: *a\n', 'schema.yaml').message).toContain('contains itself')
})

test('x-plimsoll is collected on the row and on columns, also through allOf and $ref, and knows its places', () => {
  const text = `{
  "x-plimsoll": { "rows": { "min": 1 } },
  "allOf": [{ "properties": { "a": { "x-plimsoll": { "unique": true } } } }],
  "properties": { "b": { "$ref": "#/$defs/shared" } },
  "$defs": { "shared": { "x-plimsoll": { "missing": { "max": 0.1 } } } }
}`
  const { extensions, rules } = loadRowSchema(text, 'schema.json')
  expect(rules).toEqual([])
  expect(extensions.map(({ column, pointer, value }) => ({ column, pointer, value }))).toEqual([
    { column: '', pointer: '/x-plimsoll', value: { rows: { min: 1 } } },
    { column: 'a', pointer: '/allOf/0/properties/a/x-plimsoll', value: { unique: true } },
    { column: 'b', pointer: '/$defs/shared/x-plimsoll', value: { missing: { max: 0.1 } } },
  ])
  expect(extensions[0]!.locate([])).toEqual({ file: 'schema.json', line: 2, column: 3 })
  expect(extensions[0]!.locate(['rows', 'min'])).toEqual({ file: 'schema.json', line: 2, column: 29 })
  expect(extensions[0]!.locate(['rows', 'nowhere'])).toEqual({ file: 'schema.json', line: 2, column: 19 })
})

test.each([
  [{ anyOf: [{ 'x-plimsoll': {} }, true] }, '/anyOf/0/x-plimsoll'],
  [{ properties: { a: { items: { 'x-plimsoll': {} } } } }, '/properties/a/items/x-plimsoll'],
  [{ properties: { a: { properties: { b: { 'x-plimsoll': {} } } } } }, '/properties/a/properties/b/x-plimsoll'],
  [{ if: true, then: { properties: { a: { 'x-plimsoll': {} } } } }, '/then/properties/a/x-plimsoll'],
  [{ additionalProperties: { 'x-plimsoll': {} } }, '/additionalProperties/x-plimsoll'],
  [
    {
      properties: { a: { $ref: '#/$defs/a' } },
      not: { properties: { a: { $ref: '#/$defs/a' } } },
      $defs: { a: { 'x-plimsoll': {} } },
    },
    '/$defs/a/x-plimsoll',
  ],
])('x-plimsoll elsewhere is an error: %j', (schema, pointer) => {
  expect(errorOf(JSON.stringify(schema))).toMatchObject({
    code: 'E_SCHEMA_KEYWORD',
    message: expect.stringContaining(`"x-plimsoll" at ${pointer} stands where no rule`) as string,
  })
})

test('every keyword of the table has an example that it accepts, and one line of summary', () => {
  for (const [name, { example, summary, isPart }] of KEYWORDS) {
    if (name === '$ref') continue
    const beside = name === 'then' || name === 'else' ? { if: true } : name === 'if' ? { then: true } : {}
    const { rules, closed } = loadRowSchema(JSON.stringify({ properties: { a: { [name]: example, ...beside } } }), 'schema.json')
    expect([name, rules.length > 0 || closed !== null || isPart === true]).toEqual([name, true])
    expect(summary).toMatch(/^[A-Z1][^\n]{10,140}\.$/)
  }
})

test.each(['examples/mortgage', 'examples/mortgage-sklearn'])('the schema of %s', async (example) => {
  const path = join(packageRoot, example, 'schemas/input.json')
  const schema = loadRowSchema(await readFile(path, 'utf8'), path)
  expect(schema.properties).toHaveLength(14)
  expect(countRules(schema)).toBeGreaterThan(40)
})
