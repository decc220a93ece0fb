import type { Part } from '../examination.ts'
import { memorySource, slice, type ByteSource } from '../source.ts'
import { unfold, unfoldGzip } from './unfold.ts'

export const examineGzip = (source: ByteSource, part: Part) => examineStream(source, part, 'gzip')

/** joblib compresses whole files as one zlib stream, with nothing that names the format. */
export const examineZlib = (source: ByteSource, part: Part) => examineStream(source, part, 'zlib')

async function examineStream(source: ByteSource, part: Part, codec: 'gzip' | 'zlib'): Promise<void> {
  const { examination, name, base } = part
  const { bytes, stopped, used } =
    codec === 'gzip' ? await unfoldGzip(source, examination.budget) : await unfold(source, codec, examination.budget)
  if (stopped === 'limit') {
    const message = `Not examined to its end: the stream unfolds to more than ${bytes.length} bytes`
    examination.report('scan.limit', { message, file: name, offset: base })
  }
  if (stopped === 'damaged') {
    const message = `Not examined to its end: the ${codec} stream breaks off after ${bytes.length} bytes`
    examination.report('container.damaged', { message, file: name, offset: base })
  }
  await part.examination.examine(memorySource(bytes), { ...part, name: `${name}!${codec}`, depth: part.depth + 1, base: 0 })
  if (stopped === undefined && used < source.size) {
    examination.report('container.hidden-data', {
      message: `${source.size - used} bytes follow the ${codec} stream`,
      file: name,
      offset: base + used,
    })
    const rest = { ...part, name: `${name}!bytes from ${used}`, depth: part.depth + 1, base: base + used }
    await part.examination.examine(slice(source, used, source.size - used), rest, 'stray')
  }
}
