import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openData, openDuckdb, placeRows, readTable, writeParquet, type RowNumber } from '../duckdb.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'partitions-'))))
afterAll(() => rm(folder, { recursive: true }))

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), content)
}

const writeX = (path: string, x: number) => writeParquet(join(folder, path), { rowCount: 1, columns: { x: [x] } })

async function rowsOf(path: string, documents = false): Promise<{ types: Record<string, string>; rows: unknown[] }> {
  const duckdb = await openDuckdb()
  try {
    const source = await openData(duckdb, folder, path, { documents })
    const rows = await duckdb.query(`SELECT * FROM ${source.sql}`)
    return { types: Object.fromEntries(source.columns.map(({ name, type }) => [name, type])), rows }
  } finally {
    duckdb.close()
  }
}

test('Parquet: dates, whole numbers and text; escapes are decoded, and the default partition is null', async () => {
  await writeX('typed/day=2024-01-01/region=a%20b%2Fc/n=01/a.parquet', 1)
  await writeX('typed/day=2024-01-02/region=__HIVE_DEFAULT_PARTITION__/n=2/a.parquet', 2)
  const { types, rows } = await rowsOf('typed')
  expect(types).toEqual({ x: 'DOUBLE', day: 'DATE', region: 'VARCHAR', n: 'BIGINT' })
  expect(rows).toEqual([
    { x: 1, day: '2024-01-01T00:00:00.000Z', region: 'a b/c', n: 1 },
    { x: 2, day: '2024-01-02T00:00:00.000Z', region: null, n: 2 },
  ])
})

test('one value that does not fit makes a key text, whichever file it comes with', async () => {
  await writeX('mixed/day=2024-01-01/a.parquet', 1)
  await writeX('mixed/day=2024-01-02/a.parquet', 2)
  await writeX('mixed/day=unknown/a.parquet', 3)
  expect((await rowsOf('mixed')).types).toEqual({ x: 'DOUBLE', day: 'VARCHAR' })
  expect((await rowsOf('mixed/day=2024-*/*.parquet')).types).toEqual({ x: 'DOUBLE', day: 'DATE' })
})

test('CSV: as text, like all else in it; a single file has the keys of its path too', async () => {
  await write('csv/month=01/a.csv', 'x\n1\n')
  await write('csv/month=02/a.csv', 'x\n2\n')
  expect(await rowsOf('csv')).toEqual({
    types: { x: 'VARCHAR', month: 'VARCHAR' },
    rows: [
      { x: '1', month: '01' },
      { x: '2', month: '02' },
    ],
  })
  expect((await readTable(folder, 'csv/month=02/a.csv')).columns).toEqual({ x: new Float64Array([2]), month: ['02'] })
})

test('JSON Lines: as columns, and in documents as keys', async () => {
  await write('json/day=2024-01-01/n=1/a.jsonl', '{"x":1}\n{"x":2}\n')
  await write('json/day=2024-01-02/n=2/a.jsonl', '{"x":3}\n')
  expect(await rowsOf('json')).toMatchObject({ types: { x: 'BIGINT', day: 'DATE', n: 'BIGINT' }, rows: { length: 3 } })
  const { rows } = await rowsOf('json', true)
  expect(rows.map((row) => JSON.parse((row as { json: string }).json) as unknown)).toEqual([
    { x: 1, day: '2024-01-01', n: 1 },
    { x: 2, day: '2024-01-01', n: 1 },
    { x: 3, day: '2024-01-02', n: 2 },
  ])
})

test('a document that is no object stays one, and a key that the folder has too is an error', async () => {
  await write('stray/day=1/a.jsonl', '{"x":1}\n[2]\n')
  expect((await rowsOf('stray', true)).rows.at(-1)).toEqual({ json: '[2]' })
  await write('clash/day=1/a.jsonl', '{"x":1}\n{"day":2}\n')
  await expect(rowsOf('clash', true)).rejects.toThrow('a row has the key "day", and its folder is named "day=…"')
  await expect(rowsOf('clash')).rejects.toThrow('clash/day=1/a.jsonl has a column "day", and stands in a folder "day=…"')
})

test.each(['a.csv', 'a.parquet'])('a key that is a column of %s too', async (name) => {
  if (name === 'a.csv') await write('twice-csv/X=1/a.csv', 'x\n1\n')
  else await writeX('twice-parquet/X=1/a.parquet', 1)
  await expect(rowsOf(name === 'a.csv' ? 'twice-csv' : 'twice-parquet')).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    message: expect.stringMatching(/X=1\/a\.(csv|parquet) has a column "x", and stands in a folder "X=…"/),
  })
})

test('files with other keys, and a key twice in one path', async () => {
  await write('uneven/day=1/a.csv', 'x\n1\n')
  await write('uneven/month=1/a.csv', 'x\n1\n')
  await expect(rowsOf('uneven')).rejects.toThrow(
    'uneven/month=1/a.csv has the partition key "month", but uneven/day=1/a.csv has the partition key "day"',
  )
  await write('nested/a=1/A=2/a.csv', 'x\n1\n')
  await expect(rowsOf('nested')).rejects.toThrow('nested/a=1/A=2/a.csv has two folders for the partition key "A"')
})

test('rows are placed in their files', async () => {
  await writeX('placed/day=1/a.parquet', 7)
  await writeX('placed/day=2/a.parquet', 8)
  const duckdb = await openDuckdb()
  const source = await openData(duckdb, folder, 'placed')
  expect(source.partitionKeys).toEqual(['day'])
  const rows = await duckdb.query<RowNumber>(`SELECT __file AS file, __row AS row FROM ${source.numberedSql} WHERE day = 2`)
  expect(await placeRows(duckdb, source, rows)).toEqual([{ file: 'placed/day=2/a.parquet', row: 1 }])
  duckdb.close()
})

test('a project that lies in a folder named key=value has no more columns for that', async () => {
  await write('outer=1/project/a.csv', 'x\n1\n')
  await writeX('outer=1/project/p/day=1/a.parquet', 1)
  expect((await readTable(join(folder, 'outer=1/project'), 'a.csv')).columns).toEqual({ x: new Float64Array([1]) })
  expect(Object.keys((await readTable(join(folder, 'outer=1/project'), 'p')).columns)).toEqual(['x', 'day'])
})
