import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import * as p from '../../test/fixtures/pickle-assembler.ts'
import { zip } from '../../test/fixtures/zip-builder.ts'
import { Budget } from './budget.ts'
import { examine } from './examine.ts'
import { Examination } from './examination.ts'
import { judge } from './policy/policy.ts'
import { verdictOf } from './rules.ts'
import { scanBytes } from './scan.ts'

const GOOD = p.pickle(p.call('collections', 'OrderedDict'))

async function rules(bytes: Uint8Array, name: string, limits = {}): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, name, { limits })
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}

test('a scanner that fails has not examined the content', async () => {
  const examination = new Examination({ budget: new Budget(), examine, level: 'framework', judge, neighbours: new Set() })
  const broken = {
    size: 100,
    read() {
      throw new RangeError('a secret of the machine')
    },
  }
  await examine(broken, { examination, name: 'm.pkl', depth: 0, base: 0, stream: undefined })
  expect(verdictOf(examination.rules, 'framework')).toBe('error')
  expect(examination.findings.map(({ rule }) => rule)).toEqual(['scan.crashed'])
  expect(JSON.stringify(examination.findings)).not.toContain('secret')
  expect(examination.unexamined).toEqual([{ offset: 0, length: 100 }])
})

test('time is bounded, and what was not reached is not clean', async () => {
  const members = Array.from({ length: 3000 }, (_, i) => ({ name: `${i}.pkl`, content: GOOD }))
  const found = await rules(zip(members), 'm.zip', { milliseconds: 20 })
  expect(found).toContain('scan.limit')
  expect(found[0]).toBe('error')
  const packed = deflateSync(Buffer.concat([Buffer.from([0x80, 4]), randomBytes(2 ** 24)]), { level: 1 })
  expect((await rules(packed, 'm.joblib', { milliseconds: 1 }))[0]).toBe('error')
})

test('what was not examined is listed by its bytes, in the file or in what it unfolds to', async () => {
  const unknown = Uint8Array.from([0xff, 1, 2, 3, 0xfe])
  expect((await scanBytes(unknown, 'x')).unexamined).toEqual([{ offset: 0, length: 5 }])
  const { unexamined } = await scanBytes(zip([{ name: 'a', content: unknown, deflate: true }]), 'm.zip')
  expect(unexamined).toEqual([{ stream: 'm.zip!a', offset: 0, length: 5 }])
})

test('programs are findings; pictures, tables and other data beside a model are not', async () => {
  const pe = Buffer.alloc(200)
  pe.write('MZ')
  pe.writeUInt32LE(0x80, 0x3c)
  pe.write('PE\0\0', 0x80, 'latin1')
  const pyc = Buffer.alloc(40)
  pyc.writeUInt32LE(0x0a0d0da7, 0)
  for (const [bytes, name] of [
    [Buffer.from('\x7fELF\x02\x01\x01'.padEnd(64, '\0'), 'latin1'), 'lib.so'],
    [pe, 'op.dll'],
    [pyc, 'module.pyc'],
    [Buffer.from('\0asm\x01\0\0\0', 'latin1'), 'x.wasm'],
    [Buffer.from('\xcf\xfa\xed\xfe rest', 'latin1'), 'lib.dylib'],
  ] as const) {
    expect(await rules(bytes, name)).toEqual(['fail', 'format.program'])
  }
  for (const [content, name] of [
    ['\x89PNG\r\n\x1a\n rest', 'plot.png'],
    ['\xff\xd8\xff\xe0 rest', 'photo.JPG'],
    ['%PDF-1.7 rest', 'paper.pdf'],
    ['PAR1 rest PAR1', 'rows.parquet'],
    ['SQLite format 3\0 rest', 'mlflow.db'],
    ['\0\0\0\x01Bud1 rest', '.DS_Store'],
    ['# A model\n', 'README.md'],
    ['MZ is a pair of letters\n', 'notes.txt'],
    ['*.bin filter=lfs\n', '.gitattributes'],
  ] as const) {
    expect([name, ...(await rules(Buffer.from(content, 'latin1'), name))]).toEqual([name, 'pass'])
  }
})

test('a pointer to a file that is not here is not that file', async () => {
  const pointer = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n')
  for (const name of ['model.safetensors', 'model.bin', 'model.pkl', 'model.onnx']) {
    expect(await rules(pointer, name)).toEqual(['error', 'container.unopened'])
  }
})

test('names that people give do not contradict their content', async () => {
  const torch = zip([
    { name: 'archive/data.pkl', content: GOOD },
    { name: 'archive/version', content: Buffer.from('3\n') },
  ])
  for (const name of [
    'a.bin',
    'a.pt',
    'a.pth',
    'a.ckpt',
    'a.model',
    'a.PT',
    'a',
    'a.sav',
    'a.p',
    'a.data',
    'pytorch_model-00001-of-00002.bin',
  ]) {
    expect([name, ...(await rules(torch, name))]).toEqual([name, 'pass'])
    expect([name, ...(await rules(GOOD, name))]).toEqual([name, 'pass'])
  }
  for (const name of ['a.joblib', 'a.joblib.z', 'a.pkl.z', 'a.pkl']) {
    expect([name, ...(await rules(deflateSync(GOOD), name))]).toEqual([name, 'pass'])
  }
})

test.each<[string, Uint8Array]>([
  ['a picture and a zip', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), zip([{ name: 'x.pkl', content: evil() }])])],
  ['a NumPy array and a zip', Buffer.concat([npy(), zip([{ name: 'x.pkl', content: evil() }])])],
  ['text and a zip', Buffer.concat([Buffer.from('# Read me\n'.repeat(9)), zip([{ name: 'x.pkl', content: evil() }])])],
  ['a picture that is a pickle', Buffer.concat([Buffer.from('GIF89a\0\0\0'), Buffer.from(evil())])],
  [
    'a zip behind safetensors',
    Buffer.concat([Buffer.from('\x02\0\0\0\0\0\0\0{}', 'latin1'), zip([{ name: 'x.pkl', content: evil() }])]),
  ],
])('%s is examined as each of them', async (_name, bytes) => {
  const found = await rules(bytes, 'file')
  expect(found[0]).toBe('fail')
  expect(found).toContain('pickle.dangerous-call')
})

function evil(): Uint8Array {
  return p.pickle(p.call('os', 'system', p.text('true')))
}

function npy(): Buffer {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n"
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]),
    Buffer.from(header),
    Buffer.alloc(8),
  ])
}
