import { z } from 'zod'
import { literal } from '../../../drivers/duckdb.ts'
import { isAmong } from '../../scan/among.ts'
import { and, equals, not, or, type CellSql } from '../../scan/cell.ts'
import { JSON_TYPES, type JsonType, type JsonValue } from '../../scan/json-type.ts'
import { keyword, plain, type Keyword } from './keyword.ts'

const TYPE_CONDITIONS: Readonly<Record<JsonType, (cell: CellSql) => string>> = {
  null: (cell) => cell.isNull,
  boolean: (cell) => cell.boolean.when,
  integer: ({ number }) => and(number.finite, number.integer),
  number: ({ number }) => number.finite,
  string: (cell) => cell.string.when,
  array: (cell) => cell.isArray,
  object: (cell) => cell.isObject,
}

/** Texts, of which there may be thousands, are looked up in one list. */
const isOneOf = (cell: CellSql, values: readonly JsonValue[]): string => {
  const texts = values.filter((value) => typeof value === 'string')
  const others = values.filter((value) => typeof value !== 'string').map((value) => equals(cell, value))
  if (texts.length === 0) return or(...others)
  return or(and(cell.string.when, isAmong(cell.string.value, texts.map(literal))), ...others)
}

const Value = z.json('it must be a JSON value') as unknown as z.ZodType<JsonValue>

export const VALUE_KEYWORDS: readonly Keyword[] = [
  keyword<readonly JsonType[]>({
    name: 'type',
    about: 'any value',
    summary: 'The value is of this type, or of one of these types. 1.0 is an integer; a NULL is of type null.',
    example: ['number', 'null'],
    read: plain(
      z.union(
        [z.enum(JSON_TYPES).transform((type) => [type]), z.array(z.enum(JSON_TYPES)).min(1, 'it must not be an empty list')],
        { error: () => `it must be one of ${JSON_TYPES.join(', ')}, or a list of these` },
      ),
    ),
    broken: (cell, types) => and(cell.present, not(or(...types.map((type) => TYPE_CONDITIONS[type](cell))))),
    phrase: (types) => `type ${types.join(' or ')}`,
  }),
  keyword<readonly JsonValue[]>({
    name: 'enum',
    about: 'any value',
    summary: 'The value is one of these: text, numbers, true, false, null, and also arrays and objects.',
    example: ['yes', 'no'],
    read: plain(z.array(Value, 'it must be a list of values').min(1, 'it must not be empty')),
    broken: (cell, values) => and(cell.present, not(isOneOf(cell, values))),
    phrase: (values) =>
      `enum ${values
        .slice(0, 8)
        .map((value) => JSON.stringify(value))
        .join(', ')}${values.length > 8 ? ', …' : ''}`,
  }),
  keyword<JsonValue>({
    name: 'const',
    about: 'any value',
    summary: 'The value is this one.',
    example: 'EUR',
    read: plain(Value),
    broken: (cell, value) => and(cell.present, not(isOneOf(cell, [value]))),
    phrase: (value) => `const ${JSON.stringify(value)}`,
  }),
]

/** The schema `false`, which no value holds to. It is not a keyword that can be written, and stands for the schema as a whole. */
export const NOTHING: Keyword = keyword<false>({
  name: 'false',
  about: 'any value',
  summary: 'No value is allowed.',
  example: false,
  read: () => false,
  broken: (cell) => cell.present,
  phrase: () => 'the schema false, which allows no value',
})
