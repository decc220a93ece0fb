import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { literal, openData, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'
import { openScan, type Scan } from '../scan/scan.ts'
import type { FailingRowsOptions } from './write.ts'
import { writeFailingRows } from './write.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failing-rows-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

async function scanOf(path: string): Promise<Scan> {
  const source = await openData(duckdb, folder, path, { documents: true })
  return openScan(source, () => new Set(['number', 'string']))
}

async function write(scan: Scan, options: Partial<FailingRowsOptions>): Promise<number> {
  return writeFailingRows(duckdb, scan, { path: 'failing.parquet', rules: [], sensitive: new Set(), keys: [], ...options })
}

const read = (name = 'failing.parquet') => duckdb.query(`SELECT * FROM ${literal(join(folder, name))}`)

test('every row that breaks a rule, with all its columns and the rules that it breaks, in order', async () => {
  await duckdb.run(
    `COPY (SELECT i AS id, i % 7 AS "a b", [i] AS list FROM range(20000) t(i)) TO ${literal(join(folder, 'typed.parquet'))} (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  )
  const scan = await scanOf('typed.parquet')
  const id = scan.cell('id')!
  const rules = [
    { name: '/properties/id/maximum', rows: { condition: `(${id.number.value} >= 19990)`, value: id.json } },
    { name: '/properties/a~1b', rows: { condition: `(${scan.cell('a b')!.number.value} = 3)`, value: 'NULL' } },
  ]
  const expected = Array.from({ length: 20000 }, (_, i) => i).filter((i) => i >= 19990 || i % 7 === 3)
  expect(await write(scan, { rules })).toBe(expected.length)
  const rows = await read()
  expect(rows.map((row) => row['id'])).toEqual(expected)
  expect(rows.find((row) => row['id'] === 19995)).toEqual({
    id: 19995,
    'a b': 3,
    list: '[19995]',
    __file: 'typed.parquet',
    __row: 19996,
    __rules: '["/properties/id/maximum","/properties/a~1b"]',
  })
})

test('rules that find rows by a query are joined to those that are conditions', async () => {
  await writeFile(join(folder, 'keys.csv'), 'id,x\n1,5\n2,-5\n1,6\n3,7\n')
  const scan = await scanOf('keys.csv')
  const key = scan.cell('id')!.key
  const rules = [
    { name: '/minimum', rows: { condition: `(${scan.cell('x')!.number.value} < 0)`, value: 'NULL' } },
    {
      name: '/unique',
      rows: {
        query: (table: string) =>
          `SELECT __file, __row, value FROM (SELECT __file, __row, ${key} AS value, count(*) OVER (PARTITION BY ${key}) AS n FROM ${table}) WHERE n > 1`,
      },
    },
  ]
  expect(await write(scan, { rules })).toBe(3)
  expect((await read()).map((row) => [row['id'], row['__row'], row['__rules']])).toEqual([
    ['1', 1, '["/unique"]'],
    ['2', 2, '["/minimum"]'],
    ['1', 3, '["/unique"]'],
  ])
})

test('several text files: the row within its file', async () => {
  await mkdir(join(folder, 'parts/müll'), { recursive: true })
  await writeFile(join(folder, 'parts/a.csv'), 'x\n1\n-2\n')
  await writeFile(join(folder, 'parts/müll/b.csv'), 'x\n-3\n4\n-5\n')
  const scan = await scanOf('parts')
  const rules = [{ name: '/m', rows: { condition: `(${scan.cell('x')!.number.value} < 0)`, value: 'NULL' } }]
  await write(scan, { rules })
  expect((await read()).map((row) => [row['__file'], row['__row'], row['x']])).toEqual([
    ['parts/a.csv', 2, '-2'],
    ['parts/müll/b.csv', 1, '-3'],
    ['parts/müll/b.csv', 3, '-5'],
  ])
})

test('documents: a column of JSON for each key, in which text and number stay apart', async () => {
  await writeFile(join(folder, 'rows.jsonl'), '{"a":"17","b":null}\n{"a":17}\n{"a":1,"c/d":{"e":[1]}}\n')
  const scan = await scanOf('rows.jsonl')
  scan.cell('a')
  const rules = [{ name: '/any', rows: { condition: 'TRUE', value: 'NULL' } }]
  await write(scan, { rules, keys: ['a', 'b', 'c/d'] })
  expect((await read()).map((row) => [row['a'], row['b'], row['c/d']])).toEqual([
    ['"17"', 'null', null],
    ['17', null, null],
    ['1', null, '{"e":[1]}'],
  ])
  await write(scan, { rules, keys: ['a', 'c/d'], path: 'failing.jsonl' })
  const lines = (await readFile(join(folder, 'failing.jsonl'), 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ a: '17' }, { a: 17 }, { 'c/d': { e: [1] } }])
})

test('CSV holds lists as JSON', async () => {
  const scan = await scanOf('typed.parquet')
  const rules = [{ name: '/one', rows: { condition: `(${scan.cell('id')!.number.value} = 4)`, value: 'NULL' } }]
  await write(scan, { rules, path: 'failing.csv' })
  expect(await readFile(join(folder, 'failing.csv'), 'utf8')).toBe(
    'id,a b,list,__file,__row,__rules\n4,4,[4],typed.parquet,5,"[""/one""]"\n',
  )
})

test('no row fails: the file has its columns and no row', async () => {
  expect(await write(await scanOf('typed.parquet'), {})).toBe(0)
  const described = await duckdb.query(`DESCRIBE SELECT * FROM ${literal(join(folder, 'failing.parquet'))}`)
  expect(described.map((row) => [row['column_name'], row['column_type']])).toEqual([
    ['id', 'BIGINT'],
    ['a b', 'BIGINT'],
    ['list', 'BIGINT[]'],
    ['__file', 'VARCHAR'],
    ['__row', 'BIGINT'],
    ['__rules', 'VARCHAR[]'],
  ])
})

test('masked columns keep their type and lose their values; what is missing stays missing', async () => {
  const sql = `SELECT * FROM (VALUES ('hush-hush-value', 1234567, [1234567], 'shown'), (NULL, 7, NULL, 'too')) t(text, number, list, other)`
  await duckdb.run(`COPY (${sql}) TO ${literal(join(folder, 'secrets.parquet'))} (FORMAT parquet)`)
  const scan = await scanOf('secrets.parquet')
  const rules = [{ name: '/all', rows: { condition: 'TRUE', value: 'NULL' } }]
  await write(scan, { rules, sensitive: new Set(['text', 'number', 'list']) })
  expect((await read()).map(({ text, number, list, other }) => [text, number, list, other])).toEqual([
    ['***', null, null, 'shown'],
    [null, null, null, 'too'],
  ])
  const bytes = await readFile(join(folder, 'failing.parquet'), 'latin1')
  expect(bytes).not.toContain('hush-hush')
  expect((await duckdb.query(`DESCRIBE SELECT * FROM ${literal(join(folder, 'failing.parquet'))}`))[1]).toMatchObject({
    column_type: 'INTEGER',
  })
})

test('on failure nothing is left, and what stood there stays', async () => {
  await writeFile(join(folder, 'typed-out.parquet'), 'before')
  const scan = await scanOf('typed.parquet')
  const rules = [{ name: '/x', rows: { condition: "(error('broken') IS NULL)", value: 'NULL' } }]
  await expect(write(scan, { rules, path: 'typed-out.parquet' })).rejects.toThrow('broken')
  expect(await readFile(join(folder, 'typed-out.parquet'), 'utf8')).toBe('before')
  expect((await readdir(folder)).filter((name) => name.includes('.tmp'))).toEqual([])
  await mkdir(join(folder, 'a-folder.csv'))
  await expect(write(scan, { path: 'a-folder.csv' })).rejects.toMatchObject({ code: 'E_FILE_WRITE' })
  await expect(write(scan, { path: 'keys.csv/failing.csv' })).rejects.toMatchObject({ code: 'E_FILE_WRITE' })
  await expect(write(scan, { path: 'failing.xlsx' })).rejects.toMatchObject({ code: 'E_VALUE' })
})
