import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { openDuckdb } from '../../drivers/duckdb.ts'
import { schemaOf, type SchemaDraft } from './draft.ts'
import { inferSchema } from './infer.ts'
import { observeData } from './observe.ts'
import { renderSchemaJson, renderSchemaYaml } from './render.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'infer-'))))
afterAll(() => rm(folder, { recursive: true }))

type Column = Record<string, unknown> & { 'x-plimsoll'?: Record<string, unknown> }

async function infer(data: string, sensitive: readonly string[] = [], maxCategories = 50): Promise<SchemaDraft> {
  return inferSchema(await observeData({ cwd: folder, data, sensitive }), { sensitive, maxCategories })
}

/** Two hundred rows of one column `x` as CSV; the schema that is guessed for it. */
async function ofColumn(value: (i: number) => string | number, name = 'x', rows = 200): Promise<Column> {
  await writeFile(join(folder, 'one.csv'), `${name},y\n${Array.from({ length: rows }, (_, i) => `${value(i)},1`).join('\n')}\n`)
  return columnsOf(await infer('one.csv'))[name]!
}

const columnsOf = (draft: SchemaDraft) => schemaOf(draft)['properties'] as Record<string, Column>

async function parquet(name: string, select: string): Promise<void> {
  const duckdb = await openDuckdb()
  await duckdb.run(`COPY (${select}) TO '${join(folder, name)}' (FORMAT parquet)`)
  duckdb.close()
}

test('text with few values that repeat is a category', async () => {
  expect(await ofColumn((i) => ['red', 'green', 'blue'][i % 3]!)).toEqual({
    type: 'string',
    enum: ['blue', 'green', 'red'],
    'x-plimsoll': { distinct: { min: 3 } },
  })
})

test('a value that occurs once leaves an allowance for others that were not seen', async () => {
  const column = await ofColumn((i) => (i === 7 ? 'odd' : ['red', 'green'][i % 2]!))
  // One of 200: the upper Wilson bound of 0.5 % at 99.9 % is 6.05 %.
  expect(column['x-plimsoll']).toEqual({ rules: { enum: { mostly: 0.939 } }, distinct: { min: 2 } })
})

test('text that does not repeat is none, nor is that of few rows', async () => {
  expect(await ofColumn((i) => `a remark about ${i * 7919} things`)).toEqual({ type: 'string', minLength: 1 })
  expect(await ofColumn((i) => ['red', 'green'][i % 2]!, 'x', 10)).toEqual({ type: 'string' })
})

test('a missing value makes null a type, with the upper Wilson bound of its share', async () => {
  const column = await ofColumn((i) => (i % 20 === 0 ? '' : i % 2 === 0 ? 'no' : 'yes'))
  expect(column).toMatchObject({ type: ['string', 'null'], enum: ['no', 'yes', null] })
  expect(column['x-plimsoll']!['missing']).toEqual({ max: 0.13 })
})

test('bounds: codes keep their range, others get half of it more, and 0 is kept', async () => {
  expect(await ofColumn((i) => i % 6)).toMatchObject({ type: 'integer', minimum: 0, maximum: 5 })
  expect(await ofColumn((i) => 10 + ((i * 7) % 41))).toMatchObject({ type: 'integer', minimum: 0, maximum: 70 })
  expect(await ofColumn((i) => -1.5 + (i % 61) / 20)).toMatchObject({ type: 'number', minimum: -3, maximum: 3 })
  expect(await ofColumn((i) => 1997 + (i % 6), 'year')).toEqual({ type: 'integer', minimum: 1994, maximum: 2007 })
  expect(await ofColumn((i) => 12 + (i % 50), 'applicant_age')).toMatchObject({ minimum: 0, maximum: 120 })
  expect(await ofColumn((i) => (i % 90) / 100, 'share')).toMatchObject({ minimum: 0, maximum: 1 })
})

test('a key is unique, may grow and has no mean', async () => {
  expect(await ofColumn((i) => i + 1000, 'customer_id')).toEqual({ type: 'integer', minimum: 0, 'x-plimsoll': { unique: true } })
  expect(await ofColumn((i) => i + 1000)).toEqual({ type: 'integer', minimum: 0, 'x-plimsoll': { unique: true } })
  // Different, but by chance: there is much room between them.
  expect((await ofColumn((i) => i * 7919))['x-plimsoll']).not.toHaveProperty('unique')
  expect((await ofColumn((i) => i / 7))['x-plimsoll']).not.toHaveProperty('unique')
})

test('formats, and codes of one shape', async () => {
  const uuid = (i: number) => `123e4567-e89b-42d3-a456-${String(i).padStart(12, '0')}`
  expect(await ofColumn(uuid)).toEqual({ type: 'string', format: 'uuid', 'x-plimsoll': { unique: true } })
  expect(await ofColumn((i) => `2024-01-${String(1 + (i % 28)).padStart(2, '0')}`)).toEqual({ type: 'string', format: 'date' })
  expect(await ofColumn((i) => `2024-01-05T10:${String(10 + (i % 50))}:00Z`)).toEqual({ type: 'string', format: 'date-time' })
  expect(await ofColumn((i) => `https://example.org/items/${i}`)).toMatchObject({ format: 'uri' })
  expect(await ofColumn((i) => `10.0.${i % 200}.${i}`)).toMatchObject({ format: 'ipv4', 'x-plimsoll': { sensitive: true } })
  expect(await ofColumn((i) => `AB-${1000 + (i % 150)}.x`)).toMatchObject({ pattern: '^[A-Z]{2}-[0-9]{4}\\.[a-z]$' })
})

