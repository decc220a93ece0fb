import { messageOf, UserError } from '../../core/errors.ts'
import type { Label } from '../../core/predictor.ts'
import {
  EXTERNAL_DATA,
  onnxMetadata,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
} from '../../drivers/onnx-proto.ts'
import { z } from 'zod'

/** What a model says of itself in its `metadata_props` and its operators. */
export interface OnnxFacts {
  /** Order of the columns of a single matrix input. */
  readonly featureNames: readonly string[] | null
  readonly classes: readonly Label[] | null
  readonly importances: Readonly<Record<string, number>> | null
  /** The classes that a classifier operator carries, in case the model names none itself. */
  readonly operatorClasses: readonly Label[] | null
}

const FEATURE_NAMES = z.array(z.string()).min(1)
const CLASSES = z.union([z.array(z.string()).min(1), z.array(z.number()).min(1)])
const IMPORTANCES = z.record(z.string(), z.number().nonnegative())

/** @throws UserError E_MODEL_FORMAT when an entry that is there cannot be understood */
export function onnxFacts(model: ModelProto, name: string): OnnxFacts {
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
    featureNames: read('feature_names', FEATURE_NAMES, 'a JSON list of column names'),
    classes: read('classes', CLASSES, 'a JSON list of class names'),
    importances: read('feature_importances', IMPORTANCES, 'a JSON object of non-negative numbers'),
    operatorClasses: operatorClasses(model.graph?.node ?? []),
  }
}

/** Classifiers carry their classes as attributes. Several that disagree (a stack of models) tell nothing about the whole. */
function operatorClasses(nodes: readonly NodeProto[]): readonly Label[] | null {
  const found = nodes.map(classesOf).filter((classes) => classes !== null)
  const [first] = found
  if (first === undefined) return null
  return found.every((classes) => JSON.stringify(classes) === JSON.stringify(first)) ? first : null
}

function classesOf(node: NodeProto): readonly Label[] | null {
  for (const { name = '', strings, ints } of node.attribute ?? []) {
    if (!name.startsWith('classlabels_')) continue
    if (strings && strings.length > 0) return strings.map((text) => Buffer.from(text).toString('utf8'))
    if (ints && ints.length > 0) return ints.map(Number)
  }
  return null
}

/** Whether weights are in files beside the model, in which case the runtime must open the model by its path. */
export function hasExternalData(graph: GraphProto | undefined): boolean {
  const isExternal = (tensor: { dataLocation?: number } | undefined) => tensor?.dataLocation === EXTERNAL_DATA
  const inAttribute = ({ t, g, graphs }: AttributeProto) => isExternal(t) || [g, ...(graphs ?? [])].some(hasExternalData)
  return (
    (graph?.initializer ?? []).some(isExternal) || (graph?.node ?? []).some((node) => (node.attribute ?? []).some(inAttribute))
  )
}

/**
 * The model without the `ZipMap` at its end, which turns a matrix of probabilities into a list of dictionaries that the
 * runtime cannot hand to Node: the matrix itself becomes the output. Undefined when there is none.
 */
export function withoutZipMap(model: ModelProto): ModelProto | undefined {
  const graph = model.graph ?? {}
  const zipMaps = (graph.node ?? []).filter(({ opType, domain }) => opType === 'ZipMap' && domain === 'ai.onnx.ml')
  if (zipMaps.length === 0) return undefined
  const matrixOf = new Map(zipMaps.map(({ input, output }) => [output?.[0], input?.[0] ?? '']))
  return {
    ...model,
    graph: {
      ...graph,
      node: (graph.node ?? []).filter((node) => !zipMaps.includes(node)),
      output: (graph.output ?? []).map((output) => {
        const matrix = matrixOf.get(output.name)
        return matrix === undefined ? output : { name: matrix, type: { tensorType: { elemType: 1 } } }
      }),
    },
  }
}
