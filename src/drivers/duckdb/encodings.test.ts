import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openData, openDuckdb, placeRows, type OpenOptions, type RowNumber } from '../duckdb.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'encodings-'))))
afterAll(() => rm(folder, { recursive: true }))

async function rowsOf(name: string, content: string | Buffer, options: OpenOptions = {}): Promise<unknown[]> {
  await writeFile(join(folder, name), content)
  const duckdb = await openDuckdb()
  try {
    const source = await openData(duckdb, folder, name, options)
    return await source.reading(() => duckdb.query(`SELECT * FROM ${source.sql}`))
  } finally {
    duckdb.close()
  }
}

const utf16 = (text: string, bigEndian = false): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

test('UTF-16 by its byte-order mark, and any encoding by its name', async () => {
  const text = 'a,b\n1,é😀\n'
  const expected = [{ a: '1', b: 'é😀' }]
  expect(await rowsOf('le.csv', utf16(text))).toEqual(expected)
  expect(await rowsOf('be.csv', utf16(text, true))).toEqual(expected)
  // The mark says more than the name.
  expect(await rowsOf('marked.csv', utf16(text), { encoding: 'latin1' })).toEqual(expected)
  expect(await rowsOf('bom.csv', `\uFEFF${text}`, { encoding: 'latin1' })).toEqual(expected)
  expect(await rowsOf('packed.csv.gz', gzipSync(utf16(text)))).toEqual(expected)
  expect(await rowsOf('latin1.csv', Buffer.from('a,b\n1,caf\xe9\n', 'latin1'), { encoding: 'latin1' })).toEqual([
    { a: '1', b: 'café' },
  ])
  const shiftJis = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0x93, 0xfa, 0x96, 0x7b]), Buffer.from('\n')])
  expect(await rowsOf('sjis.csv', shiftJis, { encoding: 'Shift_JIS' })).toEqual([{ a: '1', b: '日本' }])
})

test('JSON Lines with a byte-order mark', async () => {
  expect(await rowsOf('bom.jsonl', '\uFEFF{"a":"é"}\n')).toEqual([{ a: 'é' }])
  expect(await rowsOf('utf16.jsonl', utf16('{"a":"é"}\n'))).toEqual([{ a: 'é' }])
})

test('what means nothing in the encoding is an error with its line', async () => {
  const text = Array.from({ length: 30_000 }, (_, i) => `${i},日本`).join('\n')
  await expect(rowsOf('bad.csv', `a,b\n${text}\n1,\u{1F600}\xff\n`, { encoding: 'euc-jp' })).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    message: expect.stringMatching(/^bad\.csv:2: the line is not in euc-jp$/),
  })
  const good = Buffer.from(`a,b\n${'1,x\n'.repeat(40_000)}`)
  await expect(
    rowsOf('late.csv', Buffer.concat([good, Buffer.from([0x31, 0x2c, 0xff, 0x0a])]), { encoding: 'gb18030' }),
  ).rejects.toThrow('late.csv:40002: the line is not in gb18030')
  await expect(rowsOf('odd.csv', utf16('a,b\n1,2').subarray(0, -1))).rejects.toThrow('odd.csv:2: the line is not in utf-16le')
  await expect(rowsOf('any.csv', 'a\n1\n', { encoding: 'klingon' })).rejects.toMatchObject({
    code: 'E_VALUE',
    message: 'There is no text encoding "klingon"',
  })
})

test('messages and places name the file itself, and the copy is gone when DuckDB is closed', async () => {
  await writeFile(join(folder, 'placed.csv'), utf16('x,y\nok,"two\nlines"\nbad,1\n'))
  const duckdb = await openDuckdb()
  const source = await openData(duckdb, folder, 'placed.csv')
  const rows = await duckdb.query<RowNumber>(`SELECT __file AS file, __row AS row FROM ${source.numberedSql} WHERE x = 'bad'`)
  expect(await placeRows(duckdb, source, rows)).toEqual([{ file: 'placed.csv', row: 2, line: 4 }])
  const copy = source.files[0]!
  const private_ = copy.slice(0, copy.indexOf('/0/'))
  expect(await readdir(private_)).toEqual(['0'])
  duckdb.close()
  await expect(readdir(private_)).rejects.toThrow('ENOENT')
  await expect(rowsOf('short.csv', utf16('a,b\n1,2\n3\n'))).rejects.toThrow('short.csv:3: expected 2 fields, found 1')
})

test('delimiter, quote and header as they are told', async () => {
  const csv = { delimiter: '^', quote: "'" }
  expect(await rowsOf('told.csv', "a^b\n1^'x^''y\"'\n", { csv })).toEqual([{ a: '1', b: 'x^\'y"' }])
  expect(await rowsOf('unquoted.csv', 'a,b\n1,"x\n', { csv: { quote: '' } })).toEqual([{ a: '1', b: '"x' }])
  expect(await rowsOf('headless.csv', '1,2\n3,4\n', { csv: { header: false } })).toEqual([
    { column0: '1', column1: '2' },
    { column0: '3', column1: '4' },
  ])
  await expect(rowsOf('open.csv', "a,b\n1,'x\n", { csv: { quote: "'" } })).rejects.toThrow('open.csv:2: a quote is opened here')
  const duckdb = await openDuckdb()
  const source = await openData(duckdb, folder, 'headless.csv', { csv: { header: false } })
  expect(await placeRows(duckdb, source, [{ file: source.files[0]!, row: 1 }])).toEqual([
    { file: 'headless.csv', row: 1, line: 1 },
  ])
  duckdb.close()
})
