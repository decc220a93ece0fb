import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { UserError } from '../../core/errors.ts'
import { readTable, writeParquet } from '../duckdb.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'data-error-'))))
afterAll(() => rm(folder, { recursive: true }))

/** The error of reading a file with this content. */
async function errorOf(name: string, content?: string | Buffer, columns?: string[]): Promise<UserError> {
  if (content !== undefined) await writeFile(join(folder, name), content)
  const outcome = await readTable(folder, name, columns ? { columns } : {}).catch((error: unknown) => error)
  expect(outcome).toMatchObject({ name: 'UserError' })
  return outcome as UserError
}

const manyLines = Array.from({ length: 40_000 }, (_, i) => `${i},"two\nlines"`).join('\n')

test.each([
  ['few.csv', 'a,b\n1,2\n3\n4,5\n', 3, 'expected 2 fields, found 1'],
  ['many.csv', 'a,b\n1,2\n\n3,4,5\n', 4, 'expected 2 fields, found 3'],
  ['open-quote.csv', 'a,b\n1,2\n3,"x\n4,5\n', 3, 'a quote is opened here and never closed'],
  ['after-quote.csv', 'a,b\n1,"x"y\n', 2, 'there is text after a closing quote (a quote inside a quoted field is doubled: "")'],
  ['mixed-ends.csv', 'a,b\n1,2\n3,4\r\n5,6\n', 3, 'the line ends with CRLF, those before it with LF'],
  ['far.csv', `a,b\n${manyLines}\n7\n`, 80_002, 'expected 2 fields, found 1'],
  ['latin1.csv', Buffer.from('a,b\n1,x\n2,caf\xe9\n', 'latin1'), 3, 'the line is not in UTF-8'],
  ['twice.csv', 'a,b,a\n1,2,3\n', 1, 'two columns are named "a"'],
  ['case.csv', 'Age,b,age\n1,2,3\n', 1, 'the columns "Age" and "age" differ only in case'],
  ['packed.csv.gz', gzipSync('a,b\n1,2\n3\n'), 3, 'expected 2 fields, found 1'],
])('%s: the file and the line', async (name, content, line, message) => {
  const error = await errorOf(name, content)
  expect(error.code).toBe('E_FILE_FORMAT')
  expect(error.message).toBe(`${name}:${line}: ${message}`)
  expect(error.location).toEqual({ file: name, line })
})

test('JSON Lines: the file and the line', async () => {
  const error = await errorOf('broken.jsonl', '{"a":1}\n\n{"a":\n{"a":3}\n')
  expect(error.message).toMatch(/^broken\.jsonl:3: the line is not JSON: /)
  expect(error.frame).toBe('3 | {"a":')
})

test('one bad file among several is named', async () => {
  await mkdir(join(folder, 'several'))
  await writeFile(join(folder, 'several/a.csv'), 'a,b\n1,2\n')
  await writeFile(join(folder, 'several/b.csv'), 'a,b\n1,2\n3\n')
  expect((await errorOf('several')).message).toBe('several/b.csv:3: expected 2 fields, found 1')
})

test('files with other columns, or in another order, are not read side by side', async () => {
  await mkdir(join(folder, 'differing'))
  await writeFile(join(folder, 'differing/a.csv'), 'a,b\n1,2\n')
  await writeFile(join(folder, 'differing/b.csv'), 'a,c\n1,2\n')
  expect((await errorOf('differing')).message).toBe(
    'differing/b.csv has other columns than differing/a.csv: it lacks "b"; it also has "c"',
  )
  await writeFile(join(folder, 'differing/b.csv'), 'b,a\n1,2\n')
  expect((await errorOf('differing')).message).toMatch(/their order is another/)
  await mkdir(join(folder, 'parquets'))
  await writeParquet(join(folder, 'parquets/a.parquet'), { rowCount: 1, columns: { a: [1] } })
  await writeParquet(join(folder, 'parquets/b.parquet'), { rowCount: 1, columns: { a: [1], extra: [2] } })
  expect((await errorOf('parquets')).message).toMatch(/it also has "extra"/)
})

test('a .gz that was cut off is refused, although DuckDB would read its beginning', async () => {
  const packed = gzipSync(`a,b\n${Array.from({ length: 50_000 }, (_, i) => `${i},${i * 7919}`).join('\n')}\n`)
  const error = await errorOf('cut.csv.gz', packed.subarray(0, packed.length >> 1))
  expect(error).toMatchObject({ code: 'E_FILE_FORMAT', message: 'cut.csv.gz is cut off or damaged: unexpected end of file' })
})

test('Parquet that is none, or was cut off', async () => {
  expect((await errorOf('none.parquet', 'hello, this is not Parquet')).message).toMatch(/^none\.parquet cannot be read: /)
  await writeParquet(join(folder, 'whole.parquet'), { rowCount: 3, columns: { a: [1, 2, 3] } })
  const whole = await readFile(join(folder, 'whole.parquet'))
  const error = await errorOf('cut.parquet', whole.subarray(0, -8))
  expect(error).toMatchObject({ code: 'E_FILE_FORMAT', location: { file: 'cut.parquet' } })
  expect(error.message).not.toContain(folder)
})

test.each([
  ['empty.csv', '', 'E_FILE_FORMAT', 'empty.csv is empty: it has no header'],
  ['empty.jsonl', '', 'E_FILE_FORMAT', 'empty.jsonl is empty: it has no rows and so no columns'],
  ['stray.jsonl', '{"a":1}\n[1]\n', 'E_FILE_FORMAT', 'stray.jsonl holds JSON that is not objects'],
  ['data.xlsx', 'x', 'E_FILE_FORMAT', 'data.xlsx is not data of one known format: found .xlsx'],
  ['utf16.csv', Buffer.from('a,b\n1,2\n', 'utf16le'), 'E_FILE_FORMAT', 'utf16.csv is not text in UTF-8: it holds zero bytes'],
])('%s', async (name, content, code, message) => {
  expect(await errorOf(name, content)).toMatchObject({ code, message })
})

test('nothing there, a column that is not there', async () => {
  expect(await errorOf('nowhere.csv')).toMatchObject({ code: 'E_FILE_MISSING', message: 'There is no data at nowhere.csv' })
  expect(await errorOf('there.csv', 'income,age\n1,2\n', ['incme'])).toMatchObject({
    code: 'E_COLUMN_MISSING',
    message: 'there.csv has no column "incme"',
    hint: 'Did you mean "income"?',
  })
})
