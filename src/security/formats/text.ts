import type { Part } from '../examination.ts'
import type { ByteSource } from '../source.ts'
import { extensionOf } from './extensions.ts'

/** Programs that a loader of the model may run: TorchScript code, handlers, notebooks. */
const CODE = new Set(['py', 'pyc', 'ipynb', 'sh', 'so', 'dll', 'js'])

/** Text does nothing when it is loaded, except for programs that come with a model. */
export async function examineText(_source: ByteSource, part: Part): Promise<void> {
  const isMember = part.name.includes('!')
  if (!isMember || !CODE.has(extensionOf(part.name))) return
  part.examination.report('text.code', {
    message: 'Not examined: a program inside of the model',
    file: part.name,
    offset: part.base,
  })
}
