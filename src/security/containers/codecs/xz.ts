import { ReadableStream } from 'node:stream/web'
import { crc32 } from 'node:zlib'
import { byteAt, hasBytes, viewAt, type ByteSource } from '../../source.ts'
import { damaged, type Decoder } from '../decoder.ts'
import { decodeWith7Zip } from '../seven-zip/program.ts'
import { closerEachTime, pieceAt, type Pace, type Progress } from './again.ts'

export const isXz = (source: ByteSource, at = 0): boolean => hasBytes(source, at, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])

/**
 * All xz streams of a file, as xz readers join them. The library gives at most 64 MiB for the dictionary, what `xz -9` writes, and
 * refuses what asks for more.
 */
export const xz: Decoder = async function* (source) {
  if (!isPlain(source)) return yield* by7Zip(source)
  try {
    return yield* closerEachTime((progress, pace) => xzOnce(source, progress, pace))
  } catch (error) {
    // The library does not say whether it was a stream that broke, or what follows the last one.
    const end = endOfStreams(source)
    if (end !== undefined && end < source.size && !isXz(source, end)) return end
    throw error
  }
}

const by7Zip = decodeWith7Zip('xz')

/** No checksum, CRC-32 or CRC-64, and no filter beside LZMA2: all that the library reads. Source: The .xz File Format 2.1.1, 3.1. */
function isPlain(source: ByteSource): boolean {
  const blockFlags = byteAt(source, 13)
  return [0, 1, 4].includes(byteAt(source, 7)) && (blockFlags & 3) === 0
}

type XzReadableStream = new (input: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>
/** Answers without content, one after the other, after which the stream does not go on. */
const MOST_EMPTY = 1000

async function* xzOnce(source: ByteSource, progress: Progress, pace: Pace): AsyncGenerator<Uint8Array, number, void> {
  const { XzReadableStream } = (await import('xz-decompress')).default as unknown as { XzReadableStream: XzReadableStream }
  let at = 0
  const pull = (controller: { enqueue(piece: Uint8Array): void; close(): void }) => {
    // The piece before was taken in when the next one is asked for.
    progress.taken = Math.max(progress.taken, at)
    const piece = Uint8Array.from(source.read(at, pieceAt(at, pace)))
    at += piece.length
    if (piece.length > 0) controller.enqueue(piece)
    else controller.close()
  }
  const reader = new XzReadableStream(new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 })).getReader()
  let empty = 0
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        isOver = true
        throw error
      })
      isOver ||= done
      if (done) return source.size
      empty = value.length > 0 || at < source.size ? 0 : empty + 1
      if (empty > MOST_EMPTY) throw damaged('it does not go on', at)
      if (value.length > 0) yield value
    }
  } finally {
    // The library lets one stream at a time in, and the next one only when this one has ended.
    if (!isOver) await reader.cancel().catch(() => {})
  }
}

/** Behind the last footer that is whole: checksum, index size, flags, `YZ`. Source: The .xz File Format 2.1.2. */
function endOfStreams(source: ByteSource): number | undefined {
  const WINDOW = 1 << 20
  for (let end = source.size; end >= 12; end -= WINDOW) {
    const start = Math.max(0, end - WINDOW - 12)
    const bytes = Buffer.from(source.read(start, end - start))
    for (let at = bytes.lastIndexOf('YZ'); at >= 10; at = bytes.lastIndexOf('YZ', at - 1)) {
      const footer = viewAt(source, start + at - 10, 12)
      if (footer && crc32(bytes.subarray(at - 6, at)) === footer.getUint32(0, true)) return start + at + 2
    }
    if (start === 0) break
  }
  return undefined
}
