import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withLyingFooter } from '../../../test/fixtures/lying-footer.ts'
import { literal, openDuckdb, type Duckdb } from '../duckdb.ts'
import { readParquetFooter } from './read-footer.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'footer-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

async function write(select: string, options = ''): Promise<string> {
  const path = join(folder, 'data.parquet')
  await duckdb.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet${options})`)
  return path
}

const footerOf = async (select: string, options?: string) => readParquetFooter(await write(select, options), 'data.parquet')

test.each([
  ['true', 'BOOLEAN'],
  ['1::TINYINT', 'TINYINT'],
  ['1::SMALLINT', 'SMALLINT'],
  ['1::INTEGER', 'INTEGER'],
  ['1::BIGINT', 'BIGINT'],
  ['1::UTINYINT', 'UTINYINT'],
  ['1::USMALLINT', 'USMALLINT'],
  ['1::UINTEGER', 'UINTEGER'],
  ['1::UBIGINT', 'UBIGINT'],
  ['1.5::FLOAT', 'FLOAT'],
  ['1.5::DOUBLE', 'DOUBLE'],
  ['1.5::DECIMAL(4,1)', 'DECIMAL(4,1)'],
  ['1.5::DECIMAL(18,3)', 'DECIMAL(18,3)'],
  ["'a'", 'VARCHAR'],
  ["DATE '2024-01-31'", 'DATE'],
  ["TIMESTAMP '2024-01-31 12:00:00'", 'TIMESTAMP'],
  ["TIMESTAMPTZ '2024-01-31 12:00:00+00'", 'TIMESTAMP WITH TIME ZONE'],
])('the type of %s is what DuckDB makes of it', async (value, type) => {
  const footer = await footerOf(`SELECT ${value} AS x`)
  const [read] = await duckdb.query<{ column_type: string }>(`DESCRIBE SELECT * FROM ${literal(join(folder, 'data.parquet'))}`)
  expect(read!.column_type).toBe(type)
  expect(footer!.columns).toEqual([{ name: 'x', type, shape: type }])
})

test.each(['[1, 2]', "{'k': 1}", "MAP {'k': 1}", "'a'::BLOB", 'INTERVAL 1 DAY', "TIME '12:00:00'", 'uuid()', "'{}'::JSON"])(
  'of %s no type is claimed and no statistics are used',
  async (value) => {
    const footer = await footerOf(`SELECT ${value} AS x, 7 AS y`)
    expect(footer!.columns.map(({ type }) => type)).toEqual([null, 'INTEGER'])
    expect(footer!.column('x')).toBeUndefined()
    expect(footer!.column('y')).toMatchObject({ rows: 1, nulls: 0, min: 7, max: 7 })
  },
)

test('rows, nulls and bounds over all row groups', async () => {
  const select = `SELECT CASE WHEN i % 10 > 0 THEN i - 7000 END AS n, (i - 5000)::DECIMAL(9,2) / 4 AS d, DATE '2020-01-01' + i::INTEGER AS day,
    i % 2 = 0 AS b, TIMESTAMP '2020-01-01' + INTERVAL (i) MILLISECOND AS at, 9007199254740993 + i AS wide FROM range(10000) t(i)`
  const footer = await footerOf(select, ', ROW_GROUP_SIZE 2048')
  expect(footer!.rows).toBe(10_000)
  expect(footer!.column('n')).toEqual({ type: 'BIGINT', rows: 10_000, nulls: 1000, min: -6999, max: 2999 })
  expect(footer!.column('day')).toMatchObject({ min: '2020-01-01', max: '2047-05-18' })
  expect(footer!.column('b')).toMatchObject({ min: false, max: true })
  expect(footer!.column('at')).toMatchObject({ min: '2020-01-01T00:00:00', max: '2020-01-01T00:00:09.999' })
  expect(footer!.column('wide')).toMatchObject({ min: 9007199254740993n, max: 9007199254750992n })
  expect(footer!.column('nowhere')).toBeUndefined()
})

test('bounds of floating-point numbers are not used, since NaN is not among them; nulls are', async () => {
  const footer = await footerOf("SELECT unnest(['1', NULL, 'nan']::DOUBLE[]) AS x, unnest([1, 2, 3]::FLOAT[]) AS y")
  expect(footer!.column('x')).toEqual({ type: 'DOUBLE', rows: 3, nulls: 1, min: null, max: null })
  expect(footer!.column('y')).toMatchObject({ nulls: 0, min: null, max: null })
})

test('bounds of long text, which are cut short, are not used', async () => {
  const footer = await footerOf("SELECT unnest(['a', repeat('z', 5000)]) AS x, unnest(['é', 'b']) AS y")
  expect(footer!.column('x')).toMatchObject({ nulls: 0, min: null, max: null })
  expect(footer!.column('y')).toMatchObject({ min: 'b', max: 'é' })
})

test('a column without values has nulls and no bounds', async () => {
  const footer = await footerOf('SELECT NULL::INTEGER AS x FROM range(5)')
  expect(footer!.column('x')).toEqual({ type: 'INTEGER', rows: 5, nulls: 5, min: null, max: null })
})

test('no rows', async () => {
  const footer = await footerOf('SELECT 1 AS x WHERE false')
  expect(footer).toMatchObject({ rows: 0, columns: [{ name: 'x', type: 'INTEGER' }] })
})

test('two columns of one name as DuckDB compares names, and what is not Parquet, are left to DuckDB', async () => {
  const path = await write('SELECT 1 AS ax, 2 AS ay')
  const bytes = await readFile(path, 'latin1')
  await writeFile(path, bytes.replaceAll('ay', 'AX'), 'latin1')
  expect(await readParquetFooter(path, 'data.parquet')).toBeUndefined()
  await writeFile(path, 'PAR1 and then something else')
  expect(await readParquetFooter(path, 'data.parquet')).toBeUndefined()
  await writeFile(path, bytes.slice(0, -20), 'latin1')
  expect(await readParquetFooter(path, 'data.parquet')).toBeUndefined()
})

// In Thrift's order: num_rows of the file, then for each chunk num_values, then num_rows of the row group.
test.each([
  [0, 'the footer says 5,001 rows but its row groups hold 5,000'],
  [1, 'the footer says 5,000 rows of a row group and 5,001 values of its column "x"'],
  [2, 'the footer says 5,000 rows but its row groups hold 5,001'],
  [-1, 'the footer says 5,001 rows where the pages of column "x" hold 5,000'],
])('a footer with another number of rows in place %i is found out', async (nth, message) => {
  const path = await write('SELECT i * 7 AS x FROM range(5000) t(i)')
  await writeFile(path, withLyingFooter(await readFile(path), 5000, 5001, nth))
  await expect(readParquetFooter(path, 'data.parquet')).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    message: `data.parquet is damaged: ${message}`,
  })
})

test('data outside the file is found out', async () => {
  const path = await write('SELECT i * 7 AS x FROM range(5000) t(i)')
  const bytes = await readFile(path)
  const start = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
  await writeFile(path, Buffer.concat([bytes.subarray(0, 500), bytes.subarray(start)]))
  await expect(readParquetFooter(path, 'data.parquet')).rejects.toMatchObject({
    message: 'data.parquet is damaged: the footer points at data outside the file',
  })
})
