import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { beforeAll, expect, test } from 'vitest'
import { writeParquet } from '../../src/drivers/duckdb.ts'
import { ZSTD_BLOCK, zstdFrame, type ZstdBlock } from '../fixtures/zstd-frame.ts'
import { withLyingFooter } from '../fixtures/lying-footer.ts'
import { cli, scratch, type CliResult } from './cli.ts'

const SCHEMA = JSON.stringify({
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'string' } },
  required: ['a'],
})

type Files = Readonly<Record<string, string | Buffer>>

/** A project with these files, a report of an earlier run, and a folder for temporary files of its own. */
function project(files: Files): { folder: string; temporary: string } {
  const folder = scratch({ 'schema.json': SCHEMA, 'results/validation.json': earlier })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return { folder, temporary: scratch() }
}

const steps = (input: string) => [
  ['validate-schema', '--input', input, '--schema', 'schema.json'],
  ['check-data-quality', '--input', input],
]

let turn = 0

/** What one of the two steps, in turn, says of data that it refuses, and what it leaves behind. */
async function refusal({ folder, temporary }: ReturnType<typeof project>, input: string): Promise<object> {
  const line = steps(input)[turn++ % 2]!
  const { code, stdout, stderr }: CliResult = await cli(folder, line, { env: { TMPDIR: temporary } })
  return {
    code,
    stderr,
    leaks: /^ +at .*:\d+:\d+\)?$|plimsoll-data-/m.test(`${stdout}${stderr}`),
    report: readFileSync(join(folder, 'results/validation.json'), 'utf8'),
    left: readdirSync(temporary),
  }
}

/** Everything is as it was, and there is this message and no stack trace. */
const refused = (message: string | RegExp) => ({
  code: 2,
  stderr:
    typeof message === 'string' ? (expect.stringContaining(message) as unknown) : (expect.stringMatching(message) as unknown),
  leaks: false,
  report: earlier,
  left: [],
})

let earlier: string
let parquet: Buffer
let arrow: Buffer
beforeAll(async () => {
  const folder = scratch()
  await writeParquet(join(folder, 'x.parquet'), {
    rowCount: 5000,
    columns: { a: Float64Array.from({ length: 5000 }, (_, i) => i * 7) },
  })
  parquet = readFileSync(join(folder, 'x.parquet'))
  await cli(folder, steps('x.parquet')[1]!)
  earlier = readFileSync(join(folder, 'results/validation.json'), 'utf8')
  arrow = Buffer.from(tableToIPC(tableFromArrays({ a: Float64Array.from({ length: 5000 }, (_, i) => i) }), 'file'))
})

/** The Parquet file with other bytes from the end on. */
function withTail(tail: Buffer): Buffer {
  return Buffer.concat([parquet.subarray(0, -tail.length), tail])
}

const footerLength = (bytes: number): Buffer => {
  const tail = Buffer.from('0000PAR1')
  tail.writeUInt32LE(bytes, 0)
  return tail
}

test('Parquet that is cut off, has wrong magic bytes, or a footer that is none', async () => {
  const files = {
    'cut.parquet': parquet.subarray(0, parquet.length >> 1),
    'tail.parquet': parquet.subarray(0, -5),
    'magic.parquet': withTail(Buffer.from('PARX')),
    'long-footer.parquet': withTail(footerLength(0x7fffffff)),
    'short-footer.parquet': withTail(footerLength(3)),
    'empty.parquet': '',
    'text.parquet': 'a,b\n1,2\n'.repeat(10),
  }
  for (const name of Object.keys(files))
    expect(await refusal(project(files), name)).toEqual(
      refused(new RegExp(`${name.replace('.', '\\.')} .*(cannot be read|cut off|damaged|not Parquet|empty)`)),
    )
})

test('Parquet whose pages are damaged', async () => {
  const broken = Buffer.from(parquet)
  broken.fill(0xff, 4, parquet.length >> 2)
  expect(await refusal(project({ 'pages.parquet': broken }), 'pages.parquet')).toEqual(refused(/pages\.parquet cannot be read/))
})

