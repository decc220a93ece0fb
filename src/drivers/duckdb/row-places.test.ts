import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openData, openDuckdb, placeRows, writeParquet, type RowNumber, type RowPlace } from '../duckdb.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'row-places-'))))
afterAll(() => rm(folder, { recursive: true }))

/** Where the rows stand whose column `x` is `bad`. */
async function placesOfBad(path: string): Promise<RowPlace[]> {
  const duckdb = await openDuckdb()
  try {
    const source = await openData(duckdb, folder, path)
    const rows = await duckdb.query<RowNumber>(
      `SELECT __file AS file, __row AS row FROM ${source.numberedSql} WHERE x = 'bad' ORDER BY ALL`,
    )
    return await placeRows(duckdb, source, rows)
  } finally {
    duckdb.close()
  }
}

test('CSV: lines, with line ends in quotes and blank lines counted', async () => {
  await writeFile(join(folder, 'lines.csv'), '\nx,y\nbad,"two\nlines"\n\nok,1\nbad,"a ""quote"""\n')
  expect(await placesOfBad('lines.csv')).toEqual([
    { file: 'lines.csv', row: 1, line: 3 },
    { file: 'lines.csv', row: 3, line: 7 },
  ])
})

test('CSV with one column, where a blank line is a row', async () => {
  await writeFile(join(folder, 'column.csv'), 'x\nok\n\nbad\n')
  expect(await placesOfBad('column.csv')).toEqual([{ file: 'column.csv', row: 3, line: 4 }])
})

test('rows far down a large file', async () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => (i === 299_998 ? 'bad,1' : `ok,${i}`))
  await writeFile(join(folder, 'large.csv'), `x,y\r\n${rows.join('\r\n')}\r\n`)
  expect(await placesOfBad('large.csv')).toEqual([{ file: 'large.csv', row: 299_999, line: 300_000 }])
})

test('several files: each row by its own file', async () => {
  await mkdir(join(folder, 'parts'))
  await writeFile(join(folder, 'parts/a.csv'), 'x,y\nok,1\nok,2\n')
  await writeFile(join(folder, 'parts/b.csv'), 'x,y\nok,1\nbad,2\n')
  expect(await placesOfBad('parts')).toEqual([{ file: 'parts/b.csv', row: 2, line: 3 }])
  await mkdir(join(folder, 'parquets'))
  for (const name of ['a', 'b']) {
    await writeParquet(join(folder, `parquets/${name}.parquet`), { rowCount: 2, columns: { x: ['ok', 'bad'] } })
  }
  expect(await placesOfBad('parquets')).toEqual([
    { file: 'parquets/a.parquet', row: 2 },
    { file: 'parquets/b.parquet', row: 2 },
  ])
})

test('data with a column that is named like the reader’s own row number', async () => {
  await writeParquet(join(folder, 'named.parquet'), { rowCount: 2, columns: { x: ['ok', 'bad'], file_row_number: [90, 91] } })
  expect(await placesOfBad('named.parquet')).toEqual([{ file: 'named.parquet', row: 2 }])
})
