import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { refused } from '../../../test/fixtures/refused-pickles.ts'
import { scanBytes } from '../scan.ts'

// Ways past scanners that hide a pickle in another one, end the scan early, or contradict the file around the pickle.

const SYSTEM = p.call('os', 'system', p.text('true'))
const ORDERED = p.call('collections', 'OrderedDict')
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

describe('pickles within a pickle', () => {
  const evil = p.pickle(SYSTEM)
  const loader = (argument: p.Bytes) => p.call('torch.storage', '_load_from_bytes', argument)
  const says = 'os.system("true")'
  const encoded = p.call('_codecs', 'encode', p.text(latin1(evil)), p.text('latin1'))
  refused([
    ['bytes', loader(p.bytes([...evil])), 'pickle.dangerous-call', says],
    ['a bytearray', loader(p.bytearray8([...evil])), 'pickle.dangerous-call', says],
    ['bytes that protocol 2 writes as text', loader(encoded), 'pickle.dangerous-call', says],
    [
      'the same as a line of text',
      loader(
        p.call(
          '_codecs',
          'encode',
          p.unicode(latin1(p.pickle(p.call('os', 'system'))).replaceAll('\n', String.raw`\u000a`)),
          p.text('latin1'),
        ),
      ),
      'pickle.dangerous-call',
      'os.system()',
    ],
    [
      'bytes in Base64',
      p.call('pickle', 'loads', p.call('base64', 'b64decode', p.text(Buffer.from(evil).toString('base64')))),
      'pickle.dangerous-call',
      says,
    ],
    [
      'bytes in hexadecimal',
      p.call('dill', 'loads', p.call('binascii', 'unhexlify', p.text(Buffer.from(evil).toString('hex')))),
      'pickle.dangerous-call',
      says,
    ],
    [
      'bytes in a codec',
      p.call(
        'pickle',
        'loads',
        p.call('codecs', 'decode', p.bytes([...Buffer.from(Buffer.from(evil).toString('base64'))]), p.text('base64')),
      ),
      'pickle.dangerous-call',
      says,
    ],
    [
      'bytes behind a file in memory',
      p.call('numpy', 'load', p.call('io', 'BytesIO', p.bytes([...evil]))),
      'pickle.dangerous-call',
      says,
    ],
    [
      'compressed bytes',
      p.call('joblib', 'load', p.call('io', 'BytesIO', p.bytes([...deflateSync(evil)]))),
      'pickle.dangerous-call',
      says,
    ],
    [
      'three deep',
      loader(p.bytes([...p.pickle(loader(p.bytes([...p.pickle(loader(p.bytes([...evil])))])))])),
      'pickle.dangerous-call',
      says,
    ],
    ['bytes that nothing loads', p.dict([p.text('state'), p.bytes([...evil])]), 'pickle.dangerous-call', says],
    ['text that nothing loads', p.dict([p.text('state'), p.text(latin1(evil))]), 'pickle.dangerous-call', says],
    ['Base64 that nothing loads', p.text(Buffer.from(evil).toString('base64')), 'pickle.dangerous-call', says],
    ['bytes that are not in the file', loader(p.NEXT_BUFFER), 'pickle.misused-call', 'cannot be examined'],
    ['code', p.call('marshal', 'loads', p.bytes([0xe3, 0, 0, 0])), 'pickle.dangerous-call', 'marshal.loads'],
    [
      'bytes that are so old that they are forgotten',
      [
        ...encoded,
        ...p.binput(0),
        ...p.POP,
        ...Array.from({ length: 3000 }, () => [...p.EMPTY_TUPLE, ...p.POP]).flat(),
        ...loader(p.binget(0)),
      ],
      'pickle.misused-call',
    ],
  ])

  test.each([
    ['a harmless pickle as bytes', p.bytes([...p.pickle(p.dict([p.text('a'), p.int(1)]))])],
    ['a harmless pickle as text', p.text(latin1(p.pickle(p.NONE, p.POP, ORDERED)))],
    ['bytes that begin as a pickle does', p.bytes([0x80, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9])],
    ['an unknown import that is not called', p.bytes([...p.pickle(p.global('a_module', 'name'))])],
    ['text that begins as Base64 of a pickle does', p.text('gASVERYBODY knows this')],
  ])('%s may stay', async (_name, opcodes) => {
    expect((await scanBytes(p.pickle(opcodes), 'model.pkl')).findings).toEqual([])
  })
})

