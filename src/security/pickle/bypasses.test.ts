import { describe, expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { refused } from '../../../test/fixtures/refused-pickles.ts'
import { scanBytes } from '../scan.ts'

// Ways past scanners that have been published, or that follow from what loaders accept: one table for each kind.

const SYSTEM = p.call('os', 'system', p.text('true'))
const OS_SYSTEM = p.global('os', 'system')
const ARGS = p.tuple(p.text('true'))
const ORDERED = p.call('collections', 'OrderedDict')

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
