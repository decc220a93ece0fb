import { expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { judge } from '../policy/policy.ts'
import { memorySource } from '../source.ts'
import { disassemble, type DisassembleOptions } from './disassemble.ts'

const text = (bytes: Uint8Array, options: Omit<DisassembleOptions, 'judge'>): string =>
  disassemble(memorySource(bytes), { judge, ...options })
    .map(({ lines }) =>
      lines
        .map(({ offset, opcode, argument, depth, memo, note }) =>
          [offset, opcode, argument, `[${depth}]`, memo === undefined ? '' : `→${memo}`, note && `# ${note}`]
            .filter((part) => part !== '')
            .join(' '),
        )
        .join('\n'),
    )
    .join('\n---\n')

const before = Array.from({ length: 20 }, () => [...p.int(1), ...p.POP]).flat()

test('the opcodes around a call, with what the machine knew', () => {
  const bytes = p.pickle(
    before,
    p.shortText('posix'),
    p.MEMOIZE,
    p.text('sys\n\u001btem'),
    p.POP,
    p.binget(0),
    p.text('system'),
    p.STACK_GLOBAL,
    p.tuple(p.text('true'), p.bytes([1, 2, 3]), p.line('I0x10')),
    p.REDUCE,
    before,
  )
  const at = bytes.lastIndexOf('R'.charCodeAt(0))
  expect(text(bytes, { around: [at], before: 12, after: 2 })).toBe(
    [
      '122 SHORT_BINUNICODE "posix" [1]',
      '129 MEMOIZE [1] →0',
      String.raw`130 BINUNICODE "sys\n\u001btem" [2]`,
      '143 POP [1]',
      '144 BINGET 0 [2] # "posix"',
      '146 BINUNICODE "system" [3]',
      '157 STACK_GLOBAL [2] # imports posix.system',
      '158 MARK [2]',
      '159 BINUNICODE "true" [3]',
      '168 BINBYTES 3 bytes [4]',
      '176 INT 0x10 [5] # the number "0x10" is written in a way that no pickler uses',
      '182 TUPLE [3]',
      String.raw`183 REDUCE [2] # calls posix.system("true", b"\u0001\u0002\u0003", int)`,
      '184 BININT 1 [3]',
      '189 POP [2]',
    ].join('\n'),
  )
})

test('places that are far apart are apart; pickles that follow each other are followed', () => {
  const bytes = p.raw([...p.pickle(p.NONE, p.POP, p.NONE)], [...p.pickle(before, p.global('os', 'system'))])
  expect(text(bytes, { around: [2, 0x88], before: 1, after: 1 })).toBe(
    [
      '0 PROTO 4 [0]',
      '2 NONE [1]',
      '3 POP [0]',
      '---',
      '127 POP [0]',
      '128 GLOBAL os system [1] # imports os.system',
      '139 STOP [0]',
    ].join('\n'),
  )
})

test('an offset inside of an opcode is that opcode, and one behind the end is the last', () => {
  const bytes = p.raw(p.proto(4), p.text('hello'), [0xff])
  const wanted = ['2 BINUNICODE "hello" [1]', '12 0xff [1] # no opcode: loading stops here'].join('\n')
  expect(text(bytes, { around: [5], before: 0, after: 1 })).toBe(wanted)
  expect(text(bytes, { around: [100], before: 1, after: 1 })).toBe(wanted)
})

test('arrays of joblib are stepped over, also those of objects', () => {
  const wrapper = (dtype: string) => [
    ...p.global('joblib.numpy_pickle', 'NumpyArrayWrapper'),
    ...p.EMPTY_TUPLE,
    ...p.NEWOBJ,
    ...p.dict([p.text('dtype'), p.call('numpy', 'dtype', p.text(dtype))], [p.text('shape'), p.tuple(p.int(2))]),
    ...p.BUILD,
  ]
  const numbers = Array.from({ length: 16 }, () => 0x52)
  const bytes = p.pickle(
    p.tuple([...wrapper('f8'), ...numbers], [...wrapper('O'), ...p.pickle(p.EMPTY_LIST)], p.global('os', 'system')),
  )
  const array = Buffer.from(bytes).indexOf(Buffer.from(numbers))
  expect(text(bytes, { around: [array + 7], before: 1, after: 1 })).toBe(
    [
      `${array - 1} BUILD [1]`,
      `${array} ARRAY 16 bytes [1] # numbers of an array`,
      `${array + 16} GLOBAL joblib.numpy_pickle NumpyArrayWrapper [2] # imports joblib.numpy_pickle.NumpyArrayWrapper`,
    ].join('\n'),
  )
  const at = Buffer.from(bytes).indexOf('cos\nsystem')
  expect(text(bytes, { around: [at], before: 3, after: 0 })).toBe(
    [
      `${at - 4} PROTO 4 [0]`,
      `${at - 2} EMPTY_LIST [1]`,
      `${at - 1} STOP [0]`,
      '---',
      `${at} GLOBAL os system [3] # imports os.system`,
    ].join('\n'),
  )
})
