import { and, FALSE, not, or, TRUE } from '../../scan/cell.ts'
import type { Member } from '../document.ts'
import type { SchemaNode } from '../schema.ts'
import { breaks, keyword, oneSchema, schemaList, type Keyword, type Reading } from './keyword.ts'

export interface Conditional {
  readonly condition: SchemaNode
  readonly consequence: SchemaNode | null
  readonly otherwise: SchemaNode | null
}

/** `if` with the branches beside it. */
function readConditional(member: Member, reading: Reading): Conditional {
  const branch = (name: string): SchemaNode | null => {
    const found = reading.siblings.find((one) => one.name === name)
    return found ? oneSchema(found, reading) : null
  }
  const conditional = { condition: oneSchema(member, reading), consequence: branch('then'), otherwise: branch('else') }
  if (conditional.consequence || conditional.otherwise) return conditional
  throw reading.wrong(member, 'it demands nothing without "then" or "else" beside it')
}

/** Definitions are read where they stand too, so that a mistake in one that nothing refers to is found. */
function readDefinitions(member: Member, { document, schema, wrong }: Reading): null {
  const members = document.members(member.value, member.pointer)
  if (!members) throw wrong(member, 'it must be an object with a schema for each name')
  for (const { value, pointer } of members) schema(value, pointer)
  return null
}

/** A branch is read with its `if`; alone it would be ignored. */
const branchOf = (name: 'then' | 'else', summary: string, example: unknown): Keyword =>
  keyword<null>({
    name,
    about: 'schemas',
    summary,
    example,
    read(member, { siblings, wrong }) {
      if (siblings.some((one) => one.name === 'if')) return null
      throw wrong(member, 'it demands nothing without "if" beside it')
    },
    broken: () => FALSE,
    phrase: () => name,
    isPart: true,
  })

export const SCHEMA_KEYWORDS: readonly Keyword[] = [
  keyword<SchemaNode>({
    name: '$ref',
    about: 'schemas',
    summary: 'The value holds to the schema at this place in the same document.',
    example: '#/$defs/money',
    read: (member, { reference }) => reference(member),
    broken: (cell, schema) => breaks(schema, cell),
    phrase: () => '$ref',
    schemas: (schema) => [schema],
  }),
  keyword<null>({
    name: '$defs',
    about: 'schemas',
    summary: 'Schemas with names, for $ref.',
    example: { money: { type: 'number', minimum: 0 } },
    read: readDefinitions,
    broken: () => FALSE,
    phrase: () => '$defs',
    isPart: true,
  }),
  keyword<readonly SchemaNode[]>({
    name: 'allOf',
    about: 'schemas',
    summary: 'The value holds to all of these schemas.',
    example: [{ minimum: 0 }, { multipleOf: 5 }],
    read: schemaList,
    broken: (cell, schemas) => or(...schemas.map((schema) => breaks(schema, cell))),
    phrase: () => 'allOf',
    schemas: (schemas) => schemas,
  }),
  keyword<readonly SchemaNode[]>({
    name: 'anyOf',
    about: 'schemas',
    summary: 'The value holds to one of these schemas at least.',
    example: [{ type: 'null' }, { format: 'date' }],
    read: schemaList,
    broken: (cell, schemas) => and(cell.present, ...schemas.map((schema) => breaks(schema, cell))),
    phrase: (schemas) => `anyOf (none of ${schemas.length} schemas holds)`,
    schemas: (schemas) => schemas,
  }),
  keyword<readonly SchemaNode[]>({
    name: 'oneOf',
    about: 'schemas',
    summary: 'The value holds to exactly one of these schemas.',
    example: [{ multipleOf: 3 }, { multipleOf: 5 }],
    read: schemaList,
    broken: (cell, schemas) => and(cell.present, not(exactlyOneHolds(schemas.map((schema) => breaks(schema, cell))))),
    phrase: (schemas) => `oneOf (none or several of ${schemas.length} schemas hold)`,
    schemas: (schemas) => schemas,
  }),
  keyword<SchemaNode>({
    name: 'not',
    about: 'schemas',
    summary: 'The value does not hold to this schema.',
    example: { const: -999 },
    read: oneSchema,
    broken: (cell, schema) => and(cell.present, not(breaks(schema, cell))),
    phrase: () => 'not',
    schemas: (schema) => [schema],
  }),
  keyword<Conditional>({
    name: 'if',
    about: 'schemas',
    summary: 'A value that holds to this schema also holds to then; another one holds to else.',
    example: { properties: { country: { const: 'US' } } },
    read: readConditional,
    broken(cell, { condition, consequence, otherwise }) {
      const isElse = breaks(condition, cell)
      return or(
        consequence ? and(cell.present, not(isElse), breaks(consequence, cell)) : FALSE,
        otherwise ? and(isElse, breaks(otherwise, cell)) : FALSE,
      )
    },
    phrase: ({ consequence, otherwise }) => ['if', consequence && 'then', otherwise && 'else'].filter(Boolean).join('/'),
    schemas: ({ condition, consequence, otherwise }) => [condition, consequence, otherwise].filter((schema) => schema !== null),
  }),
  branchOf('then', 'What a value that holds to if has to hold to.', { required: ['state'] }),
  branchOf('else', 'What a value that does not hold to if has to hold to.', { required: ['country'] }),
]

function exactlyOneHolds(broken: readonly string[]): string {
  const open = broken.filter((condition) => condition !== TRUE && condition !== FALSE)
  const held = broken.filter((condition) => condition === FALSE).length
  if (held > 1) return FALSE
  if (held === 1) return and(...open)
  if (open.length === 0) return FALSE
  return `(${open.map((condition) => `CASE WHEN ${condition} THEN 0 ELSE 1 END`).join(' + ')} = 1)`
}
