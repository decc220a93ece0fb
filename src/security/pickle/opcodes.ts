/**
 * How an opcode's argument is laid out after the opcode byte. The names follow CPython's `Lib/pickletools.py`.
 *
 * - `u8`, `u16`, `u32`, `i32`, `f64`, `u64`: a fixed number of bytes.
 * - `line`, `two-lines`: text up to a newline.
 * - `counted-1`, `counted-4`, `counted-8`: a little-endian length, then that many bytes.
 */
export type ArgumentLayout =
  | 'none'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'i32'
  | 'u64'
  | 'f64'
  | 'line'
  | 'two-lines'
  | 'counted-1'
  | 'counted-4'
  | 'counted-8'

export interface Opcode {
  readonly name: string
  readonly code: number
  readonly argument: ArgumentLayout
  /** The first pickle protocol that has it. */
  readonly protocol: number
}

const op = (code: number | string, name: string, argument: ArgumentLayout, protocol: number): Opcode => ({
  code: typeof code === 'string' ? code.charCodeAt(0) : code,
  name,
  argument,
  protocol,
})

/** All 68 opcodes of protocols 0 to 5. Source: CPython `Lib/pickle.py` and `Lib/pickletools.py`. */
export const OPCODES: readonly Opcode[] = [
  op('(', 'MARK', 'none', 0),
  op('.', 'STOP', 'none', 0),
  op('0', 'POP', 'none', 0),
  op('1', 'POP_MARK', 'none', 1),
  op('2', 'DUP', 'none', 0),
  op('F', 'FLOAT', 'line', 0),
  op('I', 'INT', 'line', 0),
  op('J', 'BININT', 'i32', 1),
  op('K', 'BININT1', 'u8', 1),
  op('L', 'LONG', 'line', 0),
  op('M', 'BININT2', 'u16', 1),
  op('N', 'NONE', 'none', 0),
  op('P', 'PERSID', 'line', 0),
  op('Q', 'BINPERSID', 'none', 1),
  op('R', 'REDUCE', 'none', 0),
  op('S', 'STRING', 'line', 0),
  op('T', 'BINSTRING', 'counted-4', 1),
  op('U', 'SHORT_BINSTRING', 'counted-1', 1),
  op('V', 'UNICODE', 'line', 0),
  op('X', 'BINUNICODE', 'counted-4', 1),
  op('a', 'APPEND', 'none', 0),
  op('b', 'BUILD', 'none', 0),
  op('c', 'GLOBAL', 'two-lines', 0),
  op('d', 'DICT', 'none', 0),
  op('}', 'EMPTY_DICT', 'none', 1),
  op('e', 'APPENDS', 'none', 1),
  op('g', 'GET', 'line', 0),
  op('h', 'BINGET', 'u8', 1),
  op('i', 'INST', 'two-lines', 0),
  op('j', 'LONG_BINGET', 'u32', 1),
  op('l', 'LIST', 'none', 0),
  op(']', 'EMPTY_LIST', 'none', 1),
  op('o', 'OBJ', 'none', 1),
  op('p', 'PUT', 'line', 0),
  op('q', 'BINPUT', 'u8', 1),
  op('r', 'LONG_BINPUT', 'u32', 1),
  op('s', 'SETITEM', 'none', 0),
  op('t', 'TUPLE', 'none', 0),
  op(')', 'EMPTY_TUPLE', 'none', 1),
  op('u', 'SETITEMS', 'none', 1),
  op('G', 'BINFLOAT', 'f64', 1),
  op(0x80, 'PROTO', 'u8', 2),
  op(0x81, 'NEWOBJ', 'none', 2),
  op(0x82, 'EXT1', 'u8', 2),
  op(0x83, 'EXT2', 'u16', 2),
  op(0x84, 'EXT4', 'i32', 2),
  op(0x85, 'TUPLE1', 'none', 2),
  op(0x86, 'TUPLE2', 'none', 2),
  op(0x87, 'TUPLE3', 'none', 2),
  op(0x88, 'NEWTRUE', 'none', 2),
  op(0x89, 'NEWFALSE', 'none', 2),
  op(0x8a, 'LONG1', 'counted-1', 2),
  op(0x8b, 'LONG4', 'counted-4', 2),
  op('B', 'BINBYTES', 'counted-4', 3),
  op('C', 'SHORT_BINBYTES', 'counted-1', 3),
  op(0x8c, 'SHORT_BINUNICODE', 'counted-1', 4),
  op(0x8d, 'BINUNICODE8', 'counted-8', 4),
  op(0x8e, 'BINBYTES8', 'counted-8', 4),
  op(0x8f, 'EMPTY_SET', 'none', 4),
  op(0x90, 'ADDITEMS', 'none', 4),
  op(0x91, 'FROZENSET', 'none', 4),
  op(0x92, 'NEWOBJ_EX', 'none', 4),
  op(0x93, 'STACK_GLOBAL', 'none', 4),
  op(0x94, 'MEMOIZE', 'none', 4),
  op(0x95, 'FRAME', 'u64', 4),
  op(0x96, 'BYTEARRAY8', 'counted-8', 5),
  op(0x97, 'NEXT_BUFFER', 'none', 5),
  op(0x98, 'READONLY_BUFFER', 'none', 5),
]

const BY_CODE: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  OPCODES.find((opcode) => opcode.code === code),
)

/** The opcode of a byte, or undefined when no protocol has one. */
export const opcodeOf = (byte: number): Opcode | undefined => BY_CODE[byte]

/** The name of an opcode, for messages. */
export const opcodeName = (byte: number): string => BY_CODE[byte]?.name ?? `0x${byte.toString(16).padStart(2, '0')}`

const FIXED_LENGTH: Readonly<Partial<Record<ArgumentLayout, number>>> = { none: 0, u8: 1, u16: 2, u32: 4, i32: 4, u64: 8, f64: 8 }

/** Bytes of the argument of an opcode with a layout of fixed length; undefined for a line or a counted string. */
export const fixedLength = (layout: ArgumentLayout): number | undefined => FIXED_LENGTH[layout]
