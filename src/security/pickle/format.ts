import type { Part } from '../examination.ts'
import { extensionOf, isPickleExtension } from '../extensions.ts'
import type { Format } from '../format.ts'
import { isText } from '../formats/plain-text.ts'
import { byteAt, type ByteSource } from '../source.ts'
import { examineNested } from './nested-content.ts'
import { opcodeOf } from './opcodes.ts'
import { looksLikePickle } from './probe.ts'
import { scanPickle } from './scan-pickle.ts'

export const pickle: Format = {
  name: 'pickle',
  title: 'pickle (Python, joblib, PyTorch before 1.6)',
  evidence: 'structure',
  depth: 'examined',
  looksFor: 'every name that loading imports and every call that it makes, in all pickles of the file',
  recognises(source, part) {
    if (opcodeOf(byteAt(source, 0)) === undefined) return false
    const text = isText(source)
    const named = isPickleExtension(extensionOf(part.name))
    return looksLikePickle(source, text, named) || (named && !text)
  },
  async examine(source: ByteSource, part: Part) {
    const scan = await scanPickle(source, part)
    if (scan.torchLegacy) part.examination.formats.add('torch-legacy')
    await examineNested(source, part, scan)
  },
}
