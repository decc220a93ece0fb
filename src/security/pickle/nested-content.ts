import { unfoldedFrom, within, type Part } from '../examination.ts'
import { memorySource, slice, type ByteSource } from '../source.ts'
import type { Encoding, NestedBytes } from './effects/nested.ts'
import { extentOfLiteral, textOfLiteral } from './literals.ts'
import { isHarmfulPickle } from './stray.ts'

/** Text that is made into bytes before it is examined. */
const MOST_DECODED = 64 * 2 ** 20
/** Opcodes that are followed of all constants that begin as a pickle does. */
const PROBED_OPCODES = 1 << 21
const PROBED_AT_ONCE = 1 << 16

/** Examines what a pickle gives to other loaders, and whole pickles that are kept in it as bytes or text. */
export async function examineNested(
  source: ByteSource,
  part: Part,
  { nested, embedded }: { nested: readonly NestedBytes[]; embedded: readonly number[] },
): Promise<void> {
  const seen = new Set<number>()
  for (const { offset, loader, encoding } of nested) {
    if (seen.has(offset)) continue
    seen.add(offset)
    await examineConstant(source, part, offset, encoding, `bytes for ${loader}`)
  }
  let left = PROBED_OPCODES
  for (const offset of embedded) {
    if (seen.has(offset) || left <= 0) continue
    seen.add(offset)
    for (const encoding of encodingsOf(source, offset)) {
      const content = contentOf(source, offset, encoding)
      if (!content) continue
      left -= Math.min(PROBED_AT_ONCE, content.size)
      if (isHarmfulPickle(content, part, PROBED_AT_ONCE))
        await examineConstant(source, part, offset, encoding, `bytes at ${offset}`)
    }
  }
}

async function examineConstant(source: ByteSource, part: Part, offset: number, encoding: Encoding, name: string): Promise<void> {
  const { examination } = part
  const extent = extentOfLiteral(source, offset)
  const content = contentOf(source, offset, encoding)
  if (!extent || !content) {
    const message = 'Not examined: a text that is loaded as bytes is too long'
    examination.report('scan.limit', { message, part, offset, ...(extent && { length: extent.length }) })
    return
  }
  const inner = encoding === 'raw' ? within(part, name, extent.offset) : unfoldedFrom(part, name)
  if (encoding !== 'raw') examination.budget.expanded(content.size)
  await examination.examine(content, inner)
}

const isBytes = (code: number | undefined) => code === 0x42 || code === 0x43 || code === 0x8e || code === 0x96

/** How a constant that begins as a pickle does becomes one. */
function encodingsOf(source: ByteSource, offset: number): Encoding[] {
  return isBytes(source.read(offset, 1)[0]) ? ['raw'] : ['text', 'base64']
}

/** What a constant is to the loader that it is given to; undefined when it is too long to be decoded. */
function contentOf(source: ByteSource, offset: number, encoding: Encoding): ByteSource | undefined {
  const extent = extentOfLiteral(source, offset)
  if (!extent) return undefined
  if (encoding === 'raw') return slice(source, extent.offset, extent.length)
  if (Math.min(extent.length, source.size) > MOST_DECODED) return undefined
  const text = isBytes(source.read(offset, 1)[0])
    ? Buffer.from(source.read(extent.offset, extent.length)).toString('latin1')
    : textOfLiteral(source, offset, MOST_DECODED)
  return memorySource(Buffer.from(text, encoding === 'text' ? 'latin1' : encoding))
}
