import type { z } from 'zod'
import { or, type CellSql } from '../../scan/cell.ts'
import type { Member, SchemaDocument } from '../document.ts'
import type { SchemaNode } from '../schema.ts'

/** A keyword of JSON Schema's that makes a demand on a value. */
export interface Keyword<Value = never> {
  readonly name: string
  /** What values it is about; by the specification a keyword ignores values of other types. */
  readonly about: 'any value' | 'numbers' | 'text' | 'arrays' | 'objects' | 'schemas'
  /** One line for the reference. */
  readonly summary: string
  /** A value that it may have. */
  readonly example: unknown
  /** @throws UserError E_VALUE, E_SCHEMA_KEYWORD for a value that it cannot have */
  readonly read: (member: Member, reading: Reading) => Value
  /** Condition, never NULL: the cell is present and breaks the demand. */
  readonly broken: (cell: CellSql, value: Value) => string
  /** The demand as it is read in "12 rows break …": `minimum 0`. */
  readonly phrase: (value: Value) => string
  /** It demands nothing by itself: another keyword reads it. */
  readonly isPart?: true
  /** The schemas in its value. */
  readonly schemas?: (value: Value) => readonly SchemaNode[]
}

/** What a keyword needs to read its value. */
export interface Reading {
  readonly document: SchemaDocument
  /** The other members of the schema that the keyword stands in. */
  readonly siblings: readonly Member[]
  /** @throws UserError for a mistake in it */
  readonly schema: (node: Member['value'], pointer: string) => SchemaNode
  /** The schema that a `$ref` leads to. */
  readonly reference: (member: Member) => SchemaNode
  /** An error at the member's value. */
  readonly wrong: (member: Member, why: string, hint?: string) => Error
}

/** Keeps the value's type within one entry and forgets it in the table. */
export const keyword = <Value>(entry: Keyword<Value>): Keyword => entry as unknown as Keyword

/** Reads a value that holds no schemas. */
export const plain =
  <Value>(type: z.ZodType<Value>) =>
  (member: Member, { document, wrong }: Reading): Value => {
    const parsed = type.safeParse(document.json(member.value))
    if (parsed.success) return parsed.data
    const { path, message } = parsed.error.issues[0]!
    const item = path.length > 0 ? `item ${path.map((key) => (typeof key === 'number' ? key + 1 : String(key))).join('.')}: ` : ''
    throw wrong(member, item + message)
  }

/** Reads a value that is one schema. */
export const oneSchema = (member: Member, { schema }: Reading): SchemaNode => schema(member.value, member.pointer)

/** Reads a value that is a list of schemas. */
export function schemaList(member: Member, { document, schema, wrong }: Reading): readonly SchemaNode[] {
  const items = document.items(member.value, member.pointer)
  if (!items || items.length === 0) throw wrong(member, 'it must be a list of schemas, of one at least')
  return items.map(({ value, pointer }) => schema(value, pointer))
}

/** Condition, never NULL: the cell is present and breaks a demand of the schema. */
export const breaks = (node: SchemaNode, cell: CellSql): string =>
  or(...node.demands.map((demand) => demand.keyword.broken(cell, demand.value as never)))
