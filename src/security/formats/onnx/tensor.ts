import { isScannedToo } from '../beside.ts'
import { leadsOutside } from '../outside-path.ts'
import { textOf, type WireField } from '../protobuf/wire.ts'
import { fieldsOf } from '../protobuf/wire.ts'
import { quote } from '../quote.ts'
import { nested, type OnnxWalk } from './message.ts'

const TENSOR = { name: 8, externalData: 13, dataLocation: 14 }
const EXTERNAL = 1

/** A `TensorProto`: where its values are, when they are not in the file. */
export function examineTensor(tensor: WireField, walk: OnnxWalk): void {
  const { source } = walk
  let name = ''
  let isExternal = false
  const entries: { key: string; value: string; start: number }[] = []
  for (const field of fieldsOf(source, tensor.start, tensor.end)) {
    if (field.field === TENSOR.name && field.type === 'bytes') name = textOf(source, field, 1000)
    if (field.field === TENSOR.dataLocation && field.type === 'varint') isExternal ||= field.value === EXTERNAL
    if (field.field === TENSOR.externalData && field.type === 'bytes') entries.push(entryAt(field, walk))
  }
  if (!isExternal && entries.length === 0) return
  const shown = `The tensor ${quote(name)}`
  const locations = entries.filter(({ key }) => key === 'location')
  if (locations.length !== 1)
    walk.report('onnx.external-path', tensor.start, `${shown} has ${locations.length} places for its data`)
  for (const { key, value, start } of entries) {
    if ((key === 'offset' || key === 'length') && !/^\s*\d{1,18}\s*$/.test(value))
      walk.report('onnx.external-path', start, `${shown} has ${quote(value)} for the ${key} of its data`)
  }
  for (const { value, start } of locations) examineLocation(value, start, shown, walk)
}

function examineLocation(location: string, offset: number, shown: string, walk: OnnxWalk): void {
  // ONNX Runtime takes this for a place in memory.
  const why = /^\s*$|^\.?$|_ORT_MEM_ADDR_/.test(location) ? 'is no file' : leadsOutside(location)
  if (why !== undefined)
    return walk.report('onnx.external-path', offset, `${shown} reads its data from ${quote(location, 200)}, which ${why}`)
  const place = quote(location, 200)
  if (isScannedToo(location, walk.part))
    walk.report('onnx.external-file', offset, `Weights of the model are in ${place} beside it, which is scanned too`)
  else walk.report('onnx.external-data', offset, `Weights of the model are in ${place} beside it: its digest does not cover them`)
}

/** A `StringStringEntryProto`. */
function entryAt(entry: WireField, walk: OnnxWalk): { key: string; value: string; start: number } {
  let key = ''
  let value = ''
  for (const field of nested(walk, entry)) {
    if (field.field === 1) key = textOf(walk.source, field, 1000)
    if (field.field === 2) value = textOf(walk.source, field)
  }
  return { key, value, start: entry.start }
}
