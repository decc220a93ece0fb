import { hasBytes, viewAt, type ByteSource } from '../../source.ts'
import { damaged, BrokenStream, type Decoder } from '../decoder.ts'

/** How far back a block may refer. */
const WINDOW = 1 << 16
const LARGEST_BLOCK: Readonly<Record<number, number>> = { 4: 1 << 16, 5: 1 << 18, 6: 1 << 20, 7: 1 << 22 }
const HAS_DICTIONARY = 1
const HAS_CHECKSUM = 4
const HAS_SIZE = 8
const HAS_BLOCK_CHECKSUMS = 16

export const isLz4 = (source: ByteSource, at = 0): boolean => hasBytes(source, at, [0x04, 0x22, 0x4d, 0x18])

/**
 * All LZ4 frames of a file, skippable ones left out. Checksums are not compared: what is read is examined, whatever they say.
 * Source: LZ4 Frame Format 1.6.
 */
export const lz4: Decoder = async function* (source) {
  let at = 0
  for (;;) {
    if (isLz4(source, at)) at = yield* frame(source, at)
    else if (isSkippable(source, at)) at = behindSkippable(source, at)
    else return Math.min(at, source.size)
  }
}

export const behindSkippable = (source: ByteSource, at: number): number =>
  at + 8 + (viewAt(source, at + 4, 4)?.getUint32(0, true) ?? 0)

const MOST_SKIPPABLE = 1000

/** Where the first frame that is not skipped stands. */
export function firstFrame(source: ByteSource): number {
  let at = 0
  for (let frames = 0; frames < MOST_SKIPPABLE && isSkippable(source, at); frames++) at = behindSkippable(source, at)
  return at
}

/** A frame that holds no content, of LZ4 and Zstandard alike. */
export function isSkippable(source: ByteSource, at: number): boolean {
  const magic = viewAt(source, at, 8)?.getUint32(0, true)
  return magic !== undefined && magic >= 0x184d2a50 && magic <= 0x184d2a5f
}

async function* frame(source: ByteSource, start: number): AsyncGenerator<Uint8Array, number, void> {
  const header = viewAt(source, start + 4, 3)
  if (!header) throw damaged('it ends in its header', start)
  const flags = header.getUint8(0)
  const largest = LARGEST_BLOCK[(header.getUint8(1) >> 4) & 7]
  if (flags >> 6 !== 1 || largest === undefined) throw damaged('its header is of no known version', start)
  if ((flags & HAS_DICTIONARY) !== 0) throw new BrokenStream('unopened', 'it needs a dictionary', start)
  let at = start + 7 + ((flags & HAS_SIZE) === 0 ? 0 : 8)
  let history: Uint8Array = new Uint8Array(0)
  for (;;) {
    const field = viewAt(source, at, 4)?.getUint32(0, true)
    if (field === undefined) throw damaged('it ends before its last block', at)
    at += 4
    if (field === 0) break
    const size = field % 2 ** 31
    const block = source.read(at, size)
    if (size > largest + 64 || block.length < size) throw damaged('a block is longer than the file', at)
    const content = field >= 2 ** 31 ? Uint8Array.from(block) : decodeBlock(block, history, largest, at)
    history = joinTail(history, content)
    yield content
    at += size + ((flags & HAS_BLOCK_CHECKSUMS) === 0 ? 0 : 4)
  }
  return at + ((flags & HAS_CHECKSUM) === 0 ? 0 : 4)
}

function joinTail(history: Uint8Array, content: Uint8Array): Uint8Array {
  if (content.length >= WINDOW) return content.subarray(content.length - WINDOW)
  return Buffer.concat([history.subarray(Math.max(0, history.length + content.length - WINDOW)), content])
}

/** Source: LZ4 Block Format. What was decoded before an error is lost with it only within one block. */
function decodeBlock(block: Uint8Array, history: Uint8Array, largest: number, offset: number): Uint8Array {
  const out = new Uint8Array(history.length + largest)
  out.set(history)
  let to = history.length
  let at = 0
  const length = (short: number): number => {
    let total = short
    if (short === 15) {
      for (;;) {
        const more = block[at++]
        if (more === undefined) throw damaged('a block breaks off', offset)
        total += more
        if (more < 255) break
      }
    }
    return total
  }
  while (at < block.length) {
    const token = block[at++]!
    const literals = length(token >> 4)
    if (at + literals > block.length || to + literals > out.length) throw damaged('a block breaks off', offset)
    out.set(block.subarray(at, at + literals), to)
    at += literals
    to += literals
    if (at >= block.length) break
    const back = (block[at] ?? 0) + (block[at + 1] ?? 0) * 256
    at += 2
    const copied = length(token & 15) + 4
    if (back === 0 || back > to || to + copied > out.length) throw damaged('a block breaks off', offset)
    if (back >= copied) out.copyWithin(to, to - back, to - back + copied)
    else for (let i = 0; i < copied; i++) out[to + i] = out[to + i - back]!
    to += copied
  }
  return out.slice(history.length, to)
}
