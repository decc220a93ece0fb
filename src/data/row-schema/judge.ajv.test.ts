import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifier, literal, openDuckdb } from '../../drivers/duckdb.ts'
import { judgeRows } from '../../../test/fixtures/judge-rows.ts'
import { COLUMNS, numbers, patterns, scalars, types, words } from '../../../test/fixtures/random-row-schema.ts'
import { loadRowSchema } from './load.ts'

// Ajv judges one row after the other in JavaScript; we judge all of them in SQL. They must break the same rows.

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'row-schema-ajv-'))))
afterAll(() => rm(folder, { recursive: true }))

type Row = Record<string, unknown>
type Schema = Record<string, unknown>
const columnSchema = (values: fc.Arbitrary<unknown>) =>
  fc.record(
    {
      type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })),
      enum: fc.uniqueArray(values, { minLength: 1, maxLength: 4 }),
      const: values,
      minimum: numbers,
      maximum: numbers,
      exclusiveMinimum: numbers,
      exclusiveMaximum: numbers,
      multipleOf: fc.constantFrom(1, 2, 5, 0.5, 0.25),
      minLength: fc.nat(3),
      maxLength: fc.nat(3),
      pattern: patterns,
    },
    { requiredKeys: [] },
  )

const schemas = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Schema> =>
  fc.record(
    {
      properties: fc.dictionary(fc.constantFrom(...COLUMNS), sparse(columnSchema(values)), { maxKeys: 4 }),
      required: fc.uniqueArray(fc.constantFrom(...COLUMNS), { maxLength: 2 }),
      additionalProperties: fc.boolean(),
    },
    { requiredKeys: ['properties'] },
  )

/** A schema with at most three of its keywords, so that not everything fails at once. */
const sparse = (full: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> =>
  fc.tuple(full, fc.nat(), fc.integer({ min: 1, max: 3 })).map(([schema, from, count]) => {
    const entries = Object.entries(schema)
    return Object.fromEntries([...entries, ...entries].slice(entries.length ? from % entries.length : 0).slice(0, count))
  })

interface Verdicts {
  readonly rows: number
  readonly brokenRows: number
  readonly byKeyword: Readonly<Record<string, number>>
  /** Null where a whole column is missing or unexpected: such rules come without example rows. */
  readonly numbers: readonly number[] | null
}

function byAjv(schema: Schema, rows: readonly Row[]): Verdicts {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema)
  const byKeyword: Record<string, number> = {}
  const numbers: number[] = []
  for (const [i, row] of rows.entries()) {
    if (validate(row)) continue
    numbers.push(i + 1)
    for (const { keyword } of validate.errors!) byKeyword[keyword] = (byKeyword[keyword] ?? 0) + 1
  }
  return { rows: rows.length, brokenRows: numbers.length, byKeyword, numbers }
}

async function bySql(schema: Schema, file: string): Promise<Verdicts> {
  const loaded = loadRowSchema(JSON.stringify(schema, null, 1), 'schema.json')
  const { rows, brokenRows, outcomes } = await judgeRows({ cwd: folder, data: file, schema: loaded, examples: 1000 })
  const broken = outcomes.filter((outcome) => outcome.broken > 0)
  const byKeyword: Record<string, number> = {}
  for (const { rule, broken: count } of broken) byKeyword[rule.keyword] = (byKeyword[rule.keyword] ?? 0) + count
  const found = new Set(broken.flatMap(({ examples }) => examples.map(({ row }) => row)))
  const isComplete = broken.every(({ examples }) => examples.length > 0)
  return { rows, brokenRows, byKeyword, numbers: isComplete ? [...found].toSorted((a, b) => a - b) : null }
}

/** What both say; Ajv's row numbers are left out where ours are. */
async function judgeBoth(schema: Schema, file: string, rows: readonly Row[]): Promise<{ sql: Verdicts; ajv: Verdicts }> {
  const [sql, ajv] = [await bySql(schema, file), byAjv(schema, rows)]
  return { sql, ajv: sql.numbers ? ajv : { ...ajv, numbers: null } }
}

test('JSON Lines: the same rows and keywords as Ajv, with absent keys and any type in any row', { timeout: 60_000 }, async () => {
  const row = fc.dictionary(
    fc.constantFrom(...COLUMNS, 'other'),
    fc.oneof({ weight: 8, arbitrary: scalars }, fc.constant([1]), fc.constant({ k: 1 })),
  )
  await fc.assert(
    fc.asyncProperty(schemas(scalars), fc.array(row, { minLength: 10, maxLength: 30 }), async (schema, rows) => {
      await writeFile(join(folder, 'rows.jsonl'), rows.map((one) => `${JSON.stringify(one)}\n`).join(''))
      const { sql, ajv } = await judgeBoth(schema, 'rows.jsonl', rows)
      expect(sql).toEqual(ajv)
    }),
    { numRuns: 25, seed: 20_261_125 },
  )
})

