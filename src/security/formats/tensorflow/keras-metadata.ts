import type { Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import { slice, type ByteSource } from '../../source.ts'
import { examineKerasText } from '../keras/text.ts'
import { fieldsOf, isMessage, NotProtobuf, textOf } from '../protobuf/wire.ts'
import { all, type Range } from './decode-graph.ts'

/** `keras_metadata.pb` of Keras 2: the configuration of every layer, from which loading makes the layers anew. */
export const kerasMetadata: Format = {
  name: 'keras-metadata',
  title: 'Keras metadata of a SavedModel',
  evidence: 'structure',
  depth: 'examined',
  looksFor: 'Keras layers that carry or name code',
  recognises: isKerasMetadata,
  examine(source, part) {
    for (const node of all(source, { start: 0, end: source.size }, 1)) examineText(source, node, 5, part)
  },
}

/** Every field 1 is a `SavedObject` of Keras: an identifier `_tf_keras_…` and its metadata as JSON. */
function isKerasMetadata(source: ByteSource): boolean {
  let isKeras = false
  const isWhole = isMessage(source, (field) => {
    if (field.field !== 1 || field.type !== 'bytes') return false
    const node = slice(source, field.start, field.end - field.start)
    return isMessage(node, (part) => {
      if (part.field === 4 && part.type === 'bytes') isKeras ||= textOf(node, part, 100).startsWith('_tf_keras')
      return part.field <= 6
    })
  })
  return isWhole && isKeras
}

/** Objects of a SavedModel that Keras wrote: `SavedObject.user_object` (field 4) has its metadata in field 3. */
export function examineObjectMetadata(source: ByteSource, objects: Iterable<Range>, part: Part): void {
  for (const object of objects) {
    for (const user of all(source, object, 4)) examineText(source, user, 3, part)
  }
}

const LONGEST = 64 * 2 ** 20

function examineText(source: ByteSource, message: Range, field: number, part: Part): void {
  try {
    for (const each of fieldsOf(source, message.start, message.end)) {
      if (each.field !== field || each.type !== 'bytes' || each.end === each.start) continue
      const text = textOf(source, each, LONGEST)
      if (/^\s*[{[]/.test(text)) examineKerasText(text, part, each.start)
    }
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error
  }
}
