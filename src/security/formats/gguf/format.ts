import type { Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import { slice, hasBytes, type ByteSource } from '../../source.ts'
import { within } from '../../examination.ts'
import { examineTemplate } from '../template/examine-template.ts'
import { BrokenGguf, readGguf } from './read.ts'

export const gguf: Format = {
  name: 'gguf',
  title: 'GGUF (llama.cpp)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'sizes and places that are not in the file, and chat templates that reach out of themselves',
  recognises: (source) => hasBytes(source, 0, 'GGUF'),
  examine: examineGguf,
}

async function examineGguf(source: ByteSource, part: Part): Promise<void> {
  try {
    const { templates, end } = await readGguf(source, part.examination.budget)
    for (const { key, text, offset } of templates)
      examineTemplate(text, `the template ${JSON.stringify(key.slice(0, 80))}`, part, offset)
    await examineTail(source, end, part)
  } catch (error) {
    if (!(error instanceof BrokenGguf)) throw error
    for (const { key, text, offset } of error.templates)
      examineTemplate(text, `the template ${JSON.stringify(key.slice(0, 80))}`, part, offset)
    part.examination.report('gguf.header', {
      message: `The GGUF file is not as its header says: ${error.message}`,
      part,
      offset: error.offset,
    })
  }
}

/** What follows the last tensor, beyond padding, belongs to another file. */
async function examineTail(source: ByteSource, end: number, part: Part): Promise<void> {
  if (end >= source.size) return
  const tail = slice(source, end, source.size - end)
  const isPadding = tail.size < 1 << 16 && tail.read(0, tail.size).every((byte) => byte === 0)
  if (isPadding) return
  part.examination.report('gguf.trailing-data', {
    message: `${tail.size} bytes follow the last tensor`,
    part,
    offset: end,
    length: tail.size,
  })
  await part.examination.examine(tail, within(part, `bytes behind ${end}`, end), 'stray')
}
