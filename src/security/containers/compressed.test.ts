import { createRequire } from 'node:module'
import { deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { COMPRESSED_PICKLE, COMPRESSED_PICKLES } from '../../../test/fixtures/compressed-samples.ts'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { zip } from '../../../test/fixtures/zip-builder.ts'
import { zstdFrame } from '../../../test/fixtures/zstd-frame.ts'
import { scanBytes } from '../scan.ts'

const EVIL = Buffer.from(p.pickle(p.call('os', 'system', p.text('true'))))
const GOOD = Buffer.from(p.pickle(p.call('collections', 'OrderedDict')))
/** What does not compress, so that a stream is long enough to be cut. */
const NOISE = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i * 7919 + (i >> 3) * 104_729) % 251))

async function rules(bytes: Uint8Array, name = 'model.bin'): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, name)
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}

/** A skippable frame of LZ4 and Zstandard. */
const skippable = (content: Buffer): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(0x184d2a50, 0)
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content])
}

describe.each(Object.entries(COMPRESSED_PICKLES))('%s', (name, base64) => {
  const bytes = Buffer.from(base64, 'base64')

  test('is unfolded', async () => {
    const { verdict, findings, formats } = await scanBytes(bytes, 'model.pkl')
    expect(verdict).toBe('fail')
    expect(findings.map(({ rule }) => rule)).toEqual(['pickle.dangerous-call'])
    expect(formats).toEqual([name.split(' ')[0], 'pickle'])
    expect(findings[0]?.location).toMatchObject({ stream: expect.stringContaining('model.pkl!') })
  })

  test('is never clean when it is cut or changed', async () => {
    for (let at = 6; at < bytes.length; at += 13) {
      expect((await scanBytes(bytes.subarray(0, at), 'm.pkl')).verdict).not.toBe('pass')
      const changed = Buffer.from(bytes)
      changed[at]! ^= 0x55
      expect((await scanBytes(changed, 'm.pkl')).verdict).not.toBe('pass')
    }
  })
})

test('several streams are joined, as their readers join them', async () => {
  const joined = (first: Uint8Array, second: Uint8Array) => Buffer.concat([first, second])
  expect(await rules(joined(gzipSync(EVIL.subarray(0, 9)), gzipSync(EVIL.subarray(9))))).toEqual([
    'fail',
    'pickle.dangerous-call',
  ])
  expect(await rules(joined(deflateSync(EVIL.subarray(0, 9)), deflateSync(EVIL.subarray(9))))).toEqual([
    'fail',
    'pickle.dangerous-call',
  ])
  const half = Math.floor(EVIL.length / 2)
  const frames = [EVIL.subarray(0, half), EVIL.subarray(half)].map((raw) => zstdFrame([{ raw }]))
  expect(await rules(Buffer.concat([skippable(GOOD), frames[0]!, skippable(GOOD), frames[1]!]))).toEqual([
    'fail',
    'pickle.dangerous-call',
  ])
  expect(await rules(Buffer.concat(frames))).toEqual(['fail', 'pickle.dangerous-call'])
  for (const name of ['bzip2', 'xz', 'lz4'] as const) {
    const one = Buffer.from(COMPRESSED_PICKLES[name], 'base64')
    const twice = await scanBytes(joined(one, one), 'model.pkl')
    expect(twice.findings.map(({ location }) => location?.byteOffset)).toEqual([21, 21 + COMPRESSED_PICKLE.length])
  }
})

test('what a stream unfolds to before its damage is examined to the byte', async () => {
  const packed = deflateSync(Buffer.concat([EVIL, Buffer.alloc(20_000)]))
  // Behind the payload, and inside of the same piece that is handed to the library.
  const broken = Buffer.concat([packed.subarray(0, -8), Buffer.alloc(2000, 0xff)])
  const found = await rules(broken, 'model.joblib')
  expect(found).toContain('container.damaged')
  expect(found).toContain('pickle.dangerous-call')
})

test('a gzip file with every field in its header, a wrong checksum, a wrong length', async () => {
  const plain = gzipSync(GOOD)
  const fields = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3]),
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from('name\0comment\0xx'),
    plain.subarray(10),
  ])
  expect(await rules(fields, 'model.pkl')).toEqual(['pass'])
  for (const from of [8, 4]) {
    const wrong = Buffer.from(plain)
    wrong[wrong.length - from]! ^= 1
    expect(await rules(wrong, 'model.pkl')).toEqual(['error', 'container.damaged'])
  }
  expect(await rules(Buffer.concat([plain, Buffer.alloc(512)]), 'model.pkl')).toEqual(['pass'])
  expect(await rules(plain.subarray(0, -8), 'model.pkl')).toEqual(['error', 'container.damaged'])
})

