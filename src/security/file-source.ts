import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs'
import type { Digest } from '../core/digest.ts'
import type { ByteSource } from './source.ts'

const BLOCK = 1 << 20
/** Blocks kept for reading again: the ends of a zip, the strings that a finding quotes. */
const KEPT_BLOCKS = 16

/** An open file, read in blocks. What is read in order is hashed on the way, so that most files are read once. */
export interface FileSource extends ByteSource {
  /** The SHA-256 of the whole file; reads what has not been read in order yet. */
  digest(): Digest
  /** Whether the file is still what it was when it was opened: same size, same times, no short read. */
  unchanged(): boolean
  close(): void
}

/** Opens a file once; everything is read through this one descriptor. */
export function openFileSource(path: string): FileSource {
  const descriptor = openSync(path, 'r')
  const opened = fstatSync(descriptor, { bigint: true })
  const size = Number(opened.size)
  const hash = createHash('sha256')
  const kept = new Map<number, Uint8Array>()
  let hashed = 0
  let short = false

  const block = (index: number): Uint8Array => {
    const known = kept.get(index)
    if (known) return known
    const bytes = readFully(descriptor, index * BLOCK, Math.min(BLOCK, size - index * BLOCK))
    if (bytes.length < Math.min(BLOCK, size - index * BLOCK)) short = true
    if (index === hashed) {
      hash.update(bytes)
      hashed++
    }
    kept.set(index, bytes)
    if (kept.size > KEPT_BLOCKS) kept.delete(kept.keys().next().value!)
    return bytes
  }

  return {
    size,
    read(offset, length) {
      const end = Math.min(offset + length, size)
      if (offset < 0 || end <= offset) return new Uint8Array(0)
      const first = Math.floor(offset / BLOCK)
      const start = offset - first * BLOCK
      if (end <= (first + 1) * BLOCK) return block(first).subarray(start, start + end - offset)
      const joined = new Uint8Array(end - offset)
      for (let at = offset; at < end;) {
        const index = Math.floor(at / BLOCK)
        const part = block(index).subarray(at - index * BLOCK, end - index * BLOCK)
        if (part.length === 0) return joined.subarray(0, at - offset)
        joined.set(part, at - offset)
        at += part.length
      }
      return joined
    },
    digest() {
      for (let index = hashed; index * BLOCK < size; index++) {
        kept.delete(index)
        block(index)
      }
      return `sha256:${hash.copy().digest('hex')}`
    },
    unchanged: () => !short && sameFile(opened, fstatSync(descriptor, { bigint: true })),
    close: () => closeSync(descriptor),
  }
}

function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
}

function readFully(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(descriptor, bytes, filled, length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}
