import type { Ledger } from '../effects/ledger.ts'
import { textOfLiteral } from '../literals.ts'
import { flagged, Kind, pack, type Value } from '../values.ts'
import type { PickleReader } from './reader.ts'

const UNDERSCORE = 0x5f
const BACKSLASH = 0x5c
const [LETTER_A, LETTER_G, LETTER_I, LETTER_X] = [0x41, 0x67, 0x49, 0x58]
/** No special attribute, and no pickle that imports something, is shorter. */
const SHORTEST_NAME = 7
/** Constants that begin as a pickle does and are looked into. */
const MOST_EMBEDDED = 1024
const isProtocol = (byte: number): boolean => byte >= 2 && byte <= 5

/** The text of so many bytes that begins here, pushed by the opcode at `offset`. */
export function countedText(ledger: Ledger, reader: PickleReader, offset: number, length: number): Value {
  let value = pack(Kind.text, offset)
  if (length >= SHORTEST_NAME) {
    const first = reader.peek(0)
    if (first === UNDERSCORE) {
      if (reader.peek(1) === UNDERSCORE) value = flagged(value)
    } else if (first === 0xc2 || first === LETTER_G) noteEmbedded(ledger, reader, offset, first)
  }
  reader.skip(length)
  return value
}

/** The bytes that begin here, pushed by the opcode at `offset`. */
export function countedBytes(ledger: Ledger, reader: PickleReader, offset: number, length: number): Value {
  if (length >= SHORTEST_NAME && reader.peek(0) === 0x80) noteEmbedded(ledger, reader, offset, 0x80)
  reader.skip(length)
  return pack(Kind.bytes, offset)
}

/** Notes bytes that begin with PROTO 2 to 5, a text that does as Latin-1, and a text that does in Base64. */
function noteEmbedded({ embedded, strict }: Ledger, reader: PickleReader, offset: number, first: number): void {
  if (embedded.length >= MOST_EMBEDDED || strict) return
  const isPickle =
    first === LETTER_G
      ? reader.peek(1) === LETTER_A && reader.peek(2) >= LETTER_I && reader.peek(2) <= LETTER_X
      : first === 0xc2
        ? reader.peek(1) === 0x80 && isProtocol(reader.peek(2))
        : isProtocol(reader.peek(1))
  if (isPickle) embedded.push(offset)
}

/** STRING and UNICODE: text up to a newline. */
export function textLine({ problems, source }: Ledger, reader: PickleReader, offset: number, code: number): Value {
  const value = pack(Kind.text, offset)
  const quoted = code === 0x53
  const first = reader.peek(quoted ? 1 : 0)
  if (!reader.skipAsciiLine() && quoted) {
    problems.add('pickle.anomaly', offset, 'STRING has characters outside of ASCII, which picklers write as escapes')
  }
  if (first !== UNDERSCORE && first !== BACKSLASH) return value
  return textOfLiteral(source, offset, 64).startsWith('__') ? flagged(value) : value
}
