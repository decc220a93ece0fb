import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import type { RuleId } from '../rules.ts'
import { scanBytes } from '../scan.ts'

// Ways past scanners that have been published, or that follow from what loaders accept: one table for each kind.

const SYSTEM = p.call('os', 'system', p.text('true'))
const OS_SYSTEM = p.global('os', 'system')
const ARGS = p.tuple(p.text('true'))
const ORDERED = p.call('collections', 'OrderedDict')
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

type Case = [name: string, opcodes: p.Bytes, rule: RuleId, says?: string]

/** Each is refused, for this reason, with these words in the message. */
function refused(cases: Case[]): void {
  test.each(cases)('%s', async (_name, opcodes, rule, says = '') => {
    const { verdict, findings } = await scanBytes(p.pickle(opcodes), 'model.pkl')
    expect(verdict).toBe('fail')
    const matching = findings.filter((finding) => finding.rule === rule).map(({ message }) => message)
    expect(matching.join('\n')).toContain(says)
    expect(findings.map((finding) => finding.rule)).toContain(rule)
  })
}

describe('functions that look a name up count as running code', () => {
  refused([
    ['pkgutil.resolve_name', p.call('pkgutil', 'resolve_name', p.text('os:system')), 'pickle.dangerous-call', '("os:system")'],
    ['pydoc.locate', p.call('pydoc', 'locate', p.text('os.system')), 'pickle.dangerous-call'],
    ['importlib.import_module', p.call('importlib', 'import_module', p.text('os')), 'pickle.dangerous-call'],
    ['__import__', p.call('builtins', '__import__', p.text('os')), 'pickle.dangerous-call'],
    ['operator.attrgetter', p.call('operator', 'attrgetter', p.text('system')), 'pickle.dangerous-call'],
    ['operator.methodcaller', p.call('operator', 'methodcaller', p.text('system'), p.text('true')), 'pickle.dangerous-call'],
    [
      'what attrgetter answered, called',
      [...p.call('operator', 'attrgetter', p.text('system')), ...p.tuple(p.global('math', 'log')), ...p.REDUCE],
      'pickle.computed-call',
      'operator.attrgetter("system")(math.log)',
    ],
    [
      'what itemgetter answered, called',
      [...p.call('operator', 'itemgetter', p.int(0)), ...p.tuple(p.tuple(p.global('builtins', 'list'))), ...p.REDUCE],
      'pickle.computed-call',
    ],
    [
      'what partial answered, called',
      [...p.call('functools', 'partial', p.global('numpy', 'log')), ...p.tuple(p.int(1)), ...p.REDUCE],
      'pickle.computed-call',
      'functools.partial(numpy.log)(1)',
    ],
    [
      'a chain of getattr',
      p.call(
        'builtins',
        'getattr',
        p.call('builtins', 'getattr', p.global('torch', 'Tensor'), p.text('x')),
        p.text('__globals__'),
      ),
      'pickle.misused-call',
    ],
    ['type of an object', [...p.call('builtins', 'type', ORDERED), ...p.tuple(), ...p.REDUCE], 'pickle.computed-call'],
    [
      'object.__reduce_ex__ by a dotted name',
      p.call('builtins', 'object.__reduce_ex__', ORDERED, p.int(2)),
      'pickle.dangerous-call',
    ],
    ['a dotted name that climbs', p.global('collections', 'OrderedDict.__init__.__globals__'), 'pickle.dangerous-import'],
  ])
})

