import { deflateSync, inflateSync } from 'node:zlib'

/** A set of whole numbers as a bit for each number from `from` on, most significant bit of a byte first. */
export interface KeyBits {
  /** A whole number as text. */
  readonly from: string
  /** How many numbers it spans, a multiple of eight. */
  readonly span: number
  /** zlib's deflate of the bytes, in base64. */
  readonly bits: string
}

/** Beyond this, in characters, a set is not kept: comparing the files again is cheaper than carrying it around. */
const MOST_CHARACTERS = 1 << 20

/** @param bytes in base64, as DuckDB casts a BIT to a BLOB. Undefined when the set does not compress to a size worth keeping. */
export function packBits(from: bigint, span: number, bytes: string): KeyBits | undefined {
  const bits = deflateSync(Buffer.from(bytes, 'base64'), { level: 3 }).toString('base64')
  return bits.length > MOST_CHARACTERS ? undefined : { from: String(from), span, bits }
}

/** Both sets together, and how many numbers are in it; undefined when they lie too far apart or do not fit. */
export function uniteBits(a: KeyBits, b: KeyBits, mostSpan: number): { bits: KeyBits; size: number } | undefined {
  const [first, second] = BigInt(a.from) <= BigInt(b.from) ? [a, b] : [b, a]
  const shift = BigInt(second.from) - BigInt(first.from)
  // Shifting by whole bytes is copying; ranges start at multiples of eight.
  if (shift % 8n !== 0n || shift > BigInt(mostSpan)) return undefined
  const span = Math.max(first.span, Number(shift) + second.span)
  if (span > mostSpan) return undefined
  const bytes = Buffer.alloc(span / 8)
  inflateSync(Buffer.from(first.bits, 'base64')).copy(bytes)
  const more = inflateSync(Buffer.from(second.bits, 'base64'))
  const offset = Number(shift) / 8
  let size = 0
  for (let i = 0; i < more.length; i++) bytes[offset + i]! |= more[i]!
  for (const byte of bytes) size += ONES[byte]!
  const bits = packBits(BigInt(first.from), span, bytes.toString('base64'))
  return bits && { bits, size }
}

/** How many bits of a byte are set. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)
