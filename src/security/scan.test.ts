import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import * as p from '../../test/fixtures/pickle-assembler.ts'
import { zip } from '../../test/fixtures/zip-builder.ts'
import { sha256 } from '../core/digest.ts'
import { DATA_TYPE, encodeOnnx, onnxNode, tensorInfo, EXTERNAL_DATA, type ModelProto } from '../drivers/onnx-proto.ts'
import { scanBytes, scanPath } from './scan.ts'

const EVIL = p.pickle(p.call('os', 'system', p.text('true')))
const GOOD = p.pickle(p.call('collections', 'OrderedDict'))

async function rules(bytes: Uint8Array, name = 'model.bin'): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, name)
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}

function model(parts: Partial<ModelProto> & { graph?: ModelProto['graph'] } = {}): Uint8Array {
  const info = (name: string) => tensorInfo(name, DATA_TYPE.FLOAT, [1])
  const graph = { name: 'g', node: [onnxNode('Identity', ['x'], ['y'])], input: [info('x')], output: [info('y')], ...parts.graph }
  return encodeOnnx({ irVersion: 8, opsetImport: [{ domain: '', version: 17 }], ...parts, graph })
}

test('a file is told by its content, and a name that says otherwise is a finding', async () => {
  expect(await rules(EVIL, 'model.onnx')).toEqual(['fail', 'pickle.dangerous-call', 'format.disagrees'])
  expect(await rules(GOOD, 'model.safetensors')).toEqual(['fail', 'format.disagrees'])
  expect(await rules(EVIL, 'README')).toEqual(['fail', 'pickle.dangerous-call'])
  expect(await rules(GOOD, 'MODEL.PKL')).toEqual(['pass'])
  expect(await rules(model(), 'model.onnx')).toEqual(['pass'])
  expect(await rules(model(), 'model.pkl')).toEqual(['fail', 'format.disagrees'])
})

test('what is not known is not clean; text and JSON are', async () => {
  expect(await rules(Uint8Array.from([0xff, 1, 2, 3, 0xfe]))).toEqual(['error', 'format.unknown'])
  expect(await rules(new Uint8Array(0), 'model.pkl')).toEqual(['error', 'format.unknown'])
  expect(await rules(Buffer.from('LZIP\x01 rest', 'latin1'), 'model.lz')).toEqual(['error', 'container.unopened'])
  expect(await rules(Buffer.from('{"a": 1}\n'), 'config.json')).toEqual(['pass'])
  expect(await rules(Buffer.from('id,name\n1,x\n'), 'rows.csv')).toEqual(['pass'])
  expect(await rules(Buffer.from('x^2 + 1\n'), 'formula.txt')).toEqual(['pass'])
  expect(await rules(Buffer.from('cat\ndog\nfish\n'), 'words.txt')).toEqual(['pass'])
})

test('Universal Binary JSON, as XGBoost writes it, is data; what only begins like it is not known', async () => {
  const key = (name: string) => [0x4c, 0, 0, 0, 0, 0, 0, 0, name.length, ...Buffer.from(name)]
  const typed = [...key('w'), ...Buffer.from('[$d#L'), 0, 0, 0, 0, 0, 0, 0, 2, ...Buffer.alloc(8)]
  const nested = [...key('n'), 0x7b, ...key('a'), 0x5b, 0x54, 0x69, 1, 0x53, 0x69, 1, 0x78, 0x5d, 0x7d]
  const whole = [0x7b, ...typed, ...nested, 0x7d]
  expect(await rules(Uint8Array.from(whole), 'model.ubj')).toEqual(['pass'])
  expect(await rules(Uint8Array.from(whole), 'model.pkl')).toEqual(['fail', 'format.disagrees'])
  expect(await rules(Uint8Array.from([...whole, ...EVIL]), 'model.ubj')).toEqual(['error', 'format.unknown'])
  expect(await rules(Uint8Array.from(whole.slice(0, -1)), 'model.ubj')).toEqual(['error', 'format.unknown'])
  expect(await rules(Uint8Array.from([0x7b, ...key('w'), ...Buffer.from('[$d#L'), 0x7f, ...Buffer.alloc(15)]), 'm.ubj')).toEqual([
    'error',
    'format.unknown',
  ])
})