describe('a function that is allowed in certain calls alone is not to be handed on, however deep', () => {
  const getattr = p.global('builtins', 'getattr')
  refused([
    ['in a tuple', p.call('collections', 'OrderedDict', p.tuple(p.tuple(getattr))), 'pickle.misused-call', 'builtins.getattr'],
    ['in a list', p.call('collections', 'deque', p.list(getattr)), 'pickle.kept-function', 'builtins.getattr'],
    ['appended to a list', [...p.EMPTY_LIST, ...getattr, ...p.APPEND], 'pickle.kept-function'],
    ['in a list of protocol 0', [...p.MARK, ...getattr, ...p.LIST], 'pickle.kept-function'],
    ['in a dict', p.dict([p.text('f'), getattr]), 'pickle.kept-function'],
    ['in a dict, inside of a tuple', p.dict([p.text('f'), p.tuple(p.tuple(getattr, p.NONE), p.NONE)]), 'pickle.kept-function'],
    ['in a set', [...p.EMPTY_SET, ...p.MARK, ...getattr, ...p.ADDITEMS], 'pickle.kept-function'],
    ['in a frozenset', [...p.MARK, ...getattr, ...p.FROZENSET], 'pickle.kept-function'],
    ['as the state of an object', [...ORDERED, ...getattr, ...p.BUILD], 'pickle.kept-function'],
    ['to partial', p.call('functools', 'partial', getattr), 'pickle.misused-call'],
    [
      'to partial, behind a harmless function',
      p.call('functools', 'partial', p.global('numpy', 'log'), getattr),
      'pickle.misused-call',
    ],
    [
      'to partial, through its state',
      [
        ...p.call('functools', 'partial', p.global('numpy', 'log')),
        ...p.tuple(p.call('builtins', 'list'), p.tuple(), p.EMPTY_DICT, p.NONE),
        ...p.BUILD,
      ],
      'pickle.misused-call',
      'BUILD calls functools.partial',
    ],
    [
      'as a keyword',
      [...p.global('collections', 'OrderedDict'), ...p.EMPTY_TUPLE, ...p.dict([p.text('f'), getattr]), ...p.NEWOBJ_EX],
      'pickle.kept-function',
    ],
    [
      'behind more arguments than are remembered',
      p.call('collections', 'OrderedDict', ...Array.from({ length: 40 }, () => p.NONE), p.tuple(getattr)),
      'pickle.misused-call',
    ],
    [
      'in a tuple that is so old that it is forgotten',
      [
        ...p.tuple(p.tuple(getattr)),
        ...p.binput(0),
        ...p.POP,
        ...Array.from({ length: 3000 }, () => [...p.EMPTY_TUPLE, ...p.POP]).flat(),
        ...p.global('collections', 'OrderedDict'),
        ...p.binget(0),
        ...p.REDUCE,
      ],
      'pickle.misused-call',
    ],
    [
      'a dangerous function in arguments of an allowed one',
      p.call('collections', 'defaultdict', OS_SYSTEM),
      'pickle.dangerous-import',
    ],
    ['an unknown function in keywords', p.dict([p.text('f'), p.global('mine', 'f')]), 'pickle.unknown-import'],
  ])
})

describe('names that are hidden from readers of the stream', () => {
  const system = p.text('system')
  const joined = p.call('_codecs', 'encode', p.text('os'), p.text('latin1'))
  refused([
    ['a name that a call answers', [...joined, ...system, ...p.STACK_GLOBAL], 'pickle.computed-import'],
    ['a number for a name', [...p.int(1), ...system, ...p.STACK_GLOBAL], 'pickle.computed-import'],
    ['bytes for a name', [...p.bytes([111, 115]), ...system, ...p.STACK_GLOBAL], 'pickle.computed-import'],
    [
      'a slot that was never written',
      [...p.binget(9), ...system, ...p.STACK_GLOBAL, ...p.POP, ...SYSTEM],
      'pickle.dangerous-call',
    ],
    [
      'DUP, POP and a swap through the memo',
      [
        ...system,
        ...p.binput(1),
        ...p.text('os'),
        ...p.binput(2),
        ...p.DUP,
        ...p.POP,
        ...p.POP,
        ...p.POP,
        ...p.binget(2),
        ...p.binget(1),
        ...p.STACK_GLOBAL,
        ...ARGS,
        ...p.REDUCE,
      ],
      'pickle.dangerous-call',
      'os.system("true")',
    ],
    [
      'the text forms of PUT and GET',
      [...p.unicode('os'), ...p.put(300), ...p.POP, ...p.line('g300'), ...system, ...p.STACK_GLOBAL, ...ARGS, ...p.REDUCE],
      'pickle.dangerous-call',
      'os.system("true")',
    ],
    [
      'MEMOIZE over a slot that was written before',
      [
        ...p.text('json'),
        ...p.binput(1),
        ...p.POP,
        ...p.text('os'),
        ...p.MEMOIZE,
        ...p.POP,
        ...p.binget(1),
        ...system,
        ...p.STACK_GLOBAL,
      ],
      'pickle.dangerous-import',
      'os.system',
    ],
    ['blanks around a dangerous name', p.call('os ', ' system', p.text('true')), 'pickle.dangerous-call', '"os "." system"'],
    ['blanks around an allowed name', p.call('collections ', 'OrderedDict'), 'pickle.unknown-call'],
    ['a byte order mark before an allowed name', p.call('\ufeffcollections', 'OrderedDict'), 'pickle.unknown-call'],
    ['letters that look alike', p.call('cоllections', 'OrderedDict'), 'pickle.unknown-call'],
    ['an empty name', p.call('', ''), 'pickle.unknown-call'],
    ['a name that JavaScript knows', p.call('__proto__', 'constructor'), 'pickle.unknown-call'],
  ])
})

describe('numbers of the extension registry', () => {
  refused([
    ['EXT1', [...p.ext1(1), ...p.tuple(), ...p.REDUCE], 'pickle.extension-code'],
    ['EXT2', p.ext2(300), 'pickle.extension-code'],
    ['EXT4', p.ext4(70_000), 'pickle.extension-code'],
    [
      'registered and used in one pickle',
      [
        ...p.call('copyreg', 'add_extension', p.text('os'), p.text('system'), p.int(7)),
        ...p.POP,
        ...p.ext1(7),
        ...ARGS,
        ...p.REDUCE,
      ],
      'pickle.dangerous-call',
      'copyreg.add_extension("os", "system", 7)',
    ],
    ['a cache of the registry that is changed', p.global('copyreg', '_extension_cache'), 'pickle.dangerous-import'],
  ])
})

