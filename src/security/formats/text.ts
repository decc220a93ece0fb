import type { Part } from '../examination.ts'
import type { ByteSource } from '../source.ts'
import { extensionOf } from '../extensions.ts'
import type { Format } from '../format.ts'
import { isInArchiveOfAnything } from './archive-of-anything.ts'
import { modelBeside } from './folder/model-folder.ts'
import { isText } from './plain-text.ts'
import { quote } from './quote.ts'
import { isTorchScript } from './torchscript/format.ts'

/** Programs that a loader of the model may run: TorchScript code, handlers, notebooks. */
const CODE = new Set(['py', 'pyc', 'ipynb', 'sh', 'so', 'dll', 'js'])

export const text: Format = {
  name: 'text',
  title: 'text',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'programs that come inside of a model',
  recognises: isText,
  examine: examineText,
}

/** Text does nothing when it is loaded, except for programs that come with a model. */
function examineText(_source: ByteSource, part: Part): void {
  if (!CODE.has(extensionOf(part.name)) || isTorchScript(part)) return
  const member = part.name.lastIndexOf('!')
  const model = modelBeside(part)
  if (model !== undefined || isInArchiveOfAnything(part)) {
    const beside = model === undefined ? 'in the archive' : `beside the model ${quote(model)}`
    const message = `${quote(member === -1 ? part.examination.place : part.name.slice(member + 1))} is a program ${beside}`
    part.examination.report('folder.code', { message, part, offset: 0 })
  } else if (member !== -1) {
    part.examination.report('text.code', { message: 'Not examined: a program inside of the model', part, offset: 0 })
  }
}
