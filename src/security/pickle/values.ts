/**
 * What the abstract machine knows of a value, packed in one number so that a stack of millions of values is a typed
 * array: the kind in the low four bits, a flag in the fifth, and a payload of up to 48 bits above them.
 */
export type Value = number

/** The meaning of the payload stands behind each kind. */
export const Kind = {
  /** A memo slot that was never written, or a value taken from an empty stack. */
  missing: 0,
  none: 1,
  /** 1 for True, 2 for False. */
  bool: 2,
  /** The value plus one; 0 for a negative or very large one. */
  int: 3,
  float: 4,
  /** Offset of the opcode that pushed it. */
  text: 5,
  /** Offset of the opcode that pushed it. */
  bytes: 6,
  /** Serial number in the store of containers. */
  tuple: 7,
  /** Serial number in the store of containers. */
  list: 8,
  /** Serial number in the store of containers. */
  dict: 9,
  set: 10,
  /** Index in the table of imports. */
  import: 11,
  /** What a call answered; see `packResult`. */
  result: 12,
  /** Index in the table of NumPy dtypes. */
  dtype: 13,
  /** What the loader made of a persistent id: index in the table of storages plus one; 0 when it is not a storage. */
  persistent: 14,
  /** A value that the stream does not hold: an extension code, an out-of-band buffer. */
  opaque: 15,
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

const LARGEST_PAYLOAD = 2 ** 48 - 1
const FLAG = 16

export const pack = (kind: Kind, payload = 0): Value => payload * 32 + kind
export const kindOf = (value: Value): Kind => (value & 15) as Kind
export const payloadOf = (value: Value): number => Math.floor(value / 32)

/**
 * On an import: it is allowed in certain calls alone. On a container: it holds such an import, at any depth. On a text: it may
 * be the name of a special attribute, such as `__setstate__`.
 */
export const isFlagged = (value: Value): boolean => (value & FLAG) !== 0
export const flagged = (value: Value): Value => (isFlagged(value) ? value : value + FLAG)

/** Room for the index of an import plus one. */
const IMPORT_ROOM = 2 ** 17
const SERIAL_ROOM = 2 ** 31

/**
 * What a call answered: the index of the import that was called (-1 when it was not an import), and the tuple of its arguments, for
 * as long as that is remembered.
 */
export const packResult = (importIndex: number, args: Value): Value => {
  const serial = kindOf(args) === Kind.tuple ? payloadOf(args) % SERIAL_ROOM : 0
  return pack(Kind.result, importIndex + 1 + serial * IMPORT_ROOM)
}
/** Index of the import whose call answered the value; -1 when it was not an import. */
export const importIndexOf = (result: Value): number => (payloadOf(result) % IMPORT_ROOM) - 1
/** Serial number of the arguments, modulo 2³¹; 0 when there is none. */
export const argumentSerialOf = (result: Value): number => Math.floor(payloadOf(result) / IMPORT_ROOM)

export const NONE = pack(Kind.none)
export const TRUE = pack(Kind.bool, 1)
export const FALSE = pack(Kind.bool, 2)
export const FLOAT = pack(Kind.float)
export const SOME_INT = pack(Kind.int)
export const SET = pack(Kind.set)
export const MISSING = pack(Kind.missing)
export const OPAQUE = pack(Kind.opaque)
export const PERSISTENT = pack(Kind.persistent)

/** The number that PyTorch's old format begins with, which is too large for a payload. */
export const TORCH_MAGIC = pack(Kind.int, LARGEST_PAYLOAD)

/** An integer constant; one that does not fit is known to be an integer and no more. */
export const packInt = (value: number): Value =>
  value >= 0 && value + 1 < LARGEST_PAYLOAD && Number.isInteger(value) ? pack(Kind.int, value + 1) : SOME_INT
/** The integer, or undefined when it is not known. */
export const intOf = (value: Value): number | undefined =>
  kindOf(value) === Kind.int && value !== SOME_INT && value !== TORCH_MAGIC ? payloadOf(value) - 1 : undefined
