import { createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import type { Budget } from '../budget.ts'
import type { ByteSource } from '../source.ts'

export type Codec = 'gzip' | 'zlib' | 'deflate'

export interface Unfolded {
  readonly bytes: Uint8Array
  /** Why the bytes are not all; undefined when they are. */
  readonly stopped: 'limit' | 'damaged' | undefined
  /** Compressed bytes that were used: what follows them is something else. */
  readonly used: number
}

const CHUNK = 1 << 18

/** Decompresses a stream within the bounds of the budget. What was unfolded before an error or a bound is kept. */
export async function unfold(source: ByteSource, codec: Codec, budget: Budget): Promise<Unfolded> {
  const room = budget.roomFor(source.size)
  const stream = codec === 'gzip' ? createGunzip() : codec === 'zlib' ? createInflate() : createInflateRaw()
  const chunks: Uint8Array[] = []
  let length = 0
  let stopped: Unfolded['stopped']
  let ended = false
  stream.on('data', (chunk: Uint8Array) => {
    if (length + chunk.length > room) {
      stopped ??= 'limit'
      chunks.push(chunk.subarray(0, room - length))
      length = room
      stream.destroy()
      return
    }
    chunks.push(chunk)
    length += chunk.length
  })
  const finished = new Promise<void>((resolve) => {
    stream.on('error', () => {
      stopped ??= 'damaged'
      resolve()
    })
    stream.on('end', () => {
      ended = true
      resolve()
    })
    stream.on('close', resolve)
  })
  for (let offset = 0; offset < source.size && !stream.destroyed && !stream.readableEnded; offset += CHUNK) {
    // A copy, because the stream keeps the bytes for longer than the source promises them.
    if (!stream.write(Uint8Array.from(source.read(offset, CHUNK)))) {
      await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), finished])
    }
  }
  stream.end()
  await finished
  stream.destroy()
  if (!ended) stopped ??= 'damaged'
  budget.expanded(length)
  return { bytes: Buffer.concat(chunks, length), stopped, used: Math.min(stream.bytesWritten, source.size) }
}
