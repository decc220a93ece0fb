import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identifier, openData, openDuckdb } from '../../src/drivers/duckdb.ts'
import { packageRoot } from '../../src/drivers/self.ts'
import { lacks, PYPI_PYTHON } from './peers.ts'

type Texts = Record<string, (string | null)[]>

async function textsOf(folder: string, path: string): Promise<Texts> {
  const duckdb = await openDuckdb()
  try {
    const source = await openData(duckdb, folder, path)
    const items = source.columns.map(({ name }) => `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`)
    const rows = await source.reading(() =>
      duckdb.query<Record<string, string | null>>(`SELECT ${items.join(', ')} FROM ${source.sql}`),
    )
    return Object.fromEntries(source.columns.map(({ name }) => [name, rows.map((row) => row[name]!)]))
  } finally {
    duckdb.close()
  }
}

describe.skipIf(lacks('pyarrow'))('what pyarrow writes (pyarrow)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pyarrow-'))
  let expected: Texts
  beforeAll(() => {
    const script = join(packageRoot, 'test/interop/python/write-arrow.py')
    expected = JSON.parse(execFileSync(PYPI_PYTHON, [script, folder], { encoding: 'utf8' })) as Texts
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each([
    'uncompressed.feather',
    'lz4.feather',
    'zstd.feather',
    'stream-None.arrow',
    'stream-lz4.arrow',
    'stream-zstd.arrow',
  ])('%s has these values, to the last digit', async (name) => {
    expect(await textsOf(folder, name)).toEqual(expected)
  })

  test('Parquet has the same', async () => {
    const { half: _half, ...rest } = expected
    expect(await textsOf(folder, 'table.parquet')).toEqual(rest)
  })

  test('no rows, and many record batches', async () => {
    expect((await textsOf(folder, 'empty.feather'))['int8']).toEqual([])
    const { x } = await textsOf(folder, 'many.feather')
    expect(x!.length).toBe(100_000)
    expect(x!.every((text, i) => text === (i % 977).toString())).toBe(true)
  })

  test('partitions with dates, escapes and a missing value', async () => {
    const { x, day, region } = await textsOf(folder, 'parts')
    const rows = x!.map((value, i) => [value, day![i], region![i]]).toSorted((a, b) => Number(a[0]) - Number(b[0]))
    expect(rows).toEqual([
      ['1', '2024-01-01', 'a b'],
      ['2', '2024-01-02', 'ü/ö'],
      ['3', null, 'c'],
    ])
  })

  test('Zstandard of several frames', async () => {
    expect((await textsOf(folder, 'two-frames.csv.zst'))['a']!.length).toBe(50_001)
  })
})
