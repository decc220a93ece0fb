import { createInflate, createInflateRaw } from 'node:zlib'
import type { Budget } from '../budget.ts'
import { hasBytes, slice, viewAt, type ByteSource } from '../source.ts'

export type Codec = 'zlib' | 'deflate'

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
  const stream = codec === 'zlib' ? createInflate() : createInflateRaw()
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

/** All members of a gzip file, one after the other, as gzip readers join them. Source: RFC 1952. */
export async function unfoldGzip(source: ByteSource, budget: Budget): Promise<Unfolded> {
  const parts: Uint8Array[] = []
  let at = 0
  let stopped: Unfolded['stopped']
  while (stopped === undefined && hasBytes(source, at, [0x1f, 0x8b])) {
    if (!budget.member()) return { bytes: Buffer.concat(parts), stopped: 'limit', used: at }
    const start = gzipDataStart(source, at)
    const member = await unfold(slice(source, start, source.size - start), 'deflate', budget)
    parts.push(member.bytes)
    stopped = member.stopped
    at = Math.min(source.size, start + member.used + 8)
    const length = viewAt(source, at - 4, 4)?.getUint32(0, true)
    if (stopped === undefined && length !== member.bytes.length % 2 ** 32) stopped = 'damaged'
  }
  return { bytes: Buffer.concat(parts), stopped, used: at }
}

/** Where the deflated data begin, behind the optional fields of the header. */
function gzipDataStart(source: ByteSource, at: number): number {
  const header = source.read(at, 1 << 16)
  const flags = header[3] ?? 0
  let start = 10
  if ((flags & 4) !== 0) start += 2 + (header[10] ?? 0) + (header[11] ?? 0) * 256
  // A name, then a comment, each up to a NUL.
  for (const flag of [8, 16]) if ((flags & flag) !== 0) start = header.indexOf(0, start) + 1
  if ((flags & 2) !== 0) start += 2
  return at + start
}
