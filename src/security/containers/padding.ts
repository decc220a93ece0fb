import type { ByteSource } from '../source.ts'

/** Zeros hide nothing. Padding beyond this is not looked at, and counts as content. */
const LONGEST = 4 * 2 ** 20
const PIECE = 1 << 16

/** Whether it is padding: zeros alone. */
export function isZeros(source: ByteSource): boolean {
  if (source.size > LONGEST) return false
  for (let at = 0; at < source.size; at += PIECE) {
    if (source.read(at, PIECE).some((byte) => byte !== 0)) return false
  }
  return true
}
