import { constants, inflateSync } from 'node:zlib'
import { unfoldedFrom, within, type Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { isText } from '../formats/plain-text.ts'
import { hasBytes, slice, type ByteSource } from '../source.ts'
import { bzip2, isBzip2 } from './codecs/bzip2.ts'
import { isZlibHeader, zlib } from './codecs/deflate.ts'
import { gzip } from './codecs/gzip.ts'
import { isJoblibZf, joblibZf } from './codecs/joblib-zf.ts'
import { firstFrame, isLz4, lz4 } from './codecs/lz4.ts'
import { isLzmaAlone, lzmaAlone } from './codecs/lzma.ts'
import { isXz, xz } from './codecs/xz.ts'
import { isZstd, zstd } from './codecs/zstd.ts'
import type { Decoder, StopReason } from './decoder.ts'
import { isZeros } from './padding.ts'
import { unfold } from './unfold.ts'

interface Stream {
  readonly name: string
  readonly title: string
  readonly recognises: (source: ByteSource) => boolean
  readonly decoder: Decoder
}

const STREAMS: readonly Stream[] = [
  { name: 'gzip', title: 'gzip', recognises: (source) => hasBytes(source, 0, [0x1f, 0x8b]), decoder: gzip },
  // joblib compresses whole files as one zlib stream, with nothing that names the format.
  { name: 'zlib', title: 'zlib (joblib)', recognises: isZlib, decoder: zlib },
  { name: 'bzip2', title: 'bzip2', recognises: isBzip2, decoder: bzip2 },
  { name: 'xz', title: 'xz', recognises: isXz, decoder: xz },
  { name: 'lzma', title: 'LZMA', recognises: isLzmaAlone, decoder: lzmaAlone },
  { name: 'zstd', title: 'Zstandard', recognises: (source) => isZstd(source, firstFrame(source)), decoder: zstd },
  { name: 'lz4', title: 'LZ4', recognises: (source) => isLz4(source, firstFrame(source)), decoder: lz4 },
  { name: 'joblib-zf', title: 'joblib before 0.10', recognises: isJoblibZf, decoder: joblibZf },
]

/** Formats that compress one file. */
export const compressed: readonly Format[] = STREAMS.map((stream) => ({
  name: stream.name,
  title: stream.title,
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'what it unfolds to, up to where it breaks off, and what follows it',
  recognises: (source) => stream.recognises(source),
  examine: (source, part) => examineStream(source, part, stream),
}))

/** Text that begins like it ("x^2") must also unfold. */
function isZlib(source: ByteSource): boolean {
  return isZlibHeader(source.read(0, 2)) && (!isText(source) || unfolds(source))
}

function unfolds(source: ByteSource): boolean {
  try {
    inflateSync(source.read(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
  }
}

async function examineStream(source: ByteSource, part: Part, { name, decoder }: Stream): Promise<void> {
  const { examination } = part
  const unfolded = await unfold(source, decoder, examination.budget)
  try {
    const { content, stopped, used } = unfolded
    if (stopped) reportStop(stopped, `the ${name} stream`, part, source.size)
    if (content.size > 0) await examination.examine(content, unfoldedFrom(part, name))
    // Blocks on tapes and on some disks are filled up with zeros, which every reader ignores.
    if (!stopped && !isZeros(slice(source, used, source.size - used))) {
      const message = `${source.size - used} bytes follow the ${name} stream`
      examination.report('container.hidden-data', { message, part, offset: used, length: source.size - used })
      await examination.examine(slice(source, used, source.size - used), within(part, `bytes from ${used}`, used), 'stray')
    }
  } finally {
    unfolded.close()
  }
}

const RULE_OF = {
  damaged: 'container.damaged',
  limit: 'scan.limit',
  unopened: 'container.unopened',
  encrypted: 'container.encrypted',
} as const

/** Reports that something compressed was not read to its end. `length` is that of the compressed bytes. */
export function reportStop(stopped: { why: StopReason; message: string }, what: string, part: Part, length: number): void {
  const message = `Not examined to its end: ${what} cannot be read further: ${stopped.message}`
  part.examination.report(RULE_OF[stopped.why], { message, part, offset: 0, length })
}
