import { createInflate, createInflateRaw, inflateRawSync, type Inflate, type InflateRaw, type ZlibOptions } from 'node:zlib'
import { slice, type ByteSource } from '../../source.ts'
import type { Decoder } from '../decoder.ts'
import { closerEachTime, pieceAt, type Pace, type Progress } from './again.ts'

const CHUNK = 1 << 17
/** Streams up to this size are unfolded at once: archives of many small members would spend their time on starting streams. */
const SMALL = 1 << 16

/** Raw deflate (RFC 1951), up to the end of its last block. */
export const deflate: Decoder = async function* (source) {
  if (source.size <= SMALL) {
    const whole = atOnce(source)
    if (whole) {
      yield whole.bytes
      return whole.used
    }
  }
  return yield* inflate(source, createInflateRaw)
}

/**
 * zlib (RFC 1950), with all streams that follow directly, as joblib reads them.
 * Source: `BinaryZlibFile` in joblib's `compressor.py`.
 */
export const zlib: Decoder = async function* (source) {
  let at = 0
  do {
    at += yield* inflate(slice(source, at, source.size - at), createInflate)
  } while (isZlibHeader(source.read(at, 2)))
  return at
}

/** Deflate with a window of at most 32 KiB, the check bits right, and no dictionary that one would have to have. */
export function isZlibHeader([first = 0, second = -1]: Uint8Array): boolean {
  return second >= 0 && (first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0
}

function atOnce(source: ByteSource): { bytes: Uint8Array; used: number } | undefined {
  try {
    // With `info`, the answer also has the engine: https://nodejs.org/api/zlib.html#class-options
    const { buffer, engine } = inflateRawSync(source.read(0, source.size), {
      info: true,
      maxOutputLength: 1 << 20,
    }) as unknown as {
      buffer: Buffer
      engine: InflateRaw
    }
    return { bytes: buffer, used: engine.bytesWritten }
  } catch {
    return undefined
  }
}

function inflate(source: ByteSource, create: () => Inflate): AsyncGenerator<Uint8Array, number, void> {
  return closerEachTime(
    (progress, pace) => inflateOnce(source, create, progress, pace),
    (error) => (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR',
  )
}

async function* inflateOnce(
  source: ByteSource,
  create: (options: ZlibOptions) => Inflate,
  progress: Progress,
  pace: Pace,
): AsyncGenerator<Uint8Array, number, void> {
  // No more than one chunk waits to be read, so that none is lost when the next one is an error.
  const oneAtATime = { readableHighWaterMark: 1 }
  const stream = create({ chunkSize: CHUNK, ...oneAtATime })
  void feed(source, stream, progress, pace)
  try {
    yield* stream as AsyncIterable<Uint8Array>
    return Math.min(stream.bytesWritten, source.size)
  } finally {
    stream.destroy()
  }
}

async function feed(source: ByteSource, stream: Inflate, progress: Progress, pace: Pace): Promise<void> {
  for (let at = 0; at < source.size && !stream.destroyed;) {
    // A copy, because the stream keeps the bytes for longer than the source promises them.
    const piece = Uint8Array.from(source.read(at, pieceAt(at, pace)))
    const failed = await new Promise((resolve) => stream.write(piece, resolve))
    if (failed) return
    at += piece.length
    progress.taken = Math.max(progress.taken, at)
  }
  stream.end()
}