describe('names of Python 2', () => {
  refused([
    ['__builtin__', p.call('__builtin__', 'eval', p.text('1')), 'pickle.dangerous-call'],
    ['a module that was renamed', p.call('commands', 'getoutput', p.text('id')), 'pickle.dangerous-call'],
    ['a name that moved', p.call('__builtin__', 'reduce', p.NONE), 'pickle.dangerous-call'],
    ['a module of C', p.call('cPickle', 'loads', p.bytes([1])), 'pickle.dangerous-call'],
    ['urllib', p.call('urllib', 'urlopen', p.text('http://x')), 'pickle.dangerous-call'],
    ['copy_reg', p.call('copy_reg', '_reconstructor', OS_SYSTEM, p.global('builtins', 'object'), p.NONE), 'pickle.misused-call'],
  ])
})

describe('what is changed is the program, not the model', () => {
  const modules = p.global('sys', 'modules')
  refused([
    [
      'BUILD on a class',
      [...p.global('collections', 'OrderedDict'), ...p.dict([p.text('a'), p.NONE]), ...p.BUILD],
      'pickle.changed-class',
    ],
    [
      'BUILD with a slot state on a class',
      [...p.global('collections', 'OrderedDict'), ...p.tuple(p.NONE, p.dict([p.text('a'), p.NONE])), ...p.BUILD],
      'pickle.changed-class',
    ],
    ['BUILD on a function', [...p.global('numpy', 'log'), ...p.EMPTY_DICT, ...p.BUILD], 'pickle.changed-class'],
    ['SETITEM on sys.modules', [...modules, ...p.text('os'), ...p.NONE, ...p.SETITEM], 'pickle.changed-class'],
    ['SETITEMS on builtins as a dict', [...p.global('builtins', '__dict__'), ...p.MARK, ...p.SETITEMS], 'pickle.changed-class'],
    [
      'ADDITEMS on what is imported',
      [...p.global('collections', 'OrderedDict'), ...p.MARK, ...p.ADDITEMS],
      'pickle.changed-class',
    ],
    [
      'APPENDS on what is imported',
      [...p.global('sys', 'path'), ...p.MARK, ...p.text('/tmp'), ...p.APPENDS],
      'pickle.changed-class',
    ],
    [
      'SETITEM on what getattr answered',
      [...p.call('builtins', 'getattr', p.global('torch', 'Tensor'), p.text('X')), ...p.text('a'), ...p.NONE, ...p.SETITEM],
      'pickle.changed-class',
    ],
    [
      'SETITEM on what the getattr of Python 2 answered',
      [...p.call('__builtin__', 'getattr', p.global('torch', 'Tensor'), p.text('X')), ...p.text('a'), ...p.NONE, ...p.SETITEM],
      'pickle.changed-class',
    ],
    ['APPEND to a tuple', [...p.EMPTY_TUPLE, ...p.NONE, ...p.APPEND], 'pickle.anomaly'],
    ['SETITEM on a text', [...p.text('a'), ...p.NONE, ...p.NONE, ...p.SETITEM], 'pickle.anomaly'],
    ['BUILD on a dict', [...p.EMPTY_DICT, ...p.EMPTY_DICT, ...p.BUILD], 'pickle.anomaly'],
    [
      'an attribute that unpickling calls',
      [...ORDERED, ...p.dict([p.text('__setstate__'), p.global('numpy', 'log')]), ...p.BUILD],
      'pickle.special-attribute',
      'the attribute __setstate__ is set to numpy.log',
    ],
    [
      'the same with escapes',
      [...ORDERED, ...p.dict([p.unicode(String.raw`\u005f_setstate__`), p.global('numpy', 'log')]), ...p.BUILD],
      'pickle.special-attribute',
    ],
    [
      'the same in a state of slots, behind many others',
      [
        ...ORDERED,
        ...p.tuple(
          p.NONE,
          p.dict(...Array.from({ length: 50 }, (_, i): [p.Bytes, p.Bytes] => [p.text(`a${i}`), p.NONE]), [
            p.text('__class__'),
            p.global('collections', 'deque'),
          ]),
        ),
        ...p.BUILD,
      ],
      'pickle.special-attribute',
    ],
    [
      'the same by single SETITEM',
      [...p.EMPTY_DICT, ...p.text('__reduce__'), ...p.global('numpy', 'log'), ...p.SETITEM],
      'pickle.special-attribute',
    ],
    [
      'the same as pairs in a list',
      p.call('collections', 'OrderedDict', p.list(p.list(p.text('__setstate__'), p.global('numpy', 'log')))),
      'pickle.special-attribute',
    ],
  ])

  test('words that are special names to Python are words', async () => {
    const words = p.dict([p.text('__init__'), p.int(3)], [p.text('__class__'), p.int(4)], [p.text('__setstate__'), p.text('x')])
    expect((await scanBytes(p.pickle(words), 'model.pkl')).verdict).toBe('pass')
  })
})

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