test('a format that a few values break is demanded with an allowance', async () => {
  expect(await ofColumn((i) => (i === 3 ? 'unknown' : `ada${i}@example.org`))).toMatchObject({
    format: 'email',
    'x-plimsoll': { rules: { format: { mostly: 0.939 } }, sensitive: true },
  })
})

test('a CSV column of numbers with a few mistakes is one of numbers', async () => {
  expect(await ofColumn((i) => (i === 3 ? 'n/a' : i * 7919))).toMatchObject({
    type: 'number',
    'x-plimsoll': { rules: { type: { mostly: 0.939 } } },
  })
})

test('no value of personal data or of what was named sensitive stands in the schema', async () => {
  const people = Array.from({ length: 100 }, (_, i) => `ada@example.org,Lovelace,${i % 2 === 0 ? 'Kent' : 'Surrey'}`)
  await writeFile(join(folder, 'people.csv'), `email,last_name,county\n${people.join('\n')}\n`)
  const text = renderSchemaJson(await infer('people.csv', ['county']))
  expect(text).not.toMatch(/ada|Lovelace|Kent|Surrey/)
  expect(text.match(/"sensitive": true/g)).toHaveLength(3)
})

test('NaN and infinities are no numbers of JSON, so as many are allowed as there were', async () => {
  await parquet('nan.parquet', `SELECT CASE WHEN i % 100 = 0 THEN 'nan'::DOUBLE ELSE i / 3 END AS x FROM range(1000) t(i)`)
  expect(columnsOf(await infer('nan.parquet'))['x']).toMatchObject({
    type: 'number',
    'x-plimsoll': { rules: { type: { mostly: 0.973 }, minimum: { mostly: 0.973 } }, missing: { max: 0.027 } },
  })
})

test('nested columns of Parquet are described inside', async () => {
  await parquet(
    'nested.parquet',
    `SELECT {'a b': 1, 'c': [{'d': 'x'}]} AS s, [1.5] AS l, MAP {'k': 1} AS m, 'x'::BLOB AS raw FROM range(50)`,
  )
  const { s, l, m, raw } = columnsOf(await infer('nested.parquet'))
  const inner = { type: ['object', 'null'], properties: { d: { type: ['string', 'null'] } } }
  expect(s).toEqual({
    type: 'object',
    properties: { 'a b': { type: ['integer', 'null'] }, c: { type: ['array', 'null'], items: inner } },
  })
  expect(l).toEqual({ type: 'array', items: { type: ['number', 'null'] } })
  expect([m, raw]).toEqual([{ type: 'object' }, {}])
})

test('JSON: a key that some rows lack is not required, and types are those of the values', async () => {
  const rows = Array.from({ length: 60 }, (_, i) =>
    JSON.stringify({ a: i, ...(i % 2 && { b: 'x' }), c: i === 0 ? null : i % 2 ? i : 'text' }),
  )
  await writeFile(join(folder, 'rows.jsonl'), rows.join('\n'))
  const draft = await infer('rows.jsonl')
  expect(schemaOf(draft)['required']).toEqual(['a', 'c'])
  const { a, b, c } = columnsOf(draft)
  expect([a!['type'], b!['type'], c!['type']]).toEqual(['integer', 'string', ['integer', 'string', 'null']])
})

test('JSON and YAML are the same schema, each with the reasons, and the same each time', async () => {
  await writeFile(
    join(folder, 'mixed.csv'),
    `id,colour,size\n${Array.from({ length: 90 }, (_, i) => `${i},${i % 2 ? 'red' : ''},${i / 7}`).join('\n')}\n`,
  )
  const draft = await infer('mixed.csv')
  const [json, yaml] = [renderSchemaJson(draft), renderSchemaYaml(draft)]
  const withoutComments = JSON.parse(json, (key, value: unknown) => (key === '$comment' ? undefined : value)) as unknown
  expect(parse(yaml)).toEqual(withoutComments)
  expect(json).toContain('unique: all 90 values differ, as those of a key.')
  expect(yaml).toMatch(/ {6}# all 90 values differ, as those of a key\n {6}unique: true/)
  const again = await infer('mixed.csv')
  expect([renderSchemaJson(again), renderSchemaYaml(again)]).toEqual([json, yaml])
})

test('nothing is inferred from no rows', async () => {
  await writeFile(join(folder, 'none.csv'), 'a,b\n')
  await expect(infer('none.csv')).rejects.toMatchObject({ code: 'E_VALUE', location: { file: 'none.csv' } })
})
