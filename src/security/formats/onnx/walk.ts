import type { Part } from '../../examination.ts'
import type { ByteSource } from '../../source.ts'
import { fieldsOf, NotProtobuf, textOf, type WireField } from '../protobuf/wire.ts'
import { nested, type OnnxWalk } from './message.ts'
import { examineOperator, examineOperatorSet } from './operators.ts'
import { examineTensor } from './tensor.ts'

/** Messages within messages, as in Google's own readers. */
const DEEPEST = 100

/** Fields of each message that hold what is looked at. Source: onnx/onnx.proto. */
const MODEL = { graph: 7, operatorSet: 8, trainingInfo: 20, function: 25 }
const GRAPH = { node: 1, initializer: 5, sparseInitializer: 15 }
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparseTensor: 22, sparseTensors: 23 }
const FUNCTION = { node: 7, operatorSet: 9, domain: 10, attribute: 11 }

/** Walks a `ModelProto` without reading its weights. @throws NotProtobuf */
export async function walkModel(source: ByteSource, part: Part): Promise<void> {
  const said = new Set<string>()
  const walk: OnnxWalk = {
    source,
    part,
    ownDomains: new Set(ownDomains(source)),
    report(rule, offset, message) {
      if (said.has(message) || said.size > 500) return
      said.add(message)
      part.examination.report(rule, { message, part, offset })
    },
  }
  for (const field of fieldsOf(source)) {
    if (field.type !== 'bytes') continue
    if (field.field === MODEL.operatorSet) examineOperatorSet(field, walk)
    if (field.field === MODEL.graph) walkGraph(field, walk, 0)
    if (field.field === MODEL.function) walkFunction(field, walk)
    if (field.field === MODEL.trainingInfo) {
      for (const each of nested(walk, field)) if (each.field <= 2) walkGraph(each, walk, 0)
    }
    await part.examination.budget.breathe()
  }
}

function* ownDomains(source: ByteSource): Generator<string> {
  for (const field of fieldsOf(source)) {
    if (field.field !== MODEL.function || field.type !== 'bytes') continue
    for (const each of fieldsOf(source, field.start, field.end)) {
      if (each.field === FUNCTION.domain && each.type === 'bytes') yield textOf(source, each)
    }
  }
}

function walkFunction(definition: WireField, walk: OnnxWalk): void {
  for (const field of nested(walk, definition)) {
    if (field.field === FUNCTION.operatorSet) examineOperatorSet(field, walk)
    if (field.field === FUNCTION.node) walkNode(field, walk, 0)
    if (field.field === FUNCTION.attribute) walkAttribute(field, walk, 0)
  }
}

function walkGraph(graph: WireField, walk: OnnxWalk, depth: number): void {
  if (depth > DEEPEST) throw new NotProtobuf('Graphs are nested too deeply')
  for (const field of nested(walk, graph)) {
    if (field.field === GRAPH.node) walkNode(field, walk, depth)
    if (field.field === GRAPH.initializer) examineTensor(field, walk)
    if (field.field === GRAPH.sparseInitializer) walkSparse(field, walk)
  }
}

function walkNode(node: WireField, walk: OnnxWalk, depth: number): void {
  examineOperator(node, walk)
  for (const field of nested(walk, node)) if (field.field === 5) walkAttribute(field, walk, depth)
}

function walkAttribute(attribute: WireField, walk: OnnxWalk, depth: number): void {
  for (const field of nested(walk, attribute)) {
    if (field.field === ATTRIBUTE.graph || field.field === ATTRIBUTE.graphs) walkGraph(field, walk, depth + 1)
    if (field.field === ATTRIBUTE.tensor || field.field === ATTRIBUTE.tensors) examineTensor(field, walk)
    if (field.field === ATTRIBUTE.sparseTensor || field.field === ATTRIBUTE.sparseTensors) walkSparse(field, walk)
  }
}

/** A `SparseTensorProto`: its values and its indices are tensors. */
function walkSparse(sparse: WireField, walk: OnnxWalk): void {
  for (const field of nested(walk, sparse)) if (field.field <= 2) examineTensor(field, walk)
}
