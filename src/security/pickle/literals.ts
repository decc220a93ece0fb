import { byteAt, viewAt, type ByteSource } from '../source.ts'
import { fixedLength, opcodeOf } from './opcodes.ts'

/** Where the content of a string or bytes literal lies. */
export interface Extent {
  readonly offset: number
  readonly length: number
}

/** Names of modules and functions are shorter; what is longer is cut, and then matches no name on any list. */
const LONGEST_TEXT = 4096

/** The content of the string or bytes literal whose opcode stands at `offset`, or undefined when there is none. */
export function extentOfLiteral(source: ByteSource, offset: number): Extent | undefined {
  const layout = opcodeOf(byteAt(source, offset))?.argument
  switch (layout) {
    case 'counted-1': {
      const length = byteAt(source, offset + 1)
      return length < 0 ? undefined : { offset: offset + 2, length }
    }
    case 'counted-4': {
      const length = viewAt(source, offset + 1, 4)?.getUint32(0, true)
      return length === undefined ? undefined : { offset: offset + 5, length }
    }
    case 'counted-8': {
      const length = viewAt(source, offset + 1, 8)?.getBigUint64(0, true)
      return length === undefined ? undefined : { offset: offset + 9, length: Number(length) }
    }
    case 'line': {
      const newline = source.read(offset + 1, LONGEST_TEXT).indexOf(10)
      return { offset: offset + 1, length: newline < 0 ? LONGEST_TEXT : newline }
    }
    default:
      return undefined
  }
}

/** Bytes of the opcode at `offset` with its argument, at most those that are there; 1 where there is no opcode. */
export function lengthOfOpcode(source: ByteSource, offset: number): number {
  const layout = opcodeOf(byteAt(source, offset))?.argument ?? 'none'
  const fixed = fixedLength(layout)
  if (fixed !== undefined) return Math.min(1 + fixed, Math.max(1, source.size - offset))
  const first = extentOfLiteral(source, offset)
  if (layout === 'two-lines')
    return 1 + lineLength(source, offset + 1) + lineLength(source, offset + 1 + lineLength(source, offset + 1))
  const end = first ? first.offset + first.length + (layout === 'line' ? 1 : 0) : source.size
  return Math.min(end, source.size) - offset
}

/** Bytes of a line with its newline. */
function lineLength(source: ByteSource, offset: number): number {
  const newline = source.read(offset, LONGEST_TEXT).indexOf(10)
  return newline < 0 ? Math.max(0, Math.min(LONGEST_TEXT, source.size - offset)) : newline + 1
}

/** The string whose opcode stands at `offset`, as the loader decodes it, at most `limit` bytes of it. */
export function textOfLiteral(source: ByteSource, offset: number, limit = LONGEST_TEXT): string {
  const short = shortText(source, offset, limit)
  if (short !== undefined) return short
  const extent = extentOfLiteral(source, offset)
  if (!extent) return ''
  const bytes = source.read(extent.offset, Math.min(extent.length, limit))
  const code = byteAt(source, offset)
  if (code === 0x56) return unescapeUnicode(latin1(bytes))
  if (code === 0x53) return unescapeString(latin1(bytes))
  return utf8(bytes)
}

const SHORT = 48

/** A short text of BINUNICODE or SHORT_BINUNICODE, which is what most are, read at once; undefined for any other. */
function shortText(source: ByteSource, offset: number, limit: number): string | undefined {
  const bytes = source.read(offset, 5 + SHORT)
  const isShort = bytes[0] === 0x8c
  if (!isShort && (bytes[0] !== 0x58 || bytes[2] !== 0 || bytes[3] !== 0 || bytes[4] !== 0)) return undefined
  const length = bytes[1]!
  const from = isShort ? 2 : 5
  if (length > limit || from + length > bytes.length) return undefined
  return utf8(bytes.subarray(from, from + length))
}

/** A byte order mark is part of a name. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
export const utf8 = (bytes: Uint8Array): string => decoder.decode(bytes)
export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

/** Python's `raw-unicode-escape`: `\uXXXX` and `\UXXXXXXXX` alone are escapes. */
function unescapeUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_all, short?: string, long?: string) =>
    fromCodePoint(Number.parseInt(short ?? long ?? '0', 16)),
  )
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '' }

/** The argument of STRING: quotes around it removed, then the escapes of a Python 2 string literal. */
function unescapeString(line: string): string {
  const trimmed = line.trim()
  const quoted = /^(['"])(.*)\1$/s.exec(trimmed)?.[2] ?? trimmed
  return quoted.replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g, (_all, hex?: string, octal?: string, one?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    return ESCAPES[one ?? ''] ?? one ?? ''
  })
}

const fromCodePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '�')