test('a pickle of protocol 0 is text and is found all the same', async () => {
  const bytes = Buffer.from("cos\nsystem\n(S'true'\ntR.")
  expect(await rules(bytes, 'notes.txt')).toEqual(['fail', 'pickle.dangerous-call', 'format.disagrees'])
})

test('an opcode before the protocol does not hide a pickle', async () => {
  expect(await rules(p.raw(p.NONE, p.POP, [...EVIL]), 'weights')).toEqual(['fail', 'pickle.dangerous-call'])
})

test.each([
  ['zlib', deflateSync(EVIL)],
  ['gzip', gzipSync(EVIL)],
  ['gzip in zlib', deflateSync(gzipSync(EVIL))],
  ['a zip in a zip', zip([{ name: 'inner.zip', content: zip([{ name: 'x', content: EVIL, deflate: true }]) }])],
  ['two streams, one after the other', Buffer.concat([deflateSync(GOOD), deflateSync(EVIL)])],
  ['a gzip stream and a bare pickle', Buffer.concat([gzipSync(GOOD), EVIL])],
  ['a stream and a bare pickle', Buffer.concat([deflateSync(GOOD), EVIL])],
  ['a pickle and a clean zip', Buffer.concat([EVIL, zip([{ name: 'x', content: GOOD }])])],
  ['a clean zip and a pickle', zip([{ name: 'x', content: GOOD }], { suffix: EVIL })],
])('%s', async (_name, bytes) => {
  const found = await rules(bytes)
  expect(found[0]).toBe('fail')
  expect(found).toContain('pickle.dangerous-call')
})

test('compressed models pass', async () => {
  expect(await rules(deflateSync(GOOD), 'model.joblib')).toEqual(['pass'])
  expect(await rules(gzipSync(GOOD), 'model.pkl')).toEqual(['pass'])
})

test('a stream that is cut off is not clean, and what comes before the cut is found', async () => {
  const junk = p.text(Array.from({ length: 4000 }, (_, i) => String.fromCharCode(33 + ((i * 7919) % 89))).join(''))
  const packed = deflateSync(p.pickle(p.call('os', 'system', p.text('true')), p.POP, junk))
  expect(await rules(packed.subarray(0, packed.length - 40))).toEqual([
    'fail',
    'container.damaged',
    'pickle.broken',
    'pickle.dangerous-call',
  ])
})

test('bounds are findings', async () => {
  const bomb = deflateSync(Buffer.alloc(40 * 2 ** 20))
  expect((await rules(bomb))[0]).toBe('error')
  expect(await rules(bomb)).toContain('scan.limit')
  let nested = zip([{ name: 'x', content: GOOD }])
  for (let i = 0; i < 6; i++) nested = zip([{ name: 'x.zip', content: nested }])
  expect(await rules(nested)).toEqual(['error', 'scan.limit'])
  const many = zip([1, 2, 3].map((i) => ({ name: `${i}.pkl`, content: GOOD })))
  expect((await scanBytes(many, 'm.zip', { limits: { members: 2 } })).verdict).toBe('error')
})

