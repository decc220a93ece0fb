import fc from 'fast-check'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import { openData, openDuckdb, type Duckdb } from '../duckdb.ts'
import { CsvScanner } from './csv-scanner.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csv-rows-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

/** Rows as DuckDB reads them, or undefined when it refuses the file. */
async function rowsRead(content: string): Promise<string[][] | undefined> {
  await writeFile(join(folder, 'x.csv'), content)
  try {
    const source = await openData(duckdb, folder, 'x.csv')
    const rows = await source.reading(() => duckdb.query<Record<string, string>>(`SELECT * FROM ${source.sql}`))
    return rows.map((row) => Object.values(row))
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** The same counted by our own walk over the bytes, which knows nothing of DuckDB. */
function rowsCounted(content: string): number {
  let records = 0
  const scanner = new CsvScanner({ delimiter: ',', quote: '"' }, ({ fields, endsEmpty }) => {
    if (fields > 1 || !endsEmpty) records++ // blank lines are no rows
    return true
  })
  scanner.push(Buffer.from(content))
  scanner.end()
  return records - 1
}

test('rows read = rows there are, in any text that is not refused: no line is skipped, split or joined silently', async () => {
  const piece = fc.constantFrom('a', 'bc', '"', '""', ',', '\n', '\r\n', ' ', "'", '\\', '#', '"x,y"', '"two\nlines"', '1', 'é')
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 25 }), async (pieces) => {
      const content = `p,q\n${pieces.join('')}`
      const rows = await rowsRead(content)
      expect(rows?.length).toBe(rows === undefined ? undefined : rowsCounted(content))
    }),
    { numRuns: 300, seed: 20_240_131 },
  )
})

test('values that were written are the values that are read', async () => {
  const value = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\n', ' ', ';', "'", '\\', 'é', '#'),
    minLength: 1,
    maxLength: 6,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }), async (rows) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
      const content = `p,q\n${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`
      expect(await rowsRead(content)).toEqual(rows)
    }),
    { numRuns: 100, seed: 20_240_131 },
  )
})

test.each([
  ['a line that is short', 'p,q\n1,2\n3\n'],
  ['a line that is long', 'p,q\n1,2\n3,4,5\n'],
  ['text after a closing quote', 'p,q\n1,"2"x\n'],
  ['a quote that is never closed', 'p,q\n1,2\n3,"4\n5,6\n'],
  ['a line of spaces', 'p,q\n  \n1,2\n'],
  ['other line ends further down', 'p,q\n1,2\n3,4\r\n5,6\n'],
])('%s refuses the file', async (_what, content) => {
  expect(await rowsRead(content)).toBeUndefined()
})

test.each([
  ['a quote inside a field is a character', 'p,q\n1,x"y\n', [['1', 'x"y']]],
  [
    'an empty field beyond the last column',
    'p,q\n1,2,\n3,4\n',
    [
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  ['blank lines', 'p,q\n\n1,2\n\n', [['1', '2']]],
  ['a comment sign begins no comment', 'p,q\n#1,2\n', [['#1', '2']]],
  ['a backslash escapes nothing', 'p,q\n"1\\",2\n', [['1\\', '2']]],
])('%s', async (_what, content, rows) => {
  expect(await rowsRead(content)).toEqual(rows)
})
