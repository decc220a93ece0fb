import { count, percent } from '../../../core/counts.ts'
import type { JsonType } from '../../scan/json-type.ts'
import type { Guess } from '../draft.ts'
import { schemaOfType } from '../nested-type.ts'
import { ENOUGH, shareToDemand, type ColumnContext, type Guesses } from './context.ts'

/** Text in which from this share on values are numbers is a column of numbers with mistakes in it. */
const MOSTLY_NUMBERS = 0.95

const DOCUMENT_TYPES: Readonly<Record<string, JsonType>> = {
  NULL: 'null',
  BOOLEAN: 'boolean',
  BIGINT: 'integer',
  UBIGINT: 'integer',
  HUGEINT: 'integer',
  UHUGEINT: 'integer',
  DOUBLE: 'number',
  VARCHAR: 'string',
  ARRAY: 'array',
  OBJECT: 'object',
}

/** `type`, and for nested columns the schema of what is in them. */
export function guessType(context: ColumnContext): Guesses {
  const { column, present, rows } = context
  if (column.document) return guessDocumentType(context)
  if (column.kind === 'binary') return { notes: ['its raw bytes are of no type that JSON has, so none is demanded'] }
  if (present === 0) {
    return { keywords: [{ name: 'type', value: 'null', why: 'no row has a value; say what it is when one does' }] }
  }
  const nulls = column.missing - column.notFinite
  const numbersInText = mostlyNumbers(context)
  const type = numbersInText === undefined ? typeOf(context) : 'number'
  const missing = nulls > 0 ? `; ${count(nulls, 'row')} of ${count(rows, 'row')} without a value` : ''
  const guess: Guess = { name: 'type', value: nulls > 0 ? [type, 'null'] : type, why: `${reasonOf(context, type)}${missing}` }
  const nested = column.kind === 'nested' ? nestedGuesses(column.type) : []
  return { keywords: [guess, ...nested], allowances: allowances(context, numbersInText) }
}

function typeOf({ column, present }: ColumnContext): JsonType {
  switch (column.kind) {
    case 'number':
      return column.scale?.whole && (/INT/.test(column.type) || present >= ENOUGH) ? 'integer' : 'number'
    case 'boolean':
      return 'boolean'
    case 'nested':
      return column.type.endsWith(']') ? 'array' : 'object'
    default:
      return 'string'
  }
}

function reasonOf({ column, present }: ColumnContext, type: JsonType): string {
  if (column.kind === 'nested') return `the file's type is ${column.type}`
  if (type === 'integer') return `all ${count(present, 'value')} are whole numbers`
  return `all ${count(present, 'value')} read so`
}

function nestedGuesses(type: string): Guess[] {
  const inside = schemaOfType(type)
  return Object.entries(inside)
    .filter(([name]) => name !== 'type')
    .map(([name, value]) => ({ name, value, why: 'as the file declares it; what is inside may be null, which was not counted' }))
}

/** In CSV: how many values are numbers, when nearly all are. */
export function mostlyNumbers({ column, present }: ColumnContext): number | undefined {
  if (column.kind !== 'text' || present < ENOUGH) return undefined
  const numeric = column.text?.numeric ?? 0
  return numeric / present >= MOSTLY_NUMBERS && numeric < present ? numeric : undefined
}

function allowances({ column, present }: ColumnContext, numbersInText: number | undefined): Record<string, Guess> {
  if (numbersInText !== undefined) {
    const why = `${count(present - numbersInText, 'value')} (${percent(1 - numbersInText / present)}) are no numbers`
    return { type: { name: 'type', value: { mostly: shareToDemand(numbersInText, present) }, why } }
  }
  if (column.notFinite === 0) return {}
  const rows = present + column.missing
  const why = `${count(column.notFinite, 'value')} are NaN or infinite, which JSON does not have`
  const value = { mostly: shareToDemand(rows - column.notFinite, rows) }
  return Object.fromEntries(['type', 'minimum', 'maximum'].map((name) => [name, { name, value, why }]))
}

function guessDocumentType({ column, rows }: ColumnContext): Guesses {
  const { types, absent } = column.document!
  const found = new Set(types.map((type) => DOCUMENT_TYPES[type]).filter((type) => type !== undefined))
  if (found.has('number')) found.delete('integer')
  const list = [...found].toSorted((a, b) => Number(a === 'null') - Number(b === 'null') || a.localeCompare(b))
  if (list.length === 0) return {}
  const without = absent > 0 ? `; ${count(absent, 'row')} of ${count(rows, 'row')} without the key` : ''
  const guess = { name: 'type', value: list.length === 1 ? list[0] : list, why: `the types of all its values${without}` }
  return { keywords: [guess, ...(column.kind === 'nested' && column.type !== 'JSON' ? nestedGuesses(column.type) : [])] }
}