describe('streams that are made to end a scan early', () => {
  const broken = (...opcodes: p.Bytes[]) => p.raw(p.proto(4), SYSTEM, p.POP, ...opcodes, p.NONE, p.STOP)
  const cases: [string, Uint8Array][] = [
    ['BINBYTES8 of 2^62', broken([0x8e, 0, 0, 0, 0, 0, 0, 0, 0x40])],
    ['BINBYTES8 of a negative length', broken([0x8e, 255, 255, 255, 255, 255, 255, 255, 255])],
    ['LONG4 of a negative length', broken([0x8b, 255, 255, 255, 255])],
    ['LONG_BINPUT of 2^32 - 1', broken(p.NONE, p.longBinput(2 ** 32 - 1), p.POP)],
    ['PUT -1', broken(p.NONE, p.put(-1), p.POP)],
    ['PUT of a very large number', broken(p.NONE, p.put('9'.repeat(30)), p.POP)],
    ['GET of a slot that was never written', broken(p.line('g77'), p.POP)],
    ['DUP of an empty stack', broken(p.DUP, p.POP)],
    ['a number with a NUL', broken(p.line('I1\0zz'), p.POP)],
    ['a hexadecimal number', broken(p.line('L0x10L'), p.POP)],
    ['a float with a NUL', broken(p.line('F1.0\0zz'), p.POP)],
    ['a string that is not ASCII', broken([0x53, 0x27, 0xc3, 0xa9, 0x27, 10], p.POP)],
    ['a protocol that does not exist', broken(p.proto(9))],
    ['no opcode', broken([0xff])],
    ['a frame that is longer than the file', p.raw(p.proto(4), p.frame(2 ** 40), SYSTEM, p.STOP)],
    ['a frame in a frame', p.raw(p.proto(4), p.frame(60), SYSTEM, p.POP, p.frame(2), p.NONE, p.STOP)],
    ['a frame whose end an opcode crosses', p.raw(p.proto(4), p.frame(5), SYSTEM, p.STOP)],
    [
      '200,000 marks',
      p.raw(
        p.proto(4),
        Array.from({ length: 200_000 }, () => 0x28),
        SYSTEM,
        p.STOP,
      ),
    ],
    [
      'two million marks',
      p.raw(
        p.proto(4),
        Array.from({ length: 2_000_000 }, () => 0x28),
        SYSTEM,
        p.STOP,
      ),
    ],
    [
      'a tuple doubled forty times',
      p.pickle([...p.EMPTY_TUPLE, ...Array.from({ length: 40 }, () => [...p.DUP, ...p.TUPLE2]).flat()], p.POP, SYSTEM),
    ],
    ['values left under the result', p.pickle(p.NONE, p.MARK, SYSTEM)],
    ['a pickle behind a pickle', p.raw([...p.pickle(p.NONE)], [...p.pickle(SYSTEM)])],
    ['a pickle behind a pickle and junk', p.raw([...p.pickle(p.NONE)], [0xff, 0, 1, 2, 3], [...p.pickle(SYSTEM)])],
    [
      'a pickle behind zeros',
      p.raw(
        [...p.pickle(p.NONE)],
        Array.from({ length: 600 }, () => 0),
        [...p.pickle(SYSTEM)],
      ),
    ],
    ['a STOP between the call and its end', p.raw(p.proto(4), SYSTEM, p.STOP, p.MARK)],
  ]
  test.each(cases)('%s', async (_name, bytes) => {
    const { verdict, findings } = await scanBytes(bytes, 'model.pkl')
    expect(verdict).toBe('fail')
    const found = findings.filter(({ rule }) => rule === 'pickle.dangerous-call' || rule === 'pickle.dangerous-import')
    expect(found.map(({ message }) => message).join()).toContain('os.system')
  })

  test('what was not examined is told by its bytes', async () => {
    const bytes = p.raw(p.proto(4), SYSTEM, [0xff, 0xff, 0xff])
    const { findings } = await scanBytes(bytes, 'model.pkl')
    const broken = findings.find(({ rule }) => rule === 'pickle.broken')
    expect(broken?.location).toMatchObject({ byteOffset: bytes.length - 3, byteLength: 3 })
  })
})

