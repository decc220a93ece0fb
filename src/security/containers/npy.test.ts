import { expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { scanBytes } from '../scan.ts'

const EVIL = Buffer.from(p.pickle(p.call('os', 'system', p.text('true'))))

async function rules(bytes: Uint8Array): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, 'x.npy')
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}

function npy(descr: string, data: Uint8Array, { shape = '(1,)', version = 1, rest = '' } = {}): Buffer {
  const header = Buffer.from(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, ${rest}}\n`)
  const length = Buffer.alloc(version === 1 ? 2 : 4)
  length.writeUIntLE(header.length, 0, length.length)
  return Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]), length, header, data])
}

test.each([
  ["'<f8'", '(2, 3)', 48],
  ["'|u1'", '()', 1],
  ["'<U3'", '(0,)', 0],
  ["'<M8[ns]'", '(2L,)', 16],
  ["[('a', '<f8'), ('b', '<i4', (2,)), ('', '|V4')]", '(1,)', 20],
  ["[(('title', 'a'), '<f4'), ('b', [('c', '|S5'), ('d', '<c16')])]", '(1,)', 25],
  ["('<f4', (2, 2))", '(1,)', 16],
])('%s of shape %s is numbers', async (descr, shape, bytes) => {
  for (const version of [1, 2, 3])
    expect(await rules(npy(descr, Buffer.alloc(bytes, 0x63), { shape, version }))).toEqual(['pass'])
  expect(await rules(npy(descr, Buffer.alloc(bytes + 1), { shape }))).toEqual(['fail', 'numpy.header'])
})

test.each(["'|O'", "'O8'", "[('a', '<f8'), ('b', 'O')]", "[('a', [('b', '|O', (2,))])]", "('|O', (1,))", "['a']"])(
  'objects in %s are a pickle',
  async (descr) => {
    expect(await rules(npy(descr, EVIL))).toEqual(['fail', 'pickle.dangerous-call'])
  },
)

test.each(["'i4,O'", "'|' 'O'", '1 + 1', "'<f8'", '[]', '(', "'\\x4f'"])(
  'whatever %s means, the data are looked at',
  async (descr) => {
    const found = await rules(npy(descr, EVIL))
    expect(found[0]).toBe('fail')
    expect(found).toContain('numpy.header')
    expect(found).toContain('pickle.dangerous-call')
  },
)

test('several arrays in a file, as several saves into it leave them', async () => {
  const one = npy("'<f8'", Buffer.alloc(8))
  expect(await rules(Buffer.concat([one, one, one]))).toEqual(['pass'])
  expect(await rules(Buffer.concat([one, npy("'|O'", EVIL)]))).toEqual(['fail', 'pickle.dangerous-call'])
  expect(await rules(Buffer.concat([one, EVIL]))).toEqual(['fail', 'numpy.header', 'pickle.dangerous-call'])
})

test('sizes that no file has, and headers without end, are findings', async () => {
  expect((await rules(npy("'<f8'", Buffer.alloc(8), { shape: '(9999999999999, 9999999999999)' })))[0]).toBe('fail')
  expect((await rules(npy('['.repeat(100), EVIL)))[0]).toBe('fail')
  expect((await rules(npy("'<f8'", Buffer.alloc(8)).subarray(0, 30)))[0]).toBe('fail')
  expect((await rules(npy("'<f8'", Buffer.alloc(8), { rest: "'x': 1" })))[0]).toBe('fail')
})