test('Parquet whose footer lies about its rows', async () => {
  for (const [nth, message] of [
    [-1, 'lying.parquet is damaged: the footer says 5,001 rows where the pages of column "a" hold 5,000'],
    [0, 'lying.parquet is damaged: the footer says 5,001 rows but its row groups hold 5,000'],
  ] as const) {
    const files = { 'lying.parquet': withLyingFooter(parquet, 5000, 5001, nth) }
    for (const _step of steps('')) expect(await refusal(project(files), 'lying.parquet')).toEqual(refused(message))
  }
})

test('CSV: a broken quote, lines with other numbers of fields, other line ends, bytes that are no UTF-8, zero bytes', async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => (i % 300 === 7 ? `${i},2,3` : `${i},2`)).join('\n')
  const cases: [string, string | Buffer, string][] = [
    ['quote.csv', 'a,b\n1,2\n3,"x\n4,5\n', 'quote.csv:3: a quote is opened here and never closed'],
    [
      'fields.csv',
      `a,b\n${rows}\n`,
      'fields.csv:9: expected 2 fields, found 3; 6 more lines like it: 309, 609, 909, 1209, 1509, …',
    ],
    ['ends.csv', 'a,b\n1,2\n3,4\r\n5,6\n', 'ends.csv:3: the line ends with CRLF, those before it with LF'],
    [
      'latin1.csv',
      Buffer.from('a,b\n1,x\n2,caf\xe9\n3,y\n4,na\xefve\n', 'latin1'),
      'latin1.csv:3: the line is not in UTF-8; 1 more line like it: 5',
    ],
    ['zeros.csv', 'a,b\n1,2\n\0\0\0\0\0\0\0\0', 'zeros.csv is not text in UTF-8: it holds zero bytes'],
    ['late-zeros.csv', `a,b\n${'1,2\n'.repeat(40_000)}\0\0\0\0`, 'late-zeros.csv:40002: the line holds zero bytes'],
    ['empty.csv', '', 'empty.csv is empty: it has no header'],
  ]
  for (const [name, content, message] of cases)
    expect(await refusal(project({ [name]: content }), name)).toEqual(refused(message))
})

test('one bad file among several', async () => {
  expect(await refusal(project({ 'd/a.csv': 'a,b\n1,2\n', 'd/b.csv': 'a,b\n1,2\n3\n', 'd/c.csv': 'a,b\n5,6\n' }), 'd')).toEqual(
    refused('d/b.csv:3: expected 2 fields, found 1'),
  )
  expect(await refusal(project({ 'd/a.parquet': parquet, 'd/b.parquet': parquet.subarray(0, 900) }), 'd')).toEqual(
    refused(/d\/b\.parquet cannot be read/),
  )
  expect(await refusal(project({ 'd/a.jsonl': '{"a":1}\n', 'd/b.jsonl': '{"a":1}\n{"a":\n' }), 'd')).toEqual(
    refused(/d\/b\.jsonl:2: the line is not JSON/),
  )
  const gone = project({ 'd/a.csv': 'a,b\n1,2\n' })
  symlinkSync(join(gone.folder, 'moved.csv'), join(gone.folder, 'd/b.csv'))
  expect(await refusal(gone, 'd')).toEqual(refused('d/b.csv is not there any more'))
})

test('packed files that are cut off, are not packed, or unpack without end', async () => {
  const text = `a,b\n${Array.from({ length: 50_000 }, (_, i) => `${i},${i * 7919}`).join('\n')}\n`
  const member = gzipSync(Buffer.alloc(16 << 20, '1,2\n'))
  const gzipBomb = Buffer.concat([gzipSync('a,b\n'), ...Array.from({ length: 20 }, () => member)])
  const runs: ZstdBlock[] = Array.from({ length: 4000 }, () => ({ byte: 49, times: ZSTD_BLOCK }))
  const cases: [string, Buffer | string, RegExp][] = [
    ['cut.csv.gz', gzipSync(text).subarray(0, 9000), /cut\.csv\.gz is cut off or damaged/],
    ['none.csv.gz', text, /none\.csv\.gz is cut off or damaged: incorrect header check/],
    ['bomb.csv.gz', gzipBomb, /bomb\.csv\.gz unpacks to more than 256 MiB from its first 0\.\d MiB, as no data does/],
    [
      'cut.csv.zst',
      zstdFrame([{ raw: Buffer.from(text.slice(0, 60_000)) }]).subarray(0, 30_000),
      /cut\.csv\.zst is cut off or damaged/,
    ],
    ['bomb.csv.zst', zstdFrame([{ raw: Buffer.from('a,b\n') }, ...runs]), /bomb\.csv\.zst unpacks to more than 256 MiB/],
    ['bomb.jsonl.gz', gzipBomb, /bomb\.jsonl\.gz unpacks to more than 256 MiB/],
  ]
  for (const [name, content, message] of cases)
    expect(await refusal(project({ [name]: content }), name)).toEqual(refused(message))
})

