import { messageOf } from '../../../core/errors.ts'
import type { Part } from '../../examination.ts'
import { extensionOf } from '../../extensions.ts'
import type { Format } from '../../format.ts'
import type { ByteSource } from '../../source.ts'
import { isText } from '../plain-text.ts'
import { DOCUMENT_CHECKS } from './checks.ts'
import { beginsWith, decodeText, encodingOf } from './decode-text.ts'
import { NotJson, readJson, type ReadJson } from './read-json.ts'

/** Longest document that is read. Only tokenizers and trees come near. */
const LONGEST = 64 * 2 ** 20

export const json: Format = {
  name: 'json',
  title: 'JSON (configurations of Keras, Hugging Face, skops, TensorFlow.js, XGBoost)',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'code, classes and files that a configuration names, templates, paths that lead out of the folder',
  recognises: (source, part) => isJson(source, part),
  examine: examineJson,
}

const isWide = (source: ByteSource) => source.size >= 4 && encodingOf(source.read(0, 4)) !== 'utf-8'

/** By its first character. What is named otherwise and is not JSON is another kind of text: a template, an INI file. */
function isJson(source: ByteSource, part: Part): boolean {
  if (!beginsWith(source, '{["') || (!isWide(source) && !isText(source))) return false
  if (isNamedJson(part.name) || source.size > LONGEST) return true
  return read(source) !== undefined
}

const isNamedJson = (name: string) => /^(json|ipynb|jsonl|ndjson)$/.test(extensionOf(name))

const documents = new WeakMap<ByteSource, ReadJson>()

function read(source: ByteSource): ReadJson | undefined {
  const known = documents.get(source)
  if (known) return known
  try {
    const document = readJson(decodeText(source))
    documents.set(source, document)
    return document
  } catch (error) {
    if (error instanceof NotJson) return undefined
    throw error
  }
}

async function examineJson(source: ByteSource, part: Part): Promise<void> {
  part.examination.formats.add('text')
  if (source.size > LONGEST) {
    const message = `Not examined: ${source.size} bytes of JSON are more than the scan reads`
    return part.examination.report('scan.limit', { message, part, offset: 0, length: source.size })
  }
  try {
    const document = documents.get(source) ?? readJson(decodeText(source))
    const start = isWide(source) ? undefined : 0
    for (const check of DOCUMENT_CHECKS) await check({ ...document, part, start })
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    const message = `Not examined: the JSON is not whole: ${messageOf(error)}`
    part.examination.report('json.broken', { message, part, offset: Math.min(error.offset, source.size) })
  }
}