test("joblib's old format, of Python 3 and of Python 2", async () => {
  const head = Buffer.from(`ZF${`0x${EVIL.length.toString(16)}`.padEnd(19)}`)
  expect(await rules(Buffer.concat([head, deflateSync(EVIL)]), 'model.joblib')).toEqual(['fail', 'pickle.dangerous-call'])
  expect(await rules(Buffer.concat([head, Buffer.from(' '), deflateSync(EVIL)]))).toEqual(['fail', 'pickle.dangerous-call'])
})

test('claims of memory are bounds that are hit, not memory', async () => {
  const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 1, 0, 0])
  expect(await rules(zstd)).toEqual(['error', 'scan.limit'])
  const lzma = Buffer.from(COMPRESSED_PICKLES.lzma, 'base64')
  lzma.writeUInt32LE(0x40000000, 1)
  expect((await rules(lzma))[0]).not.toBe('pass')
  const lz4 = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x70, 0xdf, 0xff, 0xff, 0xff, 0x7f])
  expect(await rules(lz4)).toEqual(['error', 'container.damaged'])
  expect(await rules(Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x41, 0x70, 1, 0, 0, 0, 0xdf]))).toEqual([
    'error',
    'container.unopened',
  ])
})

test('LZ4 blocks that refer to the blocks before them', async () => {
  const { compress } = createRequire(import.meta.url)('lz4js') as { compress: (bytes: Uint8Array) => Uint8Array }
  const long = Buffer.concat([
    Buffer.from([0x80, 4, 0x8e, 0, 0, 0x60, 0, 0, 0, 0, 0]),
    Buffer.alloc(0x600000, 'abcdefgh'),
    Buffer.from('0'),
    EVIL.subarray(2),
  ])
  const { findings } = await scanBytes(compress(long), 'model.pkl')
  expect(findings.map(({ rule, location }) => [rule, location?.byteOffset])).toEqual([
    ['pickle.dangerous-call', long.lastIndexOf('R')],
  ])
})

test('content beyond what is kept in memory is read from a file, and the file is gone', async () => {
  const large = Buffer.concat([
    Buffer.from([0x80, 4, 0x8e, 0, 0, 0, 1, 0, 0, 0, 0]),
    Buffer.alloc(2 ** 24, NOISE),
    Buffer.from('0'),
    EVIL.subarray(2),
  ])
  const { findings, verdict } = await scanBytes(deflateSync(large, { level: 1 }), 'model.joblib')
  expect(verdict).toBe('fail')
  expect(findings[0]?.location?.byteOffset).toBe(large.lastIndexOf('R'))
})

describe('archives that 7-Zip opens', () => {
  // picklescan's `malicious1.7z` is of this form: one member `data.pkl`, LZMA2 after the filter for x86 code.
  const archive = Buffer.from(
    'N3q8ryccAAQb4MEkkgAAAAAAAAAUAAAAAAAAAGtFGzUBADKABJUoAAAAAAAAAIwIYnVpbHRpbnOUjARldmFslJOUjAxwcmludCgnNDU2JymUhZRSlC4A4ABWAFNdAACBMweuD9FqxaCgimmwueFKrqGI70GEr6N0y0N2af1XOs1ndozslRBvFEXg0pswbQGE1PQRrV43zg8kOd+tkzURn2LLR3KTkv4mA5dIK15gAAAAABcGNwEJWwAHCwEAASEhARgMVwAA',
    'base64',
  )

  test('their members are examined', async () => {
    const { findings } = await scanBytes(archive, 'model.pt')
    expect(findings.map(({ rule, location }) => [rule, location?.file])).toEqual([['pickle.dangerous-call', 'model.pt!data.pkl']])
  })

  test('a broken one is not clean', async () => {
    expect(await rules(archive.subarray(0, 100), 'model.7z')).toEqual(['error', 'container.damaged'])
    const changed = Buffer.from(archive)
    changed[60]! ^= 0xff
    expect((await rules(changed, 'model.7z'))[0]).not.toBe('pass')
  })
})

test('compression methods of zip beside deflate', async () => {
  const member = (method: number, packed: Uint8Array) => ({
    name: 'a.pkl',
    content: packed,
    local: { method, size: COMPRESSED_PICKLE.length, crc: 0xeeb1cf81 },
    central: { method, size: COMPRESSED_PICKLE.length, crc: 0xeeb1cf81 },
  })
  const sample = (name: keyof typeof COMPRESSED_PICKLES) => Buffer.from(COMPRESSED_PICKLES[name], 'base64')
  // Method 14: version of the SDK, length of the properties, properties, data. Source: APPNOTE 5.8.8.
  const lzma = Buffer.concat([Buffer.from([9, 20, 5, 0]), sample('lzma').subarray(0, 5), sample('lzma').subarray(13)])
  for (const each of [member(12, sample('bzip2')), member(93, sample('zstd')), member(95, sample('xz')), member(14, lzma)]) {
    expect(await rules(zip([each]), 'm.zip')).toContain('pickle.dangerous-call')
  }
})
