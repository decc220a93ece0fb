import { readSync } from 'node:fs'
import type { ByteSource } from './source.ts'

export const BLOCK = 1 << 20
/** What is read for a few bytes somewhere: the headers of an archive's members lie far from each other. */
export const GRAIN = 1 << 11
const KEPT_GRAINS = 256
/** So many grains one behind the other are taken for reading in order. */
const IN_ORDER = 4

/** An open file, read in blocks when it is read in order, and in grains when it is not. */
export class Blocks implements ByteSource {
  readonly size: number
  /** Blocks kept for reading again: the ends of a zip, the strings that a finding quotes. */
  readonly blocks = new Map<number, Uint8Array>()
  readonly grains = new Map<number, Uint8Array>()
  /** Whether the file ended before its size. */
  short = false
  readonly #descriptor: number
  readonly #mostBlocks: number
  readonly #onBlock: (index: number, bytes: Uint8Array) => void
  #lastBlock = -1
  #lastGrain = -2
  /** Grains that were read one behind the other. */
  #grainsInOrder = 0

  /** @param onBlock told of every block that is read from the file */
  constructor(
    descriptor: number,
    size: number,
    mostBlocks: number,
    onBlock: (index: number, bytes: Uint8Array) => void = () => {},
  ) {
    this.#descriptor = descriptor
    this.size = size
    this.#mostBlocks = mostBlocks
    this.#onBlock = onBlock
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.size)
    if (offset < 0 || end <= offset) return new Uint8Array(0)
    const piece = this.#pieceAt(offset, end - offset)
    if (end <= piece.start + piece.bytes.length) return piece.bytes.subarray(offset - piece.start, end - piece.start)
    const joined = new Uint8Array(end - offset)
    for (let at = offset; at < end;) {
      const { start, bytes } = this.#pieceAt(at, end - at)
      const part = bytes.subarray(at - start, end - start)
      if (part.length === 0) return joined.subarray(0, at - offset)
      joined.set(part, at - offset)
      at += part.length
    }
    return joined
  }

  #pieceAt(offset: number, length: number): { start: number; bytes: Uint8Array } {
    const index = Math.floor(offset / BLOCK)
    const known = this.blocks.get(index)
    if (known) return { start: index * BLOCK, bytes: known }
    const grain = Math.floor(offset / GRAIN)
    if (grain !== this.#lastGrain) this.#grainsInOrder = grain === this.#lastGrain + 1 ? this.#grainsInOrder + 1 : 0
    if (length <= GRAIN && index !== this.#lastBlock + 1 && this.#grainsInOrder < IN_ORDER) {
      this.#lastGrain = grain
      return { start: grain * GRAIN, bytes: this.#load(this.grains, grain, GRAIN, KEPT_GRAINS) }
    }
    this.#lastBlock = index
    const bytes = this.#load(this.blocks, index, BLOCK, this.#mostBlocks)
    this.#onBlock(index, bytes)
    return { start: index * BLOCK, bytes }
  }

  #load(kept: Map<number, Uint8Array>, index: number, size: number, most: number): Uint8Array {
    const known = kept.get(index)
    if (known) return known
    const wanted = Math.min(size, this.size - index * size)
    const bytes = readFully(this.#descriptor, index * size, wanted)
    if (bytes.length < wanted) this.short = true
    kept.set(index, bytes)
    if (kept.size > most) kept.delete(kept.keys().next().value!)
    return bytes
  }
}

function readFully(descriptor: number, position: number, length: number): Uint8Array {
  // Grains come out of Node's pool, which makes them cheap; a block would only waste the rest of one.
  const bytes = length <= GRAIN ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(descriptor, bytes, filled, length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}