test('a scan can be cancelled', async () => {
  const bytes = zip([{ name: 'x', content: GOOD }])
  await expect(scanBytes(bytes, 'm.zip', { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
})

test('NumPy: an array of objects is a pickle, numbers are not', async () => {
  const npy = (header: string, data: Uint8Array) => {
    const padded = `${header}\n`
    return Buffer.concat([
      Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length % 256, padded.length >> 8]),
      Buffer.from(padded),
      data,
    ])
  }
  const numbers = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", Buffer.alloc(48, 0x63))
  expect(await rules(numbers, 'x.npy')).toEqual(['pass'])
  expect(await rules(npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", EVIL), 'x.npy')).toEqual([
    'fail',
    'pickle.dangerous-call',
  ])
  // The header says numbers, so that a scanner that believes it looks no further.
  const lying = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", EVIL)
  expect(await rules(lying, 'x.npy')).toContain('pickle.dangerous-call')
  expect(await rules(zip([{ name: 'a.npy', content: numbers, deflate: true }]), 'x.npz')).toEqual(['pass'])
})

test('ONNX: places outside of the folder, and operators from elsewhere, wherever they are', async () => {
  const external = (location: string) => ({
    name: 'w',
    dims: [1],
    dataType: DATA_TYPE.FLOAT,
    dataLocation: EXTERNAL_DATA,
    externalData: [{ key: 'location', value: location }],
  })
  const withTensor = (location: string) => model({ graph: { initializer: [external(location)] } })
  for (const location of ['../../etc/passwd', '/etc/passwd', 'C:\\x', 'https://x/y', 'a/../../b']) {
    expect(await rules(withTensor(location), 'm.onnx')).toEqual(['fail', 'onnx.external-path'])
  }
  expect(await rules(withTensor('weights.bin'), 'm.onnx')).toEqual(['error', 'onnx.external-data'])
  const inner = { name: 'inner', node: [onnxNode('Run', [], ['y'], [], 'evil.ops')] }
  const nested = model({ graph: { node: [onnxNode('If', ['c'], ['y'], [{ name: 'then_branch', type: 5, g: inner }])] } })
  expect(await rules(nested, 'm.onnx')).toEqual(['fail', 'onnx.custom-operator'])
})

test('safetensors: the header accounts for every byte', async () => {
  const safetensors = (header: unknown, data: number) => {
    const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(text.length))
    return Buffer.concat([length, text, Buffer.alloc(data)])
  }
  const tensor = (start: number, end: number) => ({ dtype: 'F32', shape: [(end - start) / 4], data_offsets: [start, end] })
  expect(await rules(safetensors({ a: tensor(0, 8), b: tensor(8, 12) }, 12), 'm.safetensors')).toEqual(['pass'])
  for (const [header, data] of [
    [{ a: tensor(0, 8), b: tensor(4, 12) }, 12],
    [{ a: tensor(0, 8), b: tensor(12, 16) }, 16],
    [{ a: tensor(0, 8) }, 12],
    [{ a: { ...tensor(0, 8), shape: [3] } }, 8],
    [{ a: { ...tensor(0, 8), dtype: 'X' } }, 8],
    [`{"a": ${JSON.stringify(tensor(0, 8))}, "a": ${JSON.stringify(tensor(0, 8))}}`, 8],
    ['{"a"', 0],
  ] as const) {
    expect(await rules(safetensors(header, data), 'm.safetensors')).toEqual(['fail', 'safetensors.header'])
  }
})

test('a folder is scanned file by file, links are not followed, and digests are of the bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-scan-'))
  await mkdir(join(folder, 'sub'))
  await writeFile(join(folder, 'b.pkl'), GOOD)
  await writeFile(join(folder, 'sub', 'a'), EVIL)
  await symlink('/etc/passwd', join(folder, 'link'))
  const scans = await scanPath(folder, { display: (path) => path.slice(folder.length + 1) })
  expect(scans.map(({ path, verdict, digest }) => [path, verdict, digest])).toEqual([
    ['b.pkl', 'pass', sha256(GOOD)],
    ['link', 'error', sha256(Buffer.from('/etc/passwd'))],
    [join('sub', 'a'), 'fail', sha256(EVIL)],
  ])
})

test('a large file is read in blocks, and its digest is that of the whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-scan-'))
  const big = Array.from({ length: 3 * 2 ** 20 }, (_, i) => i % 251)
  const bytes = Buffer.concat([
    Buffer.from(p.raw(p.proto(4), p.EMPTY_LIST)),
    bytesOpcode(big),
    bytesOpcode(big),
    Buffer.from(p.raw(p.TUPLE2, p.call('os', 'system'), p.TUPLE2, p.TUPLE2, p.STOP)),
  ])
  await writeFile(join(folder, 'big.pkl'), bytes)
  const [scan] = await scanPath(join(folder, 'big.pkl'))
  expect(scan).toMatchObject({ digest: sha256(bytes), bytes: bytes.length, verdict: 'fail' })
  expect(scan!.findings[0]?.location?.byteOffset).toBe(bytes.length - 4)
})

function bytesOpcode(content: readonly number[]): Buffer {
  const head = Buffer.alloc(5)
  head[0] = 0x42
  head.writeUInt32LE(content.length, 1)
  return Buffer.concat([head, Buffer.from(content)])
}
