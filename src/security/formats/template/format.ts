import type { Format } from '../../format.ts'
import { extensionOf } from '../../extensions.ts'
import { decodeText } from '../json/decode-text.ts'
import { isText } from '../plain-text.ts'
import { examineTemplate } from './examine-template.ts'

const LONGEST = 4 * 2 ** 20

/** Templates that lie in a file of their own, as newer tokenizers have them. */
export const template: Format = {
  name: 'jinja',
  title: 'Jinja template of a chat',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'ways out of the template: internals of Python, names that are put together, other templates',
  recognises(source, part) {
    if (!isText(source)) return false
    return /^(jinja|jinja2|j2)$/.test(extensionOf(part.name)) || /^\s*\{[%#]/.test(new TextDecoder().decode(source.read(0, 500)))
  },
  examine(source, part) {
    if (source.size <= LONGEST) return examineTemplate(decodeText(source), 'the template', part, 0)
    const message = `Not examined: a template of ${source.size} bytes`
    part.examination.report('template.unread', { message, part, offset: 0, length: source.size })
  },
}
