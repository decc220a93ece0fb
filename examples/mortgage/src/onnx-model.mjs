import {
  DATA_TYPE,
  encodeOnnx,
  floatAttribute,
  floatsAttribute,
  intAttribute,
  onnxNode,
  stringAttribute,
  stringsAttribute,
  tensorInfo,
} from 'plimsoll/onnx'

const ML = 'ai.onnx.ml'

/**
 * The bytes of an ONNX model that goes from raw columns to a decision: one input per column, the feature code as
 * operations, then the logistic regression. What serves it needs no code of ours, so training and serving cannot drift apart.
 */
export function onnxModel({ columns, features, classes, coefficients, intercept, importances }) {
  const isText = (column) => features.some((feature) => feature.column === column && feature.kind === 'yes')
  const nodes = features.flatMap(operationsOf)
  const initializer = features.flatMap(constantsOf)
  return encodeOnnx({
    irVersion: 8,
    producerName: 'mortgage-example',
    opsetImport: [
      { domain: '', version: 17 },
      { domain: ML, version: 3 },
    ],
    metadataProps: Object.entries({ feature_names: columns, classes, feature_importances: importances }).map(([key, value]) => ({
      key,
      value: JSON.stringify(value),
    })),
    graph: {
      name: 'mortgage_denial',
      input: columns.map((column) => tensorInfo(column, isText(column) ? DATA_TYPE.STRING : DATA_TYPE.FLOAT, ['N', 1])),
      output: [tensorInfo('label', DATA_TYPE.STRING, ['N']), tensorInfo('probabilities', DATA_TYPE.FLOAT, ['N', classes.length])],
      initializer,
      node: [
        ...nodes,
        onnxNode(
          'Concat',
          features.map(({ name }) => output(name)),
          ['features'],
          [intAttribute('axis', 1)],
        ),
        onnxNode(
          'LinearClassifier',
          ['features'],
          ['label', 'probabilities'],
          [
            // One row of coefficients per class; with opposite signs the two logistic values add up to 1.
            floatsAttribute('coefficients', [...coefficients.map((value) => -value), ...coefficients]),
            floatsAttribute('intercepts', [-intercept, intercept]),
            stringsAttribute('classlabels_strings', classes),
            stringAttribute('post_transform', 'LOGISTIC'),
          ],
          ML,
        ),
      ],
    },
  })
}

const output = (feature) => `feature_${feature}`
const scalar = (name, value) => ({ name, dataType: DATA_TYPE.FLOAT, dims: [], floatData: [value] })

function operationsOf({ column, name, kind }) {
  if (kind === 'clip') return [onnxNode('Clip', [column, `${name}_min`, `${name}_max`], [output(name)])]
  if (kind === 'above') {
    return [
      onnxNode('Greater', [column, `${name}_threshold`], [`${name}_is`]),
      onnxNode('Cast', [`${name}_is`], [output(name)], [intAttribute('to', DATA_TYPE.FLOAT)]),
    ]
  }
  return [
    onnxNode(
      'LabelEncoder',
      [column],
      [output(name)],
      [
        stringsAttribute('keys_strings', ['no', 'yes']),
        floatsAttribute('values_floats', [0, 1]),
        // An answer that is neither must not pass for one of them: NaN comes out at the end, where a gate sees it.
        floatAttribute('default_float', Number.NaN),
      ],
      ML,
    ),
  ]
}

function constantsOf({ name, kind, min, max, threshold }) {
  if (kind === 'clip') return [scalar(`${name}_min`, min), scalar(`${name}_max`, max)]
  return kind === 'above' ? [scalar(`${name}_threshold`, threshold)] : []
}
