import { messageOf, UserError } from '../../../core/errors.ts'
import type { Label } from '../../../core/predictor.ts'
import {
  EXTERNAL_DATA,
  onnxMetadata,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../../../drivers/onnx-proto.ts'
import { z } from 'zod'
import type { FeatureNames } from './inputs.ts'

/** What a model says of itself in its `metadata_props`. */
export interface OnnxMetadata {
  readonly featureNames: FeatureNames | null
  readonly classes: readonly Label[] | null
  readonly importances: Readonly<Record<string, number>> | null
}

const NAMES = z.array(z.string()).min(1)
const FEATURE_NAMES = z.union([NAMES, z.record(z.string(), NAMES)])
const CLASSES = z.union([z.array(z.string()).min(1), z.array(z.number()).min(1)])
const IMPORTANCES = z.record(z.string(), z.number().nonnegative())

/** @throws UserError E_MODEL_FORMAT when an entry that is there cannot be understood */
export function readMetadata(model: ModelProto, name: string): OnnxMetadata {
  const metadata = onnxMetadata(model)
  const read = <T>(key: string, schema: z.ZodType<T>, what: string): T | null => {
    const text = metadata[key]
    if (text === undefined) return null
    try {
      return schema.parse(JSON.parse(text))
    } catch (error) {
      throw new UserError('E_MODEL_FORMAT', `${name}: metadata_props "${key}" is not ${what}`, {
        hint: messageOf(error).split('\n')[0],
        cause: error,
      })
    }
  }
  return {
    featureNames: read('feature_names', FEATURE_NAMES, 'a JSON list of column names, or an object with one for each input'),
    classes: read('classes', CLASSES, 'a JSON list of class names'),
    importances: read('feature_importances', IMPORTANCES, 'a JSON object of non-negative numbers'),
  }
}

/** Element types by their numbers that ONNX Runtime does not hand to Node (https://onnx.ai/onnx/api/serialization.html). */
const FOREIGN_TYPES: Readonly<Record<number, string>> = {
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
}

/** @throws UserError E_MODEL_FORMAT when an input or output is of a type that the runtime does not hand to or take from Node */
export function requireTensorTypes({ graph = {} }: ModelProto, name: string): void {
  const constants = new Set((graph.initializer ?? []).map((tensor) => tensor.name))
  const inputs = (graph.input ?? []).filter((value) => !constants.has(value.name)).map((value) => ['input', value] as const)
  const outputs = (graph.output ?? []).map((value) => ['output', value] as const)
  for (const [what, value] of [...inputs, ...outputs]) {
    const type = FOREIGN_TYPES[value.type?.tensorType?.elemType ?? 0]
    if (type === undefined) continue
    throw new UserError(
      'E_MODEL_FORMAT',
      `${name}: ${what} "${value.name}" is ${type}, which ONNX Runtime does not exchange with Node`,
      {
        hint: 'Export the model with float32 there, and a Cast inside it.',
      },
    )
  }
}

/** The files beside the model that its weights are in, as the model names them. */
export function externalFiles({ graph, functions = [] }: ModelProto): string[] {
  const nodes = [...nodesOf(graph), ...functions.flatMap(({ node = [] }) => node.flatMap(withInner))]
  const tensors = [
    ...graphsOf(graph).flatMap(({ initializer = [] }) => initializer),
    ...nodes.flatMap(({ attribute = [] }) => attribute.flatMap(({ t, tensors = [] }) => (t ? [t, ...tensors] : tensors))),
  ]
  const isExternal = ({ dataLocation }: TensorProto) => dataLocation === EXTERNAL_DATA
  const locations = tensors.filter(isExternal).map(({ externalData = [] }) => externalData.find(({ key }) => key === 'location'))
  return [...new Set(locations.map((location) => location?.value ?? ''))]
}

/** Whether a model holds a `Loop`: the one operator that need not come to an end. */
export function hasLoop({ graph, functions = [] }: ModelProto): boolean {
  const nodes = [...nodesOf(graph), ...functions.flatMap(({ node = [] }) => node.flatMap(withInner))]
  return nodes.some(({ opType }) => opType === 'Loop')
}

const innerGraphs = ({ g, graphs = [] }: AttributeProto): readonly GraphProto[] => (g ? [g, ...graphs] : graphs)

/** A graph and those inside its operators. */
function graphsOf(graph: GraphProto | undefined): GraphProto[] {
  if (graph === undefined) return []
  const inner = (graph.node ?? []).flatMap(({ attribute = [] }) => attribute.flatMap(innerGraphs))
  return [graph, ...inner.flatMap(graphsOf)]
}

const nodesOf = (graph: GraphProto | undefined): NodeProto[] => graphsOf(graph).flatMap(({ node = [] }) => node)

const withInner = (node: NodeProto): NodeProto[] => [
  node,
  ...(node.attribute ?? []).flatMap(innerGraphs).flatMap((graph) => nodesOf(graph)),
]