test('JSON Lines with a bad line, without rows, or nested without end', async () => {
  const lines = Array.from({ length: 50 }, (_, i) => (i % 20 === 4 ? '{"a":}' : `{"a":${i}}`)).join('\n')
  expect(await refusal(project({ 'bad.jsonl': `${lines}\n` }), 'bad.jsonl')).toEqual(
    refused(/bad\.jsonl:5: the line is not JSON: .*; 2 more lines like it: 25, 45/),
  )
  expect(await refusal(project({ 'deep.jsonl': `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n` }), 'deep.jsonl')).toEqual(
    refused('deep.jsonl:1: values are nested more than 512 levels deep'),
  )
  expect(await refusal(project({ 'cut.json': '[{"a":1},{"a":2}' }), 'cut.json')).toEqual(refused(/cut\.json/))
})

test('Arrow that is cut short, damaged, of version 1, or empty', async () => {
  const damaged = Buffer.from(arrow)
  damaged.fill(0xff, 16, 120)
  const cases: [string, Buffer | string, RegExp][] = [
    ['cut.arrow', arrow.subarray(0, arrow.length >> 1), /cut\.arrow is cut off: the end that an Arrow file has is missing/],
    ['damaged.feather', damaged, /damaged\.feather (is cut off or damaged|has)/],
    ['v1.feather', Buffer.from('FEA1, and what follows'), /v1\.feather is Feather version 1, which is not read/],
    ['empty.arrow', '', /empty\.arrow is empty/],
    ['text.ipc', 'a,b\n1,2\n', /text\.ipc is not Arrow/],
  ]
  for (const [name, content, message] of cases)
    expect(await refusal(project({ [name]: content }), name)).toEqual(refused(message))
})

test('a server that is not there, and one format inside another', async () => {
  expect(await refusal(project({}), 'http://127.0.0.1:9/day=1/x.csv?signature=abcdef')).toEqual(
    refused(/http:\/\/127\.0\.0\.1:9\/day=1\/x\.csv cannot be downloaded: (?!.*abcdef)/),
  )
  expect(await refusal(project({ 'x.parquet.gz': gzipSync(parquet) }), 'x.parquet.gz')).toEqual(
    refused('x.parquet.gz: Parquet inside .gz cannot be read'),
  )
  expect(await refusal(project({ 'd/a.csv': 'a\n1\n', 'd/b.parquet': parquet }), 'd')).toEqual(
    refused('d is not data of one known format: found .csv and .parquet'),
  )
})

test('what is whole is read: each format, in the same words', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i * 7},x`).join('\n')
  const utf16 = Buffer.from(`\uFEFFa,b\n${rows}\n`, 'utf16le')
  const files = {
    'x.parquet': parquet,
    'x.arrow': arrow,
    'x.csv': `a,b\n${rows}\n`,
    'x.csv.gz': gzipSync(`a,b\n${rows}\n`),
    'x.csv.zst': Buffer.concat([zstdFrame([{ raw: Buffer.from('a,b\n') }]), zstdFrame([{ raw: Buffer.from(`${rows}\n`) }])]),
    'utf16.csv': utf16,
    'parts/day=1/x.csv': 'a\n1\n',
    'parts/day=2/x.csv': `a\n${'2\n'.repeat(4999)}`,
  }
  const { folder, temporary } = project(files)
  for (const input of ['x.parquet', 'x.arrow', 'x.csv', 'x.csv.gz', 'x.csv.zst', 'utf16.csv', 'parts']) {
    const { code, stdout } = await cli(folder, steps(input)[0]!, { env: { TMPDIR: temporary } })
    expect(stdout).toMatch(/5,000 rows/)
    expect(code).toBe(0)
    expect(readFileSync(join(folder, 'results/validation.json'), 'utf8')).toMatch(/"rows": ?5000/)
  }
  expect(readdirSync(temporary)).toEqual([])
})
