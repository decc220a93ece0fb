import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from '../../../drivers/onnx-proto.ts'

/**
 * A model as the runtime can hand its answers to Node, which are tensors alone. Exporters of scikit-learn end in a `ZipMap`, which
 * makes a list of dictionaries of a matrix of probabilities, or in a `SequenceConstruct`, which makes a list of the matrices of
 * each label: what they are made of becomes the output.
 *
 * @returns undefined when there is nothing to change
 */
export function tensorOutputs(model: ModelProto): ModelProto | undefined {
  const { graph } = model
  const output = graph?.output?.flatMap((value) => unpacked(graph, value)) ?? []
  const isSame = output.length === graph?.output?.length && output.every((value, i) => value === graph.output![i])
  if (graph === undefined || isSame) return undefined
  const distinct = output.filter(({ name }, i) => output.findIndex((value) => value.name === name) === i)
  const unused = new Set(graph.output!.filter((value) => !distinct.includes(value)).map(({ name }) => name))
  const node = (graph.node ?? []).filter((made) => !(isPacking(made) && unused.has(made.output?.[0])))
  return { ...model, graph: { ...graph, node, output: distinct } }
}

const isPacking = ({ opType }: NodeProto): boolean => opType === 'ZipMap' || opType === 'SequenceConstruct'

function unpacked({ node = [] }: GraphProto, value: ValueInfoProto): readonly ValueInfoProto[] {
  const maker = node.find(({ output = [] }) => output.includes(value.name ?? ''))
  if (maker === undefined || !isPacking(maker)) return [value]
  // Without types: the runtime infers them, also where the exporter had them wrong.
  return (maker.opType === 'ZipMap' ? [maker.input?.[0] ?? ''] : (maker.input ?? [])).map((name) => ({ name }))
}

/**
 * Whether the scores of a model come straight out of a linear classifier without any function after it: then they are distances
 * from its planes, whatever their output is called.
 */
export function hasRawScores({ graph }: ModelProto): boolean {
  const makers = new Map((graph?.node ?? []).flatMap((node) => (node.output ?? []).map((output) => [output, node] as const)))
  return (graph?.output ?? []).some(({ name = '' }) => {
    let [at, maker] = [name, makers.get(name)]
    for (let steps = 0; steps < 10 && HANDS_ON.has(maker?.opType); steps++) {
      at = maker?.input?.[0] ?? ''
      maker = makers.get(at)
    }
    if (maker?.opType !== 'LinearClassifier' || maker.output?.[1] !== at) return false
    const { s } = maker.attribute?.find((attribute) => attribute.name === 'post_transform') ?? {}
    return s === undefined || Buffer.from(s).toString() === 'NONE'
  })
}

const HANDS_ON: ReadonlySet<string | undefined> = new Set(['ZipMap', 'Identity', 'Cast', 'ArrayFeatureExtractor'])