const DUCKDB_TYPES = {
  DOUBLE: fc.oneof(numbers, fc.constant(null)),
  BIGINT: fc.oneof(fc.constantFrom(0, 1, -3, 7, 10, 9007199254740991), fc.constant(null)),
  UTINYINT: fc.oneof(fc.constantFrom(0, 1, 7, 255), fc.constant(null)),
  'DECIMAL(9,3)': fc.oneof(fc.constantFrom(0, 1, -3, 0.5, 2.25, -0.001), fc.constant(null)),
  VARCHAR: fc.oneof(words, fc.constant(null)),
  BOOLEAN: fc.oneof(fc.boolean(), fc.constant(null)),
} as const
const ROWS = 20
type DuckdbType = keyof typeof DUCKDB_TYPES

test('Parquet: the same rows and keywords as Ajv on typed columns', { timeout: 60_000 }, async () => {
  const column = fc
    .constantFrom(...(Object.keys(DUCKDB_TYPES) as DuckdbType[]))
    .chain((type) =>
      fc
        .array(DUCKDB_TYPES[type] as fc.Arbitrary<unknown>, { minLength: ROWS, maxLength: ROWS })
        .map((values) => ({ type, values })),
    )
  const tables = fc.dictionary(fc.constantFrom(...COLUMNS, 'other'), column, { minKeys: 1 })
  const duckdb = await openDuckdb()
  await fc.assert(
    fc.asyncProperty(schemas(scalars), tables, async (schema, table) => {
      const names = Object.keys(table)
      const rows = Array.from({ length: ROWS }, (_, i) => Object.fromEntries(names.map((name) => [name, table[name]!.values[i]])))
      const values = rows.map((row) => `(${names.map((name) => cast(row[name], table[name]!.type)).join(', ')})`).join(', ')
      const path = literal(join(folder, 'rows.parquet'))
      await duckdb.run(
        `COPY (SELECT * FROM (VALUES ${values}) t(${names.map(identifier).join(', ')})) TO ${path} (FORMAT parquet)`,
      )
      const { sql, ajv } = await judgeBoth(schema, 'rows.parquet', rows)
      expect(sql).toEqual(ajv)
    }),
    { numRuns: 25, seed: 20_261_125 },
  )
  duckdb.close()
})

const cast = (value: unknown, type: string) =>
  `CAST(${value === null ? 'NULL' : typeof value === 'string' ? literal(value) : JSON.stringify(value)} AS ${type})`

test('CSV: the same rows and keywords as Ajv on the values that the text stands for', { timeout: 60_000 }, async () => {
  const cells = fc.oneof(words, fc.constantFrom('TRUE', 'False', '-0.5', '+5', '1e3', '.5', 'NaN', 'inf', '1_000', 'null'))
  const tables = fc.dictionary(fc.constantFrom(...COLUMNS, 'other'), fc.array(cells, { minLength: ROWS, maxLength: ROWS }), {
    minKeys: 2,
  })
  await fc.assert(
    fc.asyncProperty(schemas(scalars), tables, async (schema, table) => {
      const names = Object.keys(table)
      const records = [names, ...Array.from({ length: ROWS }, (_, i) => names.map((name) => table[name]![i]!))]
      const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`
      await writeFile(join(folder, 'rows.csv'), records.map((record) => `${record.map(quote).join(',')}\n`).join(''))
      const properties = schema['properties'] as Record<string, Schema>
      const rows = records.slice(1).map((record) => {
        return Object.fromEntries(names.map((name, i) => [name, jsonValue(record[i]!, properties[name] ?? {})]))
      })
      const { sql, ajv } = await judgeBoth(schema, 'rows.csv', rows)
      expect(sql).toEqual(ajv)
    }),
    { numRuns: 25, seed: 20_261_125 },
  )
})

/** What a CSV field stands for, written independently of the SQL. */
function jsonValue(text: string, schema: Schema): unknown {
  if (text === '') return null
  const ofValue = (value: unknown) => (value === null ? 'null' : typeof value)
  const aboutNumbers = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].some((key) => key in schema)
  const types = ((): readonly string[] => {
    if ('type' in schema) return [schema['type'] as string].flat()
    if ('enum' in schema) return (schema['enum'] as unknown[]).map(ofValue)
    if ('const' in schema) return [ofValue(schema['const'])]
    return aboutNumbers ? ['number', 'string'] : ['string']
  })()
  if (types.includes('number') || types.includes('integer')) {
    const grammar = types.includes('string')
      ? /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
      : /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
    if (grammar.test(text)) return Number(text)
  }
  if (types.includes('boolean') && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return text
}
