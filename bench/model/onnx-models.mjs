// Models of 20 float32 features, with weights from a fixed sequence: as scikit-learn and PyTorch exporters write them.
import {
  DATA_TYPE,
  encodeOnnx,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  onnxNode,
  stringAttribute,
  stringsAttribute,
  tensorInfo,
} from '../../dist/drivers/onnx-proto.js'

export const WIDTH = 20
const ML = 'ai.onnx.ml'
const { FLOAT, INT64, STRING } = DATA_TYPE

/** Numbers in [-1, 1), the same in every run (mulberry32). */
export function sequence(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1
  }
}

const model = (output, node, initializer = [], classes = null) =>
  encodeOnnx({
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 17 },
      { domain: ML, version: 3 },
    ],
    metadataProps: [
      { key: 'feature_names', value: JSON.stringify(Array.from({ length: WIDTH }, (_none, i) => `f${i}`)) },
      ...(classes ? [{ key: 'classes', value: JSON.stringify(classes) }] : []),
    ],
    graph: { name: 'bench', input: [tensorInfo('x', FLOAT, ['N', WIDTH])], output, node, initializer },
  })

/** LogisticRegression of two integer classes. */
export function logistic() {
  const next = sequence(1)
  const weights = Array.from({ length: WIDTH }, next)
  const output = [tensorInfo('label', INT64, ['N']), tensorInfo('probabilities', FLOAT, ['N', 2])]
  return model(output, [
    onnxNode(
      'LinearClassifier',
      ['x'],
      ['label', 'probabilities'],
      [
        floatsAttribute('coefficients', [...weights.map((value) => -value), ...weights]),
        floatsAttribute('intercepts', [0, 0]),
        intsAttribute('classlabels_ints', [0, 1]),
        stringAttribute('post_transform', 'LOGISTIC'),
      ],
      ML,
    ),
  ])
}

/** A network of two hidden layers and three classes. */
export function network(hidden = 64) {
  const next = sequence(2)
  const sizes = [WIDTH, hidden, hidden / 2, 3]
  const initializer = []
  const node = []
  let at = 'x'
  for (let layer = 0; layer < 3; layer++) {
    const [from, to] = [sizes[layer], sizes[layer + 1]]
    const floats = (name, dims, count) =>
      initializer.push({ name, dims, dataType: FLOAT, floatData: Array.from({ length: count }, () => next() / Math.sqrt(from)) })
    floats(`w${layer}`, [from, to], from * to)
    floats(`b${layer}`, [to], to)
    node.push(onnxNode('Gemm', [at, `w${layer}`, `b${layer}`], [`z${layer}`]))
    if (layer < 2) node.push(onnxNode('Relu', [`z${layer}`], [`h${layer}`]))
    at = `h${layer}`
  }
  node.push(
    onnxNode('Softmax', ['z2'], ['probabilities'], [intAttribute('axis', 1)]),
    onnxNode('ArgMax', ['probabilities'], ['label'], [intAttribute('axis', 1), intAttribute('keepdims', 0)]),
  )
  const output = [tensorInfo('label', INT64, ['N']), tensorInfo('probabilities', FLOAT, ['N', 3])]
  return model(output, node, initializer, ['low', 'middle', 'high'])
}

/** A forest of full trees and two classes of text. */
export function forest(trees = 100, depth = 6) {
  const next = sequence(3)
  const nodes = { trees: [], ids: [], features: [], modes: [], values: [], yes: [], no: [] }
  const leaves = { trees: [], ids: [], classes: [], weights: [] }
  const inner = 2 ** depth - 1
  for (let tree = 0; tree < trees; tree++) {
    for (let id = 0; id < 2 * inner + 1; id++) {
      const isLeaf = id >= inner
      nodes.trees.push(tree)
      nodes.ids.push(id)
      nodes.features.push(isLeaf ? 0 : Math.floor(((next() + 1) / 2) * WIDTH))
      nodes.modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ')
      nodes.values.push(isLeaf ? 0 : next() / 2)
      nodes.yes.push(isLeaf ? 0 : 2 * id + 1)
      nodes.no.push(isLeaf ? 0 : 2 * id + 2)
      if (!isLeaf) continue
      const share = (next() + 1) / 2
      for (const [k, weight] of [1 - share, share].entries()) {
        leaves.trees.push(tree)
        leaves.ids.push(id)
        leaves.classes.push(k)
        leaves.weights.push(weight / trees)
      }
    }
  }
  const output = [tensorInfo('label', STRING, ['N']), tensorInfo('probabilities', FLOAT, ['N', 2])]
  return model(output, [
    onnxNode(
      'TreeEnsembleClassifier',
      ['x'],
      ['label', 'probabilities'],
      [
        intsAttribute('nodes_treeids', nodes.trees),
        intsAttribute('nodes_nodeids', nodes.ids),
        intsAttribute('nodes_featureids', nodes.features),
        stringsAttribute('nodes_modes', nodes.modes),
        floatsAttribute('nodes_values', nodes.values),
        intsAttribute('nodes_truenodeids', nodes.yes),
        intsAttribute('nodes_falsenodeids', nodes.no),
        intsAttribute('class_treeids', leaves.trees),
        intsAttribute('class_nodeids', leaves.ids),
        intsAttribute('class_ids', leaves.classes),
        floatsAttribute('class_weights', leaves.weights),
        stringsAttribute('classlabels_strings', ['no', 'yes']),
        stringAttribute('post_transform', 'NONE'),
      ],
      ML,
    ),
  ])
}
