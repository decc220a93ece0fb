/**
 * Bytes that can be read at any place: a file, a buffer, or a part of either. Reading is synchronous because the pickle
 * machine follows single bytes; whoever drives it hands the event loop its turn.
 */
export interface ByteSource {
  readonly size: number
  /** The bytes from `offset` on: `length` of them, fewer at the end. Not to be written to. */
  read(offset: number, length: number): Uint8Array
}

export function memorySource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

/** A part of another source; what lies outside of that source is not there. */
export function slice(source: ByteSource, start: number, length: number): ByteSource {
  const from = Math.min(Math.max(0, start), source.size)
  const size = Math.min(Math.max(0, length), source.size - from)
  return {
    size,
    read: (offset, wanted) => source.read(from + offset, Math.max(0, Math.min(wanted, size - offset))),
  }
}

/** The byte at an offset, or -1 past the end. */
export function byteAt(source: ByteSource, offset: number): number {
  return source.read(offset, 1)[0] ?? -1
}

/** A DataView of `length` bytes, or undefined when the source ends before. */
export function viewAt(source: ByteSource, offset: number, length: number): DataView | undefined {
  if (offset < 0 || offset + length > source.size) return undefined
  const bytes = source.read(offset, length)
  return bytes.length === length ? new DataView(bytes.buffer, bytes.byteOffset, length) : undefined
}

/** Whether the source has exactly these bytes at this place. */
export function hasBytes(source: ByteSource, offset: number, wanted: string | readonly number[]): boolean {
  const found = source.read(offset, wanted.length)
  if (found.length < wanted.length) return false
  for (let i = 0; i < wanted.length; i++) {
    if (found[i] !== (typeof wanted === 'string' ? wanted.charCodeAt(i) : wanted[i])) return false
  }
  return true
}
