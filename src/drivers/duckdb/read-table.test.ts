import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Table } from '../../core/table.ts'
import { literal, openDuckdb, readTable, writeParquet } from '../duckdb.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'read-table-'))))
afterAll(() => rm(folder, { recursive: true }))

async function read(name: string, content: string | Buffer, options = {}): Promise<Record<string, unknown[]>> {
  await writeFile(join(folder, name), content)
  return plain(await readTable(folder, name, options))
}

const plain = ({ columns }: Table): Record<string, unknown[]> =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]]))

test('CSV columns are numbers, true/false or text by all their values, not by a sample', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => (i === 29_999 ? 'x,02134,true,1,,1e3' : '1,02134,TRUE,2.5,,-7'))
  const columns = await read('types.csv', `late,zip,flag,number,empty,power\n${rows.join('\n')}\n`)
  expect(columns['late']!.slice(-2)).toEqual(['1', 'x'])
  expect(columns['zip']![0]).toBe('02134')
  expect(columns['flag']![0]).toBe(true)
  expect(columns['number']!.slice(-2)).toEqual([2.5, 1])
  expect(columns['empty']![0]).toBeNull()
  expect(columns['power']!.slice(-2)).toEqual([-7, 1000])
})

test('an integer that a double would change stays text', async () => {
  expect(await read('ids.csv', 'id,n\n9007199254740993,9007199254740991\n')).toEqual({
    id: ['9007199254740993'],
    n: [9007199254740991],
  })
})

test('text that only looks like a number in some tools is text', async () => {
  expect(await read('odd.csv', 'a,b,c\n1_000,nan,inf\n')).toEqual({ a: ['1_000'], b: ['nan'], c: ['inf'] })
})

test.each([
  ['semicolons.csv', 'a;b\n1;"x;y"\n', { a: [1], b: ['x;y'] }],
  ['tabs.tsv', 'a\tb\n1\tx,y\n', { a: [1], b: ['x,y'] }],
  ['bom.csv', '\uFEFFa,b\n1,x\n', { a: [1], b: ['x'] }],
  ['crlf.csv', 'a,b\r\n1,x\r\n', { a: [1], b: ['x'] }],
  ['quotes.csv', 'a,"b ""c"""\n1,"x\ny"\n', { a: [1], 'b "c"': ['x\ny'] }],
  ['single.csv', 'a\n1\n2\n', { a: [1, 2] }],
  ['nameless.csv', ',b\n0,x\n', { column0: [0], b: ['x'] }],
  ['blank-lines.csv', '\n\na,b\n1,x\n\n2,y\n\n', { a: [1, 2], b: ['x', 'y'] }],
  ['header-only.csv', 'a,b\n', { a: [], b: [] }],
  ['no-line-end.csv', 'a,b\n1,x', { a: [1], b: ['x'] }],
])('%s', async (name, content, expected) => {
  expect(await read(name, content)).toEqual(expected)
})

test('a file whose name looks like a glob is that file', async () => {
  await writeFile(join(folder, 'odd1.csv'), 'a\n2\n')
  expect(await read("odd[1]'s*?.csv", 'a\n1\n')).toEqual({ a: [1] })
  expect(await read('odd[1].csv', 'a\n3\n')).toEqual({ a: [3] })
  expect(await read('odd*.csv', 'a\n4\n')).toEqual({ a: [4] })
})

test('gzip, JSON Lines, a JSON array', async () => {
  expect(await read('packed.csv.gz', gzipSync('a,b\n1,x\n'))).toEqual({ a: [1], b: ['x'] })
  expect(await read('lines.jsonl', '{"a":1,"d":"2024-01-31"}\n{"a":null,"b":[1]}\n')).toEqual({
    a: [1, null],
    d: ['2024-01-31', null],
    b: [null, '[1]'],
  })
  expect(await read('array.json', '[{"a":1},\n {"a":2}]')).toEqual({ a: [1, 2] })
})

test('a JSON column of several types keeps its values as text', async () => {
  expect(await read('mixed.jsonl', '{"a":1}\n{"a":"x"}\n')).toEqual({ a: ['1', 'x'] })
})

test('Parquet types: wide integers, decimals, dates, nested values', async () => {
  const duckdb = await openDuckdb()
  await duckdb.run(`COPY (SELECT 7::BIGINT AS small, 9007199254740993::BIGINT AS wide, 1.25::DECIMAL(9,2) AS price,
      DATE '2024-01-31' AS day, TIMESTAMP '2024-01-31 12:00:00' AS naive, TIMESTAMPTZ '2024-01-31 12:00:00+02' AS zoned,
      [1, 2] AS list, {'k': 'v'} AS struct, NULL::DOUBLE AS nothing, 'nan'::FLOAT AS nan
    ) TO ${literal(join(folder, 'types.parquet'))} (FORMAT parquet)`)
  duckdb.close()
  expect(plain(await readTable(folder, 'types.parquet'))).toEqual({
    small: [7],
    wide: ['9007199254740993'],
    price: [1.25],
    day: ['2024-01-31'],
    naive: ['2024-01-31T12:00:00'],
    zoned: ['2024-01-31T10:00:00Z'],
    list: ['[1,2]'],
    struct: ['{"k":"v"}'],
    nothing: [null],
    nan: [NaN],
  })
})

test('what is written to Parquet is read back', async () => {
  const table: Table = {
    rowCount: 3,
    columns: { n: new Float64Array([1, NaN, -0.5]), s: ['x', null, 'é😀'], b: [true, null, false], empty: [null, null, null] },
  }
  await writeParquet(join(folder, 'deep', 'written.parquet'), table)
  expect(await readTable(folder, 'deep/written.parquet')).toEqual(table)
})

test('a folder is read in the order of its names, and other files in it are left alone', async () => {
  await mkdir(join(folder, 'parts/sub'), { recursive: true })
  await writeFile(join(folder, 'parts/b.csv'), 'x\n3\n')
  await writeFile(join(folder, 'parts/a.csv'), 'x\n1\n2\n')
  await writeFile(join(folder, 'parts/sub/c.csv'), 'x\n4\n')
  await writeFile(join(folder, 'parts/README.md'), '# not data')
  await writeFile(join(folder, 'parts/.hidden.csv'), 'y\n9\n')
  expect(plain(await readTable(folder, 'parts'))).toEqual({ x: [1, 2, 3, 4] })
  expect(plain(await readTable(folder, 'parts/[ab].csv'))).toEqual({ x: [1, 2, 3] })
})

test('columns come in the order asked for, and at most `limit` rows', async () => {
  expect(await read('order.csv', 'a,b,c\n1,2,3\n4,5,6\n', { columns: ['c', 'a'], limit: 1 })).toEqual({ c: [3], a: [1] })
})

test('a query is interrupted when its signal is', async () => {
  const controller = new AbortController()
  const duckdb = await openDuckdb({ signal: controller.signal })
  const endless = duckdb.query('SELECT count(*) FROM range(10000000000) a, range(1000) b')
  setTimeout(() => controller.abort(new Error('stopped by the user')), 50)
  await expect(endless).rejects.toThrow('stopped by the user')
  duckdb.close()
})
