/**
 * What the abstract machine knows of a value, packed in one number so that a stack of millions of values is a typed
 * array: the kind in the low four bits, and a payload of up to 49 bits above it.
 */
export type Value = number

/** The meaning of the payload stands behind each kind. */
export const Kind = {
  /** A memo slot that was never written, or a value taken from an empty stack. */
  missing: 0,
  none: 1,
  bool: 2,
  /** The value plus one; 0 for a negative or very large one. */
  int: 3,
  float: 4,
  /** Offset of the opcode that pushed it. */
  text: 5,
  /** Offset of the opcode that pushed it. */
  bytes: 6,
  /** Serial number in the tuple store. */
  tuple: 7,
  list: 8,
  /** Serial number in the dict store. */
  dict: 9,
  set: 10,
  /** Index in the table of imports. */
  import: 11,
  /** What a call answered. Index of the import that was called, plus one; 0 when it was not an import. */
  result: 12,
  /** Index in the table of NumPy dtypes. */
  dtype: 13,
  /** What the loader made of a persistent id. */
  persistent: 14,
  /** A value that the stream does not hold: an extension code, an out-of-band buffer. */
  opaque: 15,
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

const LARGEST_PAYLOAD = 2 ** 49 - 1

export const pack = (kind: Kind, payload = 0): Value => payload * 16 + kind
export const kindOf = (value: Value): Kind => (value & 15) as Kind
export const payloadOf = (value: Value): number => Math.floor(value / 16)

export const NONE = pack(Kind.none)
export const BOOL = pack(Kind.bool)
export const FLOAT = pack(Kind.float)
export const SOME_INT = pack(Kind.int)
export const LIST = pack(Kind.list)
export const SET = pack(Kind.set)
export const MISSING = pack(Kind.missing)
export const OPAQUE = pack(Kind.opaque)
export const PERSISTENT = pack(Kind.persistent)

/** An integer constant; one that does not fit is known to be an integer and no more. */
export const packInt = (value: number): Value =>
  value >= 0 && value < LARGEST_PAYLOAD && Number.isInteger(value) ? pack(Kind.int, value + 1) : SOME_INT
/** The integer, or undefined when it is not known. */
export const intOf = (value: Value): number | undefined =>
  kindOf(value) === Kind.int && value !== SOME_INT ? payloadOf(value) - 1 : undefined