describe('PyTorch files of the old format', () => {
  const magic = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  const rest = [...p.pickle(p.int(1001)), ...p.pickle(p.EMPTY_DICT), ...p.pickle(p.EMPTY_DICT), ...p.pickle(p.EMPTY_LIST)]
  const formatsOf = async (first: Uint8Array) => (await scanBytes(p.raw([...first], rest), 'model.pt')).formats

  test.each([
    ['protocol 2', p.raw(p.proto(2), magic, p.STOP)],
    ['a frame', p.raw(p.proto(4), p.frame(13), magic, p.STOP)],
    ['text', p.raw(p.line('L119547037146038801333356L'), p.STOP)],
  ])('are known by their number, written with %s', async (_name, first) => {
    expect(await formatsOf(first)).toContain('torch-legacy')
  })

  test('are not known by a number that is computed', async () => {
    const computed = p.pickle(p.call('builtins', 'int.from_bytes', p.bytes(magic.slice(2)), p.text('little')))
    const { verdict, formats } = await scanBytes(p.raw([...computed], rest), 'model.pt')
    expect([verdict, formats.includes('torch-legacy')]).toEqual(['fail', false])
  })

  test('hide nothing in their fourth or fifth pickle', async () => {
    for (const place of [3, 4]) {
      const pickles = [
        p.raw(p.proto(2), magic, p.STOP),
        p.pickle(p.int(1001)),
        p.pickle(p.EMPTY_DICT),
        p.pickle(p.EMPTY_DICT),
        p.pickle(p.EMPTY_LIST),
      ]
      pickles[place] = p.pickle(SYSTEM)
      const { findings } = await scanBytes(p.raw(...pickles.map((bytes) => [...bytes])), 'model.pt')
      expect(findings.map(({ rule }) => rule)).toContain('pickle.dangerous-call')
    }
  })
})

describe('tensors', () => {
  const storage = (items: number) => [
    ...p.tuple(p.text('storage'), p.global('torch', 'FloatStorage'), p.text('0'), p.text('cpu'), p.int(items)),
    ...p.BINPERSID,
  ]
  const tensor = (items: number, offset: number, size: number[], stride: number[]) =>
    p.call(
      'torch._utils',
      '_rebuild_tensor_v2',
      storage(items),
      p.int(offset),
      p.tuple(...size.map(p.int)),
      p.tuple(...stride.map(p.int)),
      p.NEWFALSE,
      ORDERED,
    )
  const rulesOf = async (opcodes: p.Bytes) => (await scanBytes(p.pickle(opcodes), 'data.pkl')).findings.map(({ rule }) => rule)

  test.each([
    ['a matrix', tensor(12, 0, [3, 4], [4, 1])],
    ['a view', tensor(12, 5, [1, 3], [4, 1])],
    ['no items', tensor(0, 0, [0, 4], [4, 1])],
    ['one number', tensor(1, 0, [], [])],
    ['one item repeated', tensor(1, 0, [100], [0])],
  ])('%s lies in its storage', async (_name, opcodes) => {
    expect(await rulesOf(opcodes)).toEqual([])
  })

  test.each([
    ['more items than the storage', tensor(12, 0, [3, 5], [5, 1])],
    ['a stride that leaves the storage', tensor(12, 0, [3, 4], [8, 1])],
    ['an offset behind the storage', tensor(12, 12, [1], [1])],
    ['a storage of two sizes', p.tuple(tensor(12, 0, [12], [1]), tensor(1200, 0, [1200], [1]))],
  ])('%s', async (_name, opcodes) => {
    expect(await rulesOf(opcodes)).toContain('pickle.tensor-bounds')
  })

  test('are not written to while they are loaded', async () => {
    expect(await rulesOf([...tensor(1, 0, [1], [1]), ...p.int(0), ...p.int(7), ...p.SETITEM])).toContain('pickle.anomaly')
  })
})

test('at the level strict, any import is a finding, and data pass', async () => {
  const scan = (opcodes: p.Bytes) => scanBytes(p.pickle(opcodes), 'model.pkl', { level: 'strict' })
  expect((await scan(p.dict([p.text('a'), p.bytes([1])]))).verdict).toBe('pass')
  const allowed = await scan(ORDERED)
  expect(allowed.verdict).toBe('fail')
  expect(allowed.findings.map(({ rule }) => rule)).toEqual(['pickle.import-at-strict'])
  expect((await scan(SYSTEM)).findings.map(({ rule }) => rule)).toContain('pickle.dangerous-call')
})

test('at the level audit, everything is found and nothing is refused', async () => {
  const { verdict, findings } = await scanBytes(p.pickle(SYSTEM), 'model.pkl', { level: 'audit' })
  expect([verdict, findings[0]?.rule]).toEqual(['warn', 'pickle.dangerous-call'])
})

test('more imports than are shown do not hide the dangerous one', async () => {
  const many = Array.from({ length: 500 }, (_, i) => [...p.global('a_module', `name${i}`), ...p.POP]).flat()
  const { findings } = await scanBytes(p.pickle(many, SYSTEM), 'model.pkl')
  expect(findings.map(({ message }) => message).join()).toContain('os.system("true")')
})
