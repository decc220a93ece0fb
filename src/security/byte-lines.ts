import type { ByteSource } from './source.ts'

/** Sixteen bytes of a file, or fewer at its end. */
export interface ByteLine {
  readonly offset: number
  /** `80 04 95 …` */
  readonly hex: string
  /** Letters as they are, all else as a dot. */
  readonly text: string
}

const WIDTH = 16
/** Lines shown at each offset. */
const LINES = 3

/** The lines of bytes that begin with the ones at these offsets, each once and in order. */
export function bytesAround(source: ByteSource, offsets: readonly number[]): ByteLine[] {
  const starts = new Set(
    offsets.flatMap((offset) => Array.from({ length: LINES }, (_, line) => Math.floor(offset / WIDTH) * WIDTH + line * WIDTH)),
  )
  return [...starts]
    .filter((start) => start < source.size)
    .toSorted((a, b) => a - b)
    .map((offset) => {
      const bytes = source.read(offset, WIDTH)
      return {
        offset,
        hex: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
        text: [...bytes].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join(''),
      }
    })
}
