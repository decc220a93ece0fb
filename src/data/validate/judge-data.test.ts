import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { literal, openDuckdb } from '../../drivers/duckdb.ts'
import { judgeRows } from '../../../test/fixtures/judge-rows.ts'
import type { Judgement } from './judgement.ts'
import { loadRowSchema } from '../row-schema/load.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'judge-'))))
afterAll(() => rm(folder, { recursive: true }))

function judge(data: string, schema: unknown, examples = 5): Promise<Judgement> {
  return judgeRows({ cwd: folder, data, schema: loadRowSchema(JSON.stringify(schema), 'schema.json'), examples })
}

async function judgeFile(name: string, content: string, schema: unknown): Promise<Judgement> {
  await writeFile(join(folder, name), content)
  return judge(name, schema)
}

async function judgeSql(select: string, schema: unknown): Promise<Judgement> {
  const duckdb = await openDuckdb()
  await duckdb.run(`COPY (${select}) TO ${literal(join(folder, 'data.parquet'))} (FORMAT parquet)`)
  duckdb.close()
  return judge('data.parquet', schema)
}

/** Rows that break each keyword. */
const broken = ({ outcomes }: Judgement): Record<string, number> =>
  Object.fromEntries(outcomes.map(({ rule, broken }) => [`${rule.column} ${rule.keyword}`, broken]))

test('example rows carry file, row, line and value, and are the first ones', async () => {
  const rows = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? `${i},"a\nb"` : `-${i},c`))
  const result = await judgeFile('places.csv', `n,text\n${rows.join('\n')}\n`, {
    properties: { n: { type: 'integer', minimum: 0 } },
  })
  expect(result).toMatchObject({ rows: 10, brokenRows: 5 })
  const minimum = result.outcomes.find(({ rule }) => rule.keyword === 'minimum')!
  expect(minimum.broken).toBe(5)
  expect(minimum.examples.slice(0, 2)).toEqual([
    { file: 'places.csv', row: 2, line: 4, value: -1 },
    { file: 'places.csv', row: 4, line: 7, value: -3 },
  ])
})

test('CSV is judged as text by the declared type: 007 stays text, abc is a counted failure', async () => {
  const csv = 'code,n\n007,1\n12,abc\n,2.0\n'
  const schema = { properties: { code: { type: 'string', minLength: 3 }, n: { type: 'integer' } } }
  const result = await judgeFile('typed.csv', csv, schema)
  expect(broken(result)).toEqual({ 'code type': 1, 'code minLength': 1, 'n type': 1 })
  expect(result.outcomes.find(({ rule }) => rule.column === 'n')!.examples).toEqual([
    { file: 'typed.csv', row: 2, line: 3, value: 'abc' },
  ])
})

test('NaN and infinities are numbers of no kind', async () => {
  const sql = "SELECT unnest(['1', 'nan', 'inf', '-inf', NULL]::DOUBLE[]) AS x"
  const schema = { properties: { x: { type: ['number', 'null'], maximum: 5 } } }
  const result = await judgeSql(sql, schema)
  expect(broken(result)).toEqual({ 'x type': 3, 'x maximum': 3 })
  expect(result.outcomes[0]!.examples.map(({ value }) => value)).toEqual(['NaN', 'Infinity', '-Infinity'])
})

test('64-bit integers are compared without losing digits', async () => {
  const sql = 'SELECT unnest([9007199254740992, 9007199254740991]::BIGINT[]) AS x'
  expect(broken(await judgeSql(sql, { properties: { x: { maximum: 9007199254740991 } } }))).toEqual({ 'x maximum': 1 })
})

test.each([
  ["DATE '2024-01-31'", { type: 'string', pattern: '^2024-01-31$' }],
  ["TIMESTAMP '2024-01-31 12:00:00'", { type: 'string', const: '2024-01-31T12:00:00' }],
  ["'a'::ENUM('a', 'b')", { type: 'string', enum: ['a'] }],
  ["'9c5b94b1-35ad-49bb-b118-8e8fc24abf80'::UUID", { type: 'string', minLength: 36 }],
  ['1.50::DECIMAL(9,2)', { type: 'number', const: 1.5 }],
  ['2.0::FLOAT', { type: 'integer' }],
  ['200::UTINYINT', { type: 'integer', minimum: -1 }],
  ['170141183460469231731687303715884105727::HUGEINT', { type: 'integer', minimum: 1 }],
  ['true', { type: 'boolean', const: true }],
  ['[1, 2]', { type: 'array' }],
  ["{'k': 1}", { type: 'object' }],
  ["MAP {'k': 1}", { type: 'object' }],
  ['NULL::INTEGER', { type: ['integer', 'null'] }],
  ['\'{"k": 1}\'::JSON', { type: 'object' }],
  ["'👩‍👧é'", { minLength: 4, maxLength: 4 }],
])('%s has the type that JSON has', async (sql, schema) => {
  const result = await judgeSql(`SELECT ${sql} AS x`, { required: ['x'], properties: { x: schema } })
  expect(result.brokenRows).toBe(0)
  expect(Object.values(broken(result)).every((count) => count === 0)).toBe(true)
})

