import type { Part } from '../examination.ts'
import type { ByteSource } from '../source.ts'
import { extensionOf } from '../extensions.ts'
import type { Format } from '../format.ts'
import { isText } from './plain-text.ts'
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
  const isMember = part.name.includes('!')
  if (!isMember || !CODE.has(extensionOf(part.name)) || isTorchScript(part)) return
  part.examination.report('text.code', {
    message: 'Not examined: a program inside of the model',
    part,
    offset: 0,
  })
}
