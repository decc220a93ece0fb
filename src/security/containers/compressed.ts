import { constants, inflateSync } from 'node:zlib'
import { unfoldedFrom, within, type Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { isText } from '../formats/plain-text.ts'
import { byteAt, hasBytes, memorySource, slice, type ByteSource } from '../source.ts'
import { unfold, unfoldGzip } from './unfold.ts'

export const gzip: Format = {
  name: 'gzip',
  title: 'gzip',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'what every member unfolds to',
  recognises: (source) => hasBytes(source, 0, [0x1f, 0x8b]),
  examine: (source, part) => examineStream(source, part, 'gzip'),
}

/** joblib compresses whole files as one zlib stream, with nothing that names the format. */
export const zlib: Format = {
  name: 'zlib',
  title: 'zlib (joblib)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'what it unfolds to',
  recognises: isZlib,
  examine: (source, part) => examineStream(source, part, 'zlib'),
}

/** RFC 1950: deflate with a window of at most 32 KiB, and the check bits right. Text that begins so ("x^2") must also unfold. */
function isZlib(source: ByteSource): boolean {
  const first = byteAt(source, 0)
  const second = byteAt(source, 1)
  const matches =
    second >= 0 && (first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0
  return matches && (!isText(source) || unfolds(source))
}

function unfolds(source: ByteSource): boolean {
  try {
    inflateSync(source.read(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 16 * 2 ** 20 })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
  }
}

async function examineStream(source: ByteSource, part: Part, codec: 'gzip' | 'zlib'): Promise<void> {
  const { examination } = part
  const { bytes, stopped, used } =
    codec === 'gzip' ? await unfoldGzip(source, examination.budget) : await unfold(source, codec, examination.budget)
  if (stopped === 'limit') {
    const message = `Not examined to its end: the stream unfolds to more than ${bytes.length} bytes`
    examination.report('scan.limit', { message, part, offset: 0 })
  }
  if (stopped === 'damaged') {
    const message = `Not examined to its end: the ${codec} stream breaks off after ${bytes.length} bytes`
    examination.report('container.damaged', { message, part, offset: 0 })
  }
  await part.examination.examine(memorySource(bytes), unfoldedFrom(part, codec))
  if (stopped === undefined && used < source.size) {
    examination.report('container.hidden-data', {
      message: `${source.size - used} bytes follow the ${codec} stream`,
      part,
      offset: used,
    })
    await part.examination.examine(slice(source, used, source.size - used), within(part, `bytes from ${used}`, used), 'stray')
  }
}