test.each([
  ["DATE '2024-01-31'", 'number'],
  ["'bytes'::BLOB", 'string'],
  ['1', 'string'],
  ['1.5', 'integer'],
  ['NULL::VARCHAR', 'string'],
  ['[1]', 'object'],
  ["'1'", 'number'],
])('%s is not of type %s', async (sql, type) => {
  const result = await judgeSql(`SELECT ${sql} AS x`, { properties: { x: { type } } })
  expect(broken(result)).toEqual({ 'x type': 1 })
  expect(result.outcomes[0]!.examples).toHaveLength(1)
})

test('a required column that is missing breaks every row; an optional one is not judged', async () => {
  const schema = { required: ['a'], properties: { a: { type: 'string' }, b: { type: 'string', minLength: 1 } } }
  const result = await judgeFile('lacking.csv', 'c\n1\n2\n', schema)
  expect(result).toMatchObject({ rows: 2, brokenRows: 2, columns: ['c'] })
  expect(broken(result)).toEqual({ 'a required': 2 })
  expect(result.absent.map(({ pointer }) => pointer)).toEqual([
    '/properties/a/type',
    '/properties/b/type',
    '/properties/b/minLength',
  ])
})

test('JSON documents: a key that is absent differs from null, and unlisted keys are counted', async () => {
  const lines = '{"a":1}\n{"a":null}\n{"b":2}\n{"a":1,"c":3}\n'
  const schema = { required: ['a'], additionalProperties: false, properties: { a: { type: 'integer' } } }
  const result = await judgeFile('keys.jsonl', lines, schema)
  expect(result).toMatchObject({ rows: 4, brokenRows: 3, columns: ['a', 'b', 'c'] })
  expect(broken(result)).toEqual({ 'a required': 1, 'a type': 1, 'b additionalProperties': 1, 'c additionalProperties': 1 })
})

test('no rows: nothing is broken, and the count says so', async () => {
  const schema = { required: ['a'], properties: { a: { type: 'integer' } } }
  expect(await judgeFile('none.csv', 'a\n', schema)).toMatchObject({ rows: 0, brokenRows: 0 })
  expect(await judgeFile('none.jsonl', '', schema)).toMatchObject({ rows: 0, brokenRows: 0 })
})

test('several files: examples name theirs', async () => {
  await mkdir(join(folder, 'parts'))
  await writeFile(join(folder, 'parts/a.csv'), 'x\n1\n')
  await writeFile(join(folder, 'parts/b.csv'), 'x\n1\n-1\n')
  const result = await judge('parts', { properties: { x: { minimum: 0 } } })
  expect(result.outcomes[0]!.examples).toEqual([{ file: 'parts/b.csv', row: 2, line: 3, value: -1 }])
})

test('columns may have any name, also those that the SQL uses itself', async () => {
  const sql = `SELECT 1 AS d0, 2 AS s0, 3 AS __row_, 4 AS "quo""te", 5 AS "it's"`
  const names = ['d0', 's0', '__row_', 'quo"te', "it's"]
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'integer', minimum: 4 }]))
  expect(await judgeSql(sql, { additionalProperties: false, required: names, properties })).toMatchObject({
    rows: 1,
    brokenRows: 1,
  })
})

test('a file name that holds a name of ours', async () => {
  expect(await judgeFile('data__row.csv', 'x\n1\n', { properties: { x: { type: 'integer' } } })).toMatchObject({ rows: 1 })
})

test('a pattern that only RE2 refuses is an error with its place', async () => {
  await writeFile(join(folder, 'one.csv'), 'x\n1\n')
  await expect(judge('one.csv', { properties: { x: { pattern: '\\p{ASCII}' } } })).rejects.toMatchObject({
    code: 'E_SCHEMA_KEYWORD',
    location: { file: 'schema.json', line: 1, column: 21 },
  })
})

test('JSON that is not an object is no row', async () => {
  await expect(judgeFile('stray.jsonl', '{"a":1}\n[1]\n', {})).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    message: 'stray.jsonl: document 2 is not a JSON object',
  })
})
