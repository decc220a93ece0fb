import { z } from 'zod'
import { and, inObject, not, or } from '../../scan/cell.ts'
import type { Member } from '../document.ts'
import type { Place, SchemaNode } from '../schema.ts'
import { breaks, keyword, oneSchema, plain, type Keyword, type Reading } from './keyword.ts'

const Size = z.int('it must be a whole number').min(0, 'it must not be negative')

const onSize = (name: string, operator: '<' | '>', summary: string, example: number): Keyword =>
  keyword<number>({
    name,
    about: 'objects',
    summary,
    example,
    read: plain(Size),
    broken: (cell, size) => inObject(cell, (object) => `(${object.size} ${operator} ${size})`),
    phrase: (size) => `${name} ${size}`,
  })

/** A name that is demanded, with the place where it stands. */
export interface Name extends Place {
  readonly name: string
}

/** When an object has the first, it has the others too. */
export interface Dependency extends Name {
  readonly needs: readonly string[]
}

export interface Additional {
  /** The properties that it is not about: those listed beside it. */
  readonly except: readonly string[]
  readonly schema: SchemaNode
}

function readNames(member: Member, { document, wrong }: Reading): readonly Name[] {
  const items = document.items(member.value, member.pointer)
  const names = items?.map(({ value, pointer }) => {
    return { name: document.json(value), pointer, location: document.locate(value) }
  })
  if (!names?.every(({ name }) => typeof name === 'string')) throw wrong(member, 'it must be a list of column names')
  return names as Name[]
}

function readProperties(member: Member, { document, schema, wrong }: Reading): ReadonlyMap<string, SchemaNode> {
  const members = document.members(member.value, member.pointer)
  if (!members) throw wrong(member, 'it must be an object with a schema for each column')
  return new Map(members.map(({ name, value, pointer }) => [name, schema(value, pointer)]))
}

function readDependencies(member: Member, reading: Reading): readonly Dependency[] {
  const members = reading.document.members(member.value, member.pointer)
  if (!members) throw reading.wrong(member, 'it must be an object with a list of column names for each column')
  return members.map((one) => {
    const needs = readNames(one, reading).map(({ name }) => name)
    return { name: one.name, needs, pointer: one.pointer, location: reading.document.locate(one.key) }
  })
}

function readAdditional(member: Member, reading: Reading): Additional {
  const beside = reading.siblings.find(({ name }) => name === 'properties')
  const listed = beside ? reading.document.members(beside.value, '') : undefined
  return { except: (listed ?? []).map(({ name }) => name), schema: oneSchema(member, reading) }
}

export const OBJECT_KEYWORDS: readonly Keyword[] = [
  keyword<ReadonlyMap<string, SchemaNode>>({
    name: 'properties',
    about: 'objects',
    summary: 'The properties of an object hold to these schemas; on the row, the columns.',
    example: { zip: { type: 'string' } },
    read: readProperties,
    broken: (cell, schemas) =>
      inObject(cell, ({ property }) => or(...[...schemas].map(([name, schema]) => breaks(schema, property(name))))),
    phrase: () => 'properties',
    schemas: (schemas) => [...schemas.values()],
  }),
  keyword<readonly Name[]>({
    name: 'required',
    about: 'objects',
    summary: 'The object has these properties; on the row, these columns. They may be null where their type allows it.',
    example: ['id', 'age'],
    read: readNames,
    broken: (cell, names) => inObject(cell, ({ property }) => or(...names.map(({ name }) => not(property(name).present)))),
    phrase: () => 'required',
  }),
  keyword<Additional>({
    name: 'additionalProperties',
    about: 'objects',
    summary: 'Properties that are not listed under properties beside it hold to this schema; with false there are none.',
    example: false,
    read: readAdditional,
    broken: (cell, { except, schema }) =>
      inObject(cell, ({ anyProperty }) => anyProperty(except, (property) => breaks(schema, property))),
    phrase: () => 'additionalProperties',
    schemas: ({ schema }) => [schema],
  }),
  keyword<readonly Dependency[]>({
    name: 'dependentRequired',
    about: 'objects',
    summary: 'An object that has a property of this name also has the properties of the list.',
    example: { card: ['holder', 'expires'] },
    read: readDependencies,
    broken: (cell, dependencies) => or(...dependencies.map((one) => lacks(cell, one))),
    phrase: (dependencies) =>
      `dependentRequired ${dependencies.map(({ name, needs }) => `${name} → ${needs.join(', ')}`).join('; ')}`,
  }),
  onSize('minProperties', '<', 'An object has at least this many properties.', 1),
  onSize('maxProperties', '>', 'An object has at most this many properties.', 20),
]

const lacks: Keyword<Dependency>['broken'] = (cell, { name, needs }) =>
  inObject(cell, ({ property }) => and(property(name).present, or(...needs.map((needed) => not(property(needed).present)))))
