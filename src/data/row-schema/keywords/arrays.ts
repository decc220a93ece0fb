import { z } from 'zod'
import { inArray, not, or } from '../../scan/cell.ts'
import type { Member } from '../document.ts'
import type { SchemaNode } from '../schema.ts'
import { breaks, keyword, oneSchema, plain, schemaList, type Keyword, type Reading } from './keyword.ts'

const Length = z.int('it must be a whole number').min(0, 'it must not be negative')

export interface Items {
  /** The first item that it is about: those before have schemas of their own under `prefixItems`. */
  readonly from: number
  readonly schema: SchemaNode
}

function readItems(member: Member, reading: Reading): Items {
  const { document, siblings, wrong } = reading
  if (document.items(member.value, '')) {
    throw wrong(member, 'it must be one schema', 'Schemas for the items one by one stand under "prefixItems".')
  }
  const prefix = siblings.find(({ name }) => name === 'prefixItems')
  return { from: prefix ? (document.items(prefix.value, '')?.length ?? 0) : 0, schema: oneSchema(member, reading) }
}

const onLength = (name: string, operator: '<' | '>', summary: string, example: number): Keyword =>
  keyword<number>({
    name,
    about: 'arrays',
    summary,
    example,
    read: plain(Length),
    broken: (cell, length) => inArray(cell, (array) => `(${array.length} ${operator} ${length})`),
    phrase: (length) => `${name} ${length}`,
  })

export const ARRAY_KEYWORDS: readonly Keyword[] = [
  keyword<Items>({
    name: 'items',
    about: 'arrays',
    summary: 'Every item of an array holds to this schema; with prefixItems, every item after those.',
    example: { type: 'number' },
    read: readItems,
    broken: (cell, { from, schema }) => inArray(cell, (array) => array.anyItem(from, (item) => breaks(schema, item))),
    phrase: () => 'items',
    schemas: ({ schema }) => [schema],
  }),
  keyword<readonly SchemaNode[]>({
    name: 'prefixItems',
    about: 'arrays',
    summary: 'The first item of an array holds to the first schema, the second to the second, and so on.',
    example: [{ type: 'number' }, { type: 'string' }],
    read: schemaList,
    broken: (cell, schemas) => inArray(cell, (array) => or(...schemas.map((schema, i) => breaks(schema, array.item(i))))),
    phrase: () => 'prefixItems',
    schemas: (schemas) => schemas,
  }),
  onLength('minItems', '<', 'An array has at least this many items.', 1),
  onLength('maxItems', '>', 'An array has at most this many items.', 10),
  keyword<boolean>({
    name: 'uniqueItems',
    about: 'arrays',
    summary: 'No two items of an array are equal.',
    example: true,
    read: plain(z.boolean('it must be true or false')),
    broken: (cell, wanted) => (wanted ? inArray(cell, (array) => not(array.isUnique)) : 'FALSE'),
    phrase: (wanted) => `uniqueItems ${wanted}`,
  }),
]
