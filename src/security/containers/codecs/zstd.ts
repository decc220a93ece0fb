import { hasBytes, viewAt, type ByteSource } from '../../source.ts'
import { BrokenStream, damaged, type Decoder } from '../decoder.ts'
import { behindSkippable, isSkippable } from './lz4.ts'

/** The library keeps a whole window in memory. `zstd` itself asks for permission beyond 128 MiB, and writes 8 MiB by default. */
const LARGEST_WINDOW = 64 * 2 ** 20

export const isZstd = (source: ByteSource, at = 0): boolean => hasBytes(source, at, [0x28, 0xb5, 0x2f, 0xfd])

/** All Zstandard frames of a file, skippable ones left out. Source: RFC 8878. */
export const zstd: Decoder = async function* (source) {
  const { Decompress } = await import('fzstd')
  let at = 0
  for (;;) {
    if (isSkippable(source, at)) {
      at = behindSkippable(source, at)
      continue
    }
    if (!isZstd(source, at)) return Math.min(at, source.size)
    const { start, hasChecksum } = readHeader(source, at)
    const ready: Uint8Array[] = []
    const frame = new Decompress((chunk) => ready.push(chunk.slice()))
    try {
      frame.push(Uint8Array.from(source.read(at, start - at)))
    } catch {
      throw damaged('its header is damaged', at)
    }
    at = start
    for (let last = false; !last;) {
      const head = viewAt(source, at, 3)
      if (!head) throw damaged('it ends before its last block', at)
      const field = head.getUint16(0, true) + head.getUint8(2) * 65_536
      last = (field & 1) === 1
      const isRun = ((field >> 1) & 3) === 1
      const length = 3 + (isRun ? 1 : field >> 3)
      const block = source.read(at, length)
      if (length > LARGEST_BLOCK || block.length < length) throw damaged('a block is longer than the file', at)
      try {
        frame.push(Uint8Array.from(block))
      } catch {
        throw damaged('a block is damaged', at)
      }
      at += length
      yield* ready.splice(0)
    }
    if (hasChecksum) at += 4
  }
}

const LARGEST_BLOCK = 3 + (1 << 17)

/** Where the blocks of a frame begin. */
function readHeader(source: ByteSource, at: number): { start: number; hasChecksum: boolean } {
  const descriptor = viewAt(source, at + 4, 1)?.getUint8(0)
  if (descriptor === undefined) throw damaged('it ends in its header', at)
  const isSingle = (descriptor & 0x20) !== 0
  const dictionary = [0, 1, 2, 4][descriptor & 3]!
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!
  const start = at + 5 + (isSingle ? 0 : 1) + dictionary + sizeBytes
  const header = viewAt(source, at, start - at)
  if (!header) throw damaged('it ends in its header', at)
  const dictionaryId = [...source.read(at + 5 + (isSingle ? 0 : 1), dictionary)].some((byte) => byte !== 0)
  if (dictionaryId) throw new BrokenStream('unopened', 'it needs a dictionary', at)
  const window = isSingle ? contentSize(header, start - at - sizeBytes, sizeBytes) : windowSize(header.getUint8(5))
  if (window > LARGEST_WINDOW) throw new BrokenStream('limit', `it asks for ${window} bytes of memory`, at)
  return { start, hasChecksum: (descriptor & 4) !== 0 }
}

const windowSize = (byte: number): number => 2 ** (10 + (byte >> 3)) * (1 + (byte & 7) / 8)

function contentSize(header: DataView, at: number, bytes: number): number {
  if (bytes === 1) return header.getUint8(at)
  if (bytes === 2) return header.getUint16(at, true) + 256
  return bytes === 4 ? header.getUint32(at, true) : Number(header.getBigUint64(at, true))
}
