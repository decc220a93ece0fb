import type { Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import type { ByteSource } from '../../source.ts'
import { fieldsOf, isMessage, NotProtobuf, sliceOf } from '../protobuf/wire.ts'
import { walkModel } from './walk.ts'

export const onnx: Format = {
  name: 'onnx',
  title: 'ONNX',
  evidence: 'structure',
  depth: 'examined',
  looksFor: 'weights outside of the file, operators that call Python or need a library, in all graphs and functions',
  recognises: isOnnx,
  examine: examineOnnx,
}

/** Whether the bytes are a protobuf message with a graph, as every ONNX model has it: readers take fields in any order. */
function isOnnx(source: ByteSource): boolean {
  let hasGraph = false
  let isModel = false
  const isWhole = isMessage(source, (field) => {
    if (field.field === 7 && field.type === 'bytes') hasGraph ||= isGraph(sliceOf(source, field))
    isModel ||= (field.field === 1 && field.type === 'varint') || (field.field === 8 && field.type === 'bytes')
    return true
  })
  return isWhole && hasGraph && isModel
}

/** A `GraphProto` has nodes with the name of an operator, inputs or outputs. What is in the rest is not looked at. */
function isGraph(graph: ByteSource): boolean {
  try {
    let looked = 0
    for (const field of fieldsOf(graph)) {
      if (field.type === 'bytes' && (field.field === 1 || field.field === 11 || field.field === 12)) {
        if (isMessage(sliceOf(graph, field), ({ field: number, type }) => number <= 15 && type === 'bytes', 4)) return true
      }
      if (++looked > 50_000) return false
    }
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error
  }
  return false
}

async function examineOnnx(source: ByteSource, part: Part): Promise<void> {
  try {
    await walkModel(source, part)
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error
    const message = `Not examined to the end: ${error.message.toLowerCase()}`
    part.examination.report('onnx.broken', { message, part, offset: 0, length: source.size })
  }
}
