import type { Label } from '../../../core/predictor.ts'
import { DATA_TYPE, type AttributeProto, type GraphProto, type NodeProto, type TensorProto } from '../../../drivers/onnx-proto.ts'

/** Operators that hand their first input on, class for class. */
const PASSES_ON: ReadonlySet<string | undefined> = new Set(['Identity', 'Cast', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'])
/** Operators that take elements out of their first input by number. */
const PICKS: ReadonlySet<string | undefined> = new Set(['ArrayFeatureExtractor', 'Gather'])

/**
 * The classes of a classifier, in the order of its scores, as far as its graph tells: by the `ZipMap` that names its scores, by
 * what its label is made of, or by the one list of classes that all its operators share.
 */
export function classesOfGraph(graph: GraphProto): readonly Label[] | null {
  const nodes = graph.node ?? []
  const outputs = new Set((graph.output ?? []).map(({ name }) => name))
  const named = nodes.find(({ opType, output }) => opType === 'ZipMap' && outputs.has(output?.[0]))
  const ofZipMap = named && classLabels(named)
  if (ofZipMap) return ofZipMap
  const look = lookBehind(graph)
  for (const { name = '' } of graph.output ?? []) {
    const found = look(name)
    if (found !== null) return found
  }
  // A stack of models that disagree tells nothing about the whole.
  const lists = nodes.map(classLabels).filter((list) => list !== null)
  return lists.every((list) => JSON.stringify(list) === JSON.stringify(lists[0])) ? (lists[0] ?? null) : null
}

/** Finds the classes that a value's elements are, or are numbers of, by walking back along the operators that made it. */
function lookBehind({ node = [], initializer = [] }: GraphProto): (name: string) => readonly Label[] | null {
  const makers = new Map(node.flatMap((maker) => (maker.output ?? []).map((output) => [output, maker] as const)))
  const constants = new Map(initializer.map((tensor) => [tensor.name, tensor]))
  const constant = (name: string) => constants.get(name) ?? attribute(makers.get(name), 'value')?.t

  return function look(name: string, steps = 0): readonly Label[] | null {
    const maker = makers.get(name)
    // The first output of a classifier is its label; a graph that goes in circles is not worth an error here.
    if (maker === undefined || steps > 50 || maker.output?.[0] !== name) return null
    const [source = ''] = maker.input ?? []
    const own = maker.opType === 'ZipMap' ? null : classLabels(maker)
    if (own !== null) return own
    if (PASSES_ON.has(maker.opType)) return look(source, steps + 1)
    if (PICKS.has(maker.opType)) return listOf(constant(source))
    if (maker.opType === 'LabelEncoder') return renamed(maker, look(source, steps + 1))
    return null
  }
}

/** What a `LabelEncoder` makes of classes; where these are not known, of the numbers from 0 on. */
function renamed(encoder: NodeProto, classes: readonly Label[] | null): readonly Label[] | null {
  const keys = listAttribute(encoder, 'keys_int64s', 'keys_strings')
  const values = listAttribute(encoder, 'values_strings', 'values_int64s')
  if (keys === null || values === null) return null
  const found = (classes ?? keys.map((_key, i) => i)).map((name) => values[keys.indexOf(name)])
  return found.every((value) => value !== undefined) ? found : null
}

function attribute(node: NodeProto | undefined, name: string): AttributeProto | undefined {
  return node?.attribute?.find((attribute) => attribute.name === name)
}

/** The classes that a classifier carries as an attribute. */
function classLabels(node: NodeProto): readonly Label[] | null {
  return listAttribute(node, 'classlabels_strings', 'classlabels_int64s', 'classlabels_ints')
}

function listAttribute(node: NodeProto, ...names: readonly string[]): readonly Label[] | null {
  for (const name of names) {
    const { strings = [], ints = [] } = attribute(node, name) ?? {}
    if (strings.length > 0) return strings.map(text)
    if (ints.length > 0) return ints.map(Number)
  }
  return null
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

/** The texts or integers of a tensor. */
function listOf(tensor: TensorProto | undefined): readonly Label[] | null {
  if (tensor === undefined) return null
  const { dataType, stringData = [], int64Data = [], int32Data = [], rawData = new Uint8Array() } = tensor
  const raw = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength)
  const read = (width: number, at: (offset: number) => number | bigint) =>
    Array.from({ length: Math.floor(rawData.length / width) }, (_none, i) => Number(at(i * width)))
  let list: readonly Label[] = []
  if (dataType === DATA_TYPE.STRING) list = stringData.map(text)
  if (dataType === DATA_TYPE.INT64)
    list = int64Data.length > 0 ? int64Data.map(Number) : read(8, (at) => raw.getBigInt64(at, true))
  if (dataType === DATA_TYPE.INT32) list = int32Data.length > 0 ? int32Data : read(4, (at) => raw.getInt32(at, true))
  return list.length > 0 ? list : null
}
