import {
  decodeOnnx,
  EXTERNAL_DATA,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../../drivers/onnx-proto.ts'
import type { Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { byteAt, type ByteSource } from '../source.ts'

/** ONNX files are at most 2 GiB, the bound of protobuf; weights beyond that are kept beside them. */
const LARGEST = 2 ** 31
/** Operator sets that ONNX Runtime has without a library of the model's own. */
const KNOWN_DOMAINS = new Set([
  '', 'ai.onnx', 'ai.onnx.ml', 'ai.onnx.training', 'ai.onnx.preview', 'ai.onnx.preview.training', 'com.microsoft', 'com.microsoft.nchwc', 'com.microsoft.experimental', 'com.ms.internal.nhwc', 'org.pytorch.aten',
]) // prettier-ignore

export const onnx: Format = {
  name: 'onnx',
  title: 'ONNX',
  evidence: 'structure',
  depth: 'examined',
  looksFor: 'weights outside of the file, and operators that need a library',
  recognises: isOnnx,
  examine: examineOnnx,
}

const models = new WeakMap<ByteSource, ModelProto>()

/** Whether the bytes are a protobuf message that has what every ONNX model has. */
function isOnnx(source: ByteSource): boolean {
  // Field 1 (IR version), a varint: every writer puts it first. Field 7 (graph) and 2 (producer) are the other beginnings met.
  if (![0x08, 0x12, 0x3a].includes(byteAt(source, 0)) || source.size > LARGEST) return false
  try {
    models.set(source, decodeOnnx(source.read(0, source.size)))
    return true
  } catch {
    return false
  }
}

/** Examines an ONNX model: weights outside of the file, operators that need a library, in the graph and in all below it. */
async function examineOnnx(source: ByteSource, part: Part): Promise<void> {
  const model = models.get(source) ?? decodeOnnx(source.read(0, source.size))
  const walk: Walk = { part, domains: new Set((model.functions ?? []).map(({ domain }) => domain ?? '')), places: new Set() }
  for (const { domain } of model.opsetImport ?? []) checkDomain(domain ?? '', 'imports the operator set', walk)
  if (model.graph) walkGraph(model.graph, walk)
  for (const { node } of model.functions ?? []) for (const each of node ?? []) walkNode(each, walk)
}

interface Walk {
  readonly part: Part
  /** Domains of functions that the model defines itself. */
  readonly domains: ReadonlySet<string>
  /** Messages already given. */
  readonly places: Set<string>
}

function walkGraph(graph: GraphProto, walk: Walk): void {
  for (const tensor of graph.initializer ?? []) checkTensor(tensor, walk)
  for (const sparse of graph.sparseInitializer ?? []) {
    if (sparse.values) checkTensor(sparse.values, walk)
    if (sparse.indices) checkTensor(sparse.indices, walk)
  }
  for (const node of graph.node ?? []) walkNode(node, walk)
}

function walkNode(node: NodeProto, walk: Walk): void {
  checkDomain(node.domain ?? '', `has the operator ${JSON.stringify(node.opType ?? '')} of`, walk)
  for (const attribute of node.attribute ?? []) {
    for (const graph of [attribute.g, ...(attribute.graphs ?? [])]) if (graph) walkGraph(graph, walk)
    for (const tensor of [attribute.t, ...(attribute.tensors ?? [])]) if (tensor) checkTensor(tensor, walk)
  }
}

function checkDomain(domain: string, what: string, walk: Walk): void {
  if (KNOWN_DOMAINS.has(domain) || walk.domains.has(domain)) return
  reportOnce(walk, 'onnx.custom-operator', `The model ${what} ${JSON.stringify(domain)}, which needs a library of its own`)
}

function checkTensor(tensor: TensorProto, walk: Walk): void {
  const entries = tensor.externalData ?? []
  if (tensor.dataLocation !== EXTERNAL_DATA && entries.length === 0) return
  const locations = entries.filter(({ key }) => key === 'location').map(({ value }) => value ?? '')
  const shown = JSON.stringify(tensor.name ?? '')
  if (locations.length !== 1)
    reportOnce(walk, 'onnx.external-path', `The tensor ${shown} has ${locations.length} places for its data`)
  for (const location of locations) {
    const outside = /^[\\/]|^[A-Za-z]:|^[a-z][a-z0-9+.-]*:|(^|[\\/])\.\.([\\/]|$)|\0/i.test(location)
    const place = JSON.stringify(location.slice(0, 200))
    if (outside) reportOnce(walk, 'onnx.external-path', `The tensor ${shown} reads its data from ${place}`)
    else reportOnce(walk, 'onnx.external-data', `Weights of the model are in ${place} beside it: its digest does not cover them`)
  }
}

function reportOnce(
  walk: Walk,
  rule: 'onnx.external-path' | 'onnx.external-data' | 'onnx.custom-operator',
  message: string,
): void {
  if (walk.places.has(message)) return
  walk.places.add(message)
  walk.part.examination.report(rule, { message, part: walk.part })
}
