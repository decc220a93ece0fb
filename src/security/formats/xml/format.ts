import type { Format } from '../../format.ts'
import type { ByteSource } from '../../source.ts'
import type { Part } from '../../examination.ts'
import { beginsWith, decodeText, encodingOf } from '../json/decode-text.ts'
import { isText } from '../plain-text.ts'

const LONGEST = 128 * 2 ** 20

export const xml: Format = {
  name: 'xml',
  title: 'XML (PMML)',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'entities, documents and parts of files that it makes its reader fetch',
  recognises: isXml,
  examine: examineXml,
}

function isXml(source: ByteSource): boolean {
  if (!beginsWith(source, '<')) return false
  const isWide = source.size >= 4 && encodingOf(source.read(0, 4)) !== 'utf-8'
  if (!isWide && !isText(source)) return false
  const head = new TextDecoder().decode(source.read(0, 2000)).replaceAll('\0', '')
  return /<(\?xml|!DOCTYPE|!--|[A-Za-z_][\w.:-]*[\s/>])/.test(head) && !/<!doctype html|<html/i.test(head)
}

/** Readers that resolve entities read any file, fetch any URL, or fill the memory. No model needs them. */
function examineXml(source: ByteSource, part: Part): void {
  part.examination.formats.add('text')
  if (source.size > LONGEST) {
    const message = `Not examined: ${source.size} bytes of XML are more than the scan reads`
    return part.examination.report('scan.limit', { message, part, offset: 0, length: source.size })
  }
  const text = withoutComments(decodeText(source))
  const tell = (message: string, offset: number) => part.examination.report('xml.entity', { message, part, offset })
  const entity = text.indexOf('<!ENTITY')
  if (entity !== -1) tell('The document defines entities, which readers replace by other text or by files', entity)
  const doctype = /<!DOCTYPE\s{1,100}[^\s>[]{1,200}\s{1,100}(SYSTEM|PUBLIC)\b/.exec(text)
  if (doctype && !/"-\/\/W3C\/\//.test(text.slice(doctype.index, doctype.index + 300)))
    tell('The document has its definition in another file or at a URL', doctype.index)
  const include = text.indexOf('http://www.w3.org/2001/XInclude')
  if (include !== -1) tell('The document takes parts of itself from other files (XInclude)', include)
}

/** Comments and literal text as spaces, so that places stay what they are. */
function withoutComments(text: string): string {
  const parts: string[] = []
  let at = 0
  while (at < text.length) {
    const comment = text.indexOf('<!--', at)
    const literal = text.indexOf('<![CDATA[', at)
    const start = comment === -1 ? literal : literal === -1 ? comment : Math.min(comment, literal)
    if (start === -1) break
    const close = start === comment ? '-->' : ']]>'
    const end = text.indexOf(close, start + 4)
    parts.push(text.slice(at, start), ' '.repeat((end === -1 ? text.length : end + 3) - start))
    at = end === -1 ? text.length : end + 3
  }
  parts.push(text.slice(at))
  return parts.join('')
}
