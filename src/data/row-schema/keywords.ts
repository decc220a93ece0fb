import { z } from 'zod'
import { literal } from '../../drivers/duckdb.ts'
import { isAmong } from '../scan/among.ts'
import { and, double, equals, not, or, type CellSql } from '../scan/cell.ts'
import { toRe2 } from './pattern.ts'
import { JSON_TYPES, type JsonScalar, type JsonType } from '../scan/json-type.ts'

/** A keyword of JSON Schema's that makes a demand on the values of one column. */
export interface Keyword<Value = never> {
  readonly name: string
  /** What its value may be. */
  readonly value: z.ZodType<Value>
  /** Condition, never NULL: the cell breaks the demand. By the specification a keyword ignores values of types it is not about. */
  readonly broken: (cell: CellSql, value: Value) => string
  /** The demand as it is read in "12 rows break …": `minimum 0`. */
  readonly phrase: (value: Value) => string
}

const Scalar = z.union(
  [z.string(), z.number(), z.boolean(), z.null()],
  'only text, numbers, true, false and null can be compared',
)
const Num = z.number('it must be a number')
const Length = z.int('it must be a whole number').min(0, 'it must not be negative')

/** Keeps the value's type within one entry and forgets it in the table. */
const keyword = <Value>(entry: Keyword<Value>): Keyword => entry as unknown as Keyword

const TYPE_CONDITIONS: Readonly<Record<JsonType, (cell: CellSql) => string>> = {
  null: (cell) => cell.isNull,
  boolean: (cell) => cell.boolean.when,
  integer: ({ number }) => and(number.finite, number.integer),
  number: ({ number }) => number.finite,
  string: (cell) => cell.string.when,
  array: (cell) => cell.isArray,
  object: (cell) => cell.isObject,
}

const isOneOf = (cell: CellSql, values: readonly JsonScalar[]): string => {
  const texts = values.filter((value) => typeof value === 'string')
  const others = values.filter((value) => typeof value !== 'string').map((value) => equals(cell, value, literal))
  if (texts.length === 0) return or(...others)
  return or(and(cell.string.when, isAmong(cell.string.value, texts.map(literal))), ...others)
}

/** A demand on numbers. NaN and infinities are not numbers of JSON: they break it. */
const onNumbers = (name: string, holds: (number: CellSql['number'], bound: number) => string): Keyword =>
  keyword<number>({
    name,
    value: Num,
    broken: ({ number }, bound) => and(number.when, not(and(number.finite, holds(number, bound)))),
    phrase: (bound) => `${name} ${bound}`,
  })

/** A demand on the length of text, in Unicode code points. */
const onLength = (name: string, operator: '<' | '>'): Keyword =>
  keyword<number>({
    name,
    value: Length,
    broken: ({ string }, length) => and(string.when, `length(${string.value}) ${operator} ${length}`),
    phrase: (length) => `${name} ${length}`,
  })

const quoted = (value: JsonScalar): string => JSON.stringify(value)

const TABLE: readonly Keyword[] = [
  keyword<readonly JsonType[]>({
    name: 'type',
    value: z.union(
      [z.enum(JSON_TYPES).transform((type) => [type]), z.array(z.enum(JSON_TYPES)).min(1, 'it must not be an empty list')],
      {
        error: () => `it must be one of ${JSON_TYPES.join(', ')}, or a list of these`,
      },
    ),
    broken: (cell, types) => and(cell.present, not(or(...types.map((type) => TYPE_CONDITIONS[type](cell))))),
    phrase: (types) => `type ${types.join(' or ')}`,
  }),
  keyword<readonly JsonScalar[]>({
    name: 'enum',
    value: z.array(Scalar, 'it must be a list of values').min(1, 'it must not be empty'),
    broken: (cell, values) => and(cell.present, not(isOneOf(cell, values))),
    phrase: (values) => `enum ${values.slice(0, 8).map(quoted).join(', ')}${values.length > 8 ? ', …' : ''}`,
  }),
  keyword<JsonScalar>({
    name: 'const',
    value: Scalar,
    broken: (cell, value) => and(cell.present, not(isOneOf(cell, [value]))),
    phrase: (value) => `const ${quoted(value)}`,
  }),
  onNumbers('minimum', (number, bound) => number.compare('>=', bound)),
  onNumbers('maximum', (number, bound) => number.compare('<=', bound)),
  onNumbers('exclusiveMinimum', (number, bound) => number.compare('>', bound)),
  onNumbers('exclusiveMaximum', (number, bound) => number.compare('<', bound)),
  keyword<number>({
    name: 'multipleOf',
    value: Num.positive('it must be above zero'),
    broken: ({ number }, divisor) => and(number.when, not(and(number.finite, isMultiple(number.value, divisor)))),
    phrase: (divisor) => `multipleOf ${divisor}`,
  }),
  onLength('minLength', '<'),
  onLength('maxLength', '>'),
  keyword<{ readonly source: string; readonly re2: string }>({
    name: 'pattern',
    value: z.string('it must be text').transform((source, context) => {
      try {
        return { source, re2: toRe2(source) }
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
        return z.NEVER
      }
    }),
    broken: ({ string }, { re2 }) => and(string.when, not(`regexp_matches(${string.value}, ${literal(re2)})`)),
    phrase: ({ source }) => `pattern ${source}`,
  }),
]

/**
 * The value is a whole number of divisors. A fraction such as 0.1 is not exact in binary (0.3 / 0.1 is 2.9999999999999996), so with
 * one the quotient may miss by the rounding of the division, as long as it is small enough for that to mean anything.
 */
function isMultiple(value: string, divisor: number): string {
  const exact = `(${value} % ${double(divisor)} = 0)`
  if (Number.isInteger(divisor)) return exact
  const quotient = `(${value} / ${double(divisor)})`
  return or(exact, `(abs(${quotient}) < 1e12 AND abs(${quotient} - round(${quotient})) <= abs(${quotient}) * 1e-15)`)
}

export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(TABLE.map((entry) => [entry.name, entry]))

/** Keywords that describe and demand nothing. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
])

/** Keywords of the schema itself, beside annotations. */
export const ROW_KEYWORDS: ReadonlySet<string> = new Set(['type', 'properties', 'required', 'additionalProperties'])
