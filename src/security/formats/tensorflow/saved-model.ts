import type { Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import { slice, type ByteSource } from '../../source.ts'
import { reportProgram } from '../program-at-strict.ts'
import { fieldsOf, isMessage, NotProtobuf, textOf } from '../protobuf/wire.ts'
import { all, decodeGraph, type Range } from './decode-graph.ts'
import { examineGraph } from './examine-graph.ts'
import { examineObjectMetadata } from './keras-metadata.ts'

export const savedModel: Format = {
  name: 'tensorflow-graph',
  title: 'TensorFlow SavedModel, MetaGraph and frozen graph',
  evidence: 'structure',
  depth: 'examined',
  looksFor: 'operators that read and write files or call Python, in the graph and in the functions of its library; Keras layers',
  recognises: (source) => shapeOf(source) !== undefined,
  examine: examineSavedModel,
}

interface Shape {
  readonly metas: readonly Range[]
  /** A graph that stands by itself. */
  readonly graph: Range | undefined
}

const shapes = new WeakMap<ByteSource, Shape>()

/** Whether the bytes are one of TensorFlow's messages with a graph: a file may be read as more than one of them. */
function shapeOf(source: ByteSource): Shape | undefined {
  const known = shapes.get(source)
  if (known) return known
  // No message of a graph begins with a field beyond these, and most files are ruled out by their first byte.
  const whole: Range = { start: 0, end: source.size }
  try {
    const metas: Range[] = []
    let isMeta = false
    let isGraph = false
    let looked = 0
    for (const field of fieldsOf(source)) {
      if (field.type !== 'bytes' || looked > 64) continue
      if (field.field === 2) {
        looked++
        if (isMetaGraph(source, field)) metas.push(field)
        if (looksLikeGraph(source, field)) isMeta = true
        if (hasFunctions(source, field)) isGraph = true
      }
      if (field.field === 1 && isNode(source, field)) isGraph = true
    }
    if (isMeta) metas.push(whole)
    if (metas.length === 0 && !isGraph) return undefined
    const shape = { metas, graph: isGraph ? whole : undefined }
    shapes.set(source, shape)
    return shape
  } catch (error) {
    if (error instanceof NotProtobuf) return undefined
    throw error
  }
}

const isMetaGraph = (source: ByteSource, range: Range) => some(source, range, 2, (graph) => looksLikeGraph(source, graph))
const looksLikeGraph = (source: ByteSource, range: Range) =>
  some(source, range, 1, (node) => isNode(source, node)) || some(source, range, 2, (library) => hasNodes(source, library))
const hasFunctions = (source: ByteSource, library: Range) => hasNodes(source, library)
const hasNodes = (source: ByteSource, library: Range) =>
  some(source, library, 1, (definition) => some(source, definition, 3, (node) => isNode(source, node)))

/** Whether one of the first fields of this number is what is asked for. */
function some(source: ByteSource, range: Range, field: number, holds: (field: Range) => boolean): boolean {
  try {
    let looked = 0
    for (const each of all(source, range, field)) {
      if (holds(each)) return true
      if (++looked === 16) return false
    }
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error
  }
  return false
}

/** A `NodeDef` has the name of its operator in field 2, and no other fields than its seven. */
function isNode(source: ByteSource, range: Range): boolean {
  let operator = false
  const inside = slice(source, range.start, range.end - range.start)
  const isKnown = isMessage(inside, (field) => {
    if (field.field === 2 && field.type === 'bytes') operator ||= /^[A-Za-z_][\w>./-]*$/.test(textOf(inside, field, 200))
    return field.type === 'bytes' && field.field <= 8
  })
  return isKnown && operator
}

async function examineSavedModel(source: ByteSource, part: Part): Promise<void> {
  reportProgram(part, 'A graph of TensorFlow is a program')
  const shape = shapeOf(source)
  if (!shape) return
  try {
    if (shape.graph) examineGraph(decodeGraph(source, [shape.graph]), part)
    for (const meta of shape.metas) {
      examineGraph(decodeGraph(source, [...all(source, meta, 2)], meta), part)
      // SavedObjectGraph: Keras keeps the configuration of its layers with the objects.
      for (const objects of all(source, meta, 7)) examineObjectMetadata(source, all(source, objects, 1), part)
      await part.examination.budget.breathe()
    }
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error
    part.examination.report('tensorflow.broken', {
      message: `Not examined to the end: ${error.message.toLowerCase()}`,
      part,
      offset: 0,
    })
  }
}
