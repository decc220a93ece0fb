import { hasBytes, type ByteSource } from '../../source.ts'
import type { Ledger } from '../effects/ledger.ts'
import { textOfLiteral } from '../literals.ts'
import { FALSE, packInt, SOME_INT, TORCH_MAGIC, TRUE, type Value } from '../values.ts'
import type { PickleReader } from './reader.ts'

/** The number that PyTorch's format before 1.6 begins with, as LONG1 and as LONG. Source: PyTorch `serialization.py`. */
const MAGIC_BYTES = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
const MAGIC_TEXT = '119547037146038801333356L'

/** A little-endian two's complement integer of so many bytes. */
export function longInteger(reader: PickleReader, length: number): Value {
  const start = reader.offset
  reader.skip(length)
  if (length === 0) return packInt(0)
  if (length < 0 || length > 8) return isMagic(reader.source, start, length) ? TORCH_MAGIC : SOME_INT
  const bytes = reader.source.read(start, length)
  let value = 0
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + bytes[i]!
  return bytes[length - 1]! >= 0x80 ? SOME_INT : packInt(value)
}

const isMagic = (source: ByteSource, start: number, length: number): boolean =>
  length === MAGIC_BYTES.length && hasBytes(source, start, MAGIC_BYTES)

/** Steps over the line of FLOAT. */
export function skipFloat(ledger: Ledger, reader: PickleReader, offset: number): void {
  if (!reader.skipAsciiLine()) reportOdd(ledger, offset, numberText(ledger, offset))
}

/** The integer on the line of the INT or LONG at `offset`. */
export function textInteger(ledger: Ledger, offset: number): Value {
  const text = numberText(ledger, offset)
  if (text === MAGIC_TEXT) return TORCH_MAGIC
  if (text === '00') return FALSE
  if (text === '01') return TRUE
  if (/^\d{1,15}L?$/.test(text)) return packInt(Number.parseInt(text, 10))
  if (!/^-?\d+L?$/.test(text)) reportOdd(ledger, offset, text)
  return SOME_INT
}

/** Memo slot of the PUT or GET at `offset`: what Python's `int` makes of the line; -1 for what it refuses. */
export function slotNumber(ledger: Ledger, offset: number): number {
  const text = numberText(ledger, offset)
  if (/^\d+$/.test(text)) return Number(text)
  reportOdd(ledger, offset, text)
  return /^\+?\d+(_\d+)*$/.test(text) ? Number(text.replaceAll('_', '')) : -1
}

/** The line after the opcode at `offset` as C code sees it: up to a NUL. */
const numberText = (ledger: Ledger, offset: number): string => textOfLiteral(ledger.source, offset, 64).split('\0', 1)[0]!.trim()

function reportOdd(ledger: Ledger, offset: number, text: string): void {
  const shown = JSON.stringify(text.slice(0, 20))
  ledger.problems.add('pickle.anomaly', offset, `the number ${shown} is written in a way that no pickler uses`)
}
