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

/** Undefined when the set does not compress to a size worth keeping. */
export function packBits(from: bigint, span: number, bytes: Buffer): KeyBits | undefined {
  const bits = deflateSync(bytes, { level: 3 }).toString('base64')
  return bits.length > MOST_CHARACTERS ? undefined : { from: String(from), span, bits }
}

/** All sets together, and how many numbers are in it; undefined when they lie too far apart, or beside whole bytes. */
export function uniteBits(sets: readonly KeyBits[], mostSpan: number): { bits: KeyBits | undefined; size: number } | undefined {
  const from = sets.map((set) => BigInt(set.from)).reduce((a, b) => (a < b ? a : b))
  const shifts = sets.map((set) => BigInt(set.from) - from)
  // Shifting by whole bytes is copying; ranges start at multiples of eight.
  if (shifts.some((shift) => shift % 8n !== 0n || shift > BigInt(mostSpan))) return undefined
  const span = Math.max(...sets.map((set, i) => Number(shifts[i]!) + set.span))
  if (span > mostSpan) return undefined
  const bytes = Buffer.alloc(span / 8)
  for (const [i, set] of sets.entries()) {
    const offset = Number(shifts[i]!) / 8
    const more = inflateSync(Buffer.from(set.bits, 'base64'))
    for (let at = 0; at < more.length; at++) bytes[offset + at]! |= more[at]!
  }
  let size = 0
  for (const byte of bytes) size += ONES[byte]!
  return { bits: packBits(from, span, bytes), size }
}

/** How many bits of a byte are set. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)
