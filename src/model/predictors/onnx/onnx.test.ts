import { assert, asyncProperty, double, integer } from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../../../core/digest.ts'
import { tableFromRows } from '../../../core/table.ts'
import {
  DATA_TYPE,
  floatAttribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  onnxNode,
  stringAttribute,
  stringsAttribute,
  tensorInfo,
} from '../../../drivers/onnx-proto.ts'
import { ML, onnxModel as model, openModel as open } from '../../../../test/onnx-rig.ts'

const { FLOAT, INT64, STRING } = DATA_TYPE

const code = (expected: string, message = /./) =>
  expect.objectContaining({ code: expected, message: expect.stringMatching(message) })

/** P(yes) = logistic(2·income - 1·debt + (risky ? 3 : 0)) */
const classifier = (coefficients = [2, -1, 3]) =>
  onnxNode(
    'LinearClassifier',
    ['x'],
    ['label', 'probabilities'],
    [
      floatsAttribute('coefficients', [...coefficients.map((value) => -value), ...coefficients]),
      floatsAttribute('intercepts', [0, 0]),
      stringsAttribute('classlabels_strings', ['no', 'yes']),
      stringAttribute('post_transform', 'LOGISTIC'),
    ],
    ML,
  )
const outputs = [tensorInfo('label', STRING, ['N']), tensorInfo('probabilities', FLOAT, ['N', 2])]
const perColumn = model(
  {
    input: [tensorInfo('income', FLOAT, ['N', 1]), tensorInfo('debt', FLOAT, ['N', 1]), tensorInfo('risky', STRING, ['N', 1])],
    output: outputs,
    node: [
      onnxNode(
        'LabelEncoder',
        ['risky'],
        ['risk'],
        [
          stringsAttribute('keys_strings', ['no', 'yes']),
          floatsAttribute('values_floats', [0, 1]),
          floatAttribute('default_float', Number.NaN),
        ],
        ML,
      ),
      onnxNode('Concat', ['income', 'debt', 'risk'], ['x'], [intAttribute('axis', 1)]),
      classifier(),
    ],
  },
  { classes: ['no', 'yes'], feature_importances: { income: 0.3, debt: 0.2, risky: 0.5 } },
)
const matrix = (metadata: Record<string, unknown> = {}) =>
  model({ input: [tensorInfo('x', FLOAT, ['N', 3])], output: outputs, node: [classifier()] }, metadata)

const logistic = (z: number) => 1 / (1 + Math.exp(-z))
const rows = tableFromRows([
  { id: 'a', debt: 1, risky: 'no', income: 2 },
  { id: 'b', debt: 5, risky: 'yes', income: 0 },
])

test('a model of one input per column finds its columns by name and says what it is made of', async () => {
  const { bytes, predictor } = await open(perColumn)
  expect(predictor).toMatchObject({
    kind: 'onnx',
    name: 'model.onnx',
    digest: sha256(bytes),
    features: ['income', 'debt', 'risky'],
    datatypes: { income: 'FP32', debt: 'FP32', risky: 'BYTES' },
    importances: { income: 0.3, debt: 0.2, risky: 0.5 },
  })
  const { labels, classes, probabilities, rowCount } = await predictor.predict(rows)
  expect({ rowCount, labels, classes }).toEqual({ rowCount: 2, labels: ['yes', 'no'], classes: ['no', 'yes'] })
  expect(probabilities![1]).toBeCloseTo(logistic(3), 6)
  expect(probabilities![3]).toBeCloseTo(logistic(-2), 6)
  await predictor.close()
})

test('a matrix takes its column order from the model, or from the user, and refuses to guess it', async () => {
  const table = tableFromRows([{ c: 0, b: 1, a: 2 }])
  for (const { predictor } of [await open(matrix({ feature_names: ['a', 'b', 'c'] })), await open(matrix(), ['a', 'b', 'c'])]) {
    expect(predictor.features).toEqual(['a', 'b', 'c'])
    expect((await predictor.predict(table)).probabilities![1]).toBeCloseTo(logistic(3), 6)
  }
  await expect(open(matrix())).rejects.toThrow(code('E_MODEL_INPUT', /3 columns; their names are not known/))
  await expect(open(matrix(), ['a', 'b'])).rejects.toThrow(code('E_MODEL_INPUT', /3 columns; 2 are named/))
})

test('columns that are missing or hold the wrong kind of value are named, with the first bad row', async () => {
  const { predictor } = await open(perColumn)
  const predict = (row: Record<string, string | number | null>) =>
    predictor.predict(
      tableFromRows([
        { income: 1, debt: 1, risky: 'no' },
        { income: 1, debt: 1, risky: 'no', ...row },
      ]),
    )
  await expect(predictor.predict(tableFromRows([{ income: 1, risk: 'no' }]))).rejects.toThrow(
    code('E_MODEL_INPUT', /lacks: debt, risky/),
  )
  await expect(predict({ debt: 'much' })).rejects.toThrow(code('E_MODEL_INPUT', /takes numbers in "debt"; row 2 has "much"/))
  await expect(predict({ risky: null })).rejects.toThrow(code('E_MODEL_INPUT', /takes text in "risky"; row 2 has nothing/))
  await expect(predict({ risky: 1 })).rejects.toThrow(code('E_MODEL_INPUT', /takes text in "risky"; row 2 has 1/))
})

test('what the model cannot compute comes out as NaN, for a gate to see', async () => {
  const { predictor } = await open(perColumn)
  const { labels, probabilities } = await predictor.predict(
    tableFromRows([
      { income: null, debt: 1, risky: 'no' },
      { income: 1, debt: 1, risky: 'perhaps' },
      { income: 1, debt: 1, risky: 'no' },
    ]),
  )
  expect(labels).toHaveLength(3)
  expect(Array.from(probabilities!, Number.isNaN)).toEqual([true, true, true, true, false, false])
})

test('batches of any size give the same answers, one per row, in order', async () => {
  const { predictor } = await open(matrix({ feature_names: ['a', 'b', 'c'] }))
  await assert(
    asyncProperty(
      integer({ min: 0, max: 40 }),
      integer({ min: 1, max: 50 }),
      double({ noNaN: true, min: -3, max: 3 }),
      async (n, batchSize, slope) => {
        const column = Float64Array.from({ length: n }, (_none, i) => slope * i)
        const table = { rowCount: n, columns: { a: column, b: new Float64Array(n), c: new Float64Array(n) } }
        const { rowCount, labels, probabilities } = await predictor.predict(table, { batchSize })
        expect([rowCount, labels.length, probabilities!.length]).toEqual([n, n, 2 * n])
        for (const [i, value] of column.entries()) expect(probabilities![2 * i + 1]).toBeCloseTo(logistic(2 * value), 5)
      },
    ),
    { numRuns: 25 },
  )
})

test('integer inputs take integers and nothing else', async () => {
  const { predictor } = await open(
    model(
      {
        input: [tensorInfo('n', INT64, ['N', 1])],
        output: [tensorInfo('y', FLOAT, ['N', 1])],
        node: [onnxNode('Cast', ['n'], ['y'], [intAttribute('to', FLOAT)])],
      },
      {},
    ),
  )
  const predict = (n: number | null) => predictor.predict(tableFromRows([{ n }]))
  expect(await predict(7)).toEqual({ rowCount: 1, labels: [7], classes: null, probabilities: null })
  await expect(predict(7.5)).rejects.toThrow(code('E_MODEL_INPUT', /integers \(int64, up to 2\^53\) in "n"; row 1 has 7.5/))
  await expect(predict(null)).rejects.toThrow(code('E_MODEL_INPUT', /row 1 has/))
})

test('the list of dictionaries that scikit-learn converters end in is read as probabilities', async () => {
  const zipped = model({
    input: [tensorInfo('x', FLOAT, ['N', 3])],
    output: [
      tensorInfo('output_label', STRING, ['N']),
      {
        name: 'output_probability',
        type: { sequenceType: { elemType: { mapType: { keyType: STRING, valueType: { tensorType: { elemType: FLOAT } } } } } },
      },
    ],
    node: [
      { ...classifier(), output: ['output_label', 'p'] },
      onnxNode('ZipMap', ['p'], ['output_probability'], [stringsAttribute('classlabels_strings', ['no', 'yes'])], ML),
    ],
  })
  const { bytes, predictor } = await open(zipped, ['a', 'b', 'c'])
  const { labels, classes, probabilities } = await predictor.predict(tableFromRows([{ a: 2, b: 1, c: 0 }]))
  expect({ labels, classes }).toEqual({ labels: ['yes'], classes: ['no', 'yes'] })
  expect(probabilities![1]).toBeCloseTo(logistic(3), 6)
  expect(predictor.digest).toBe(sha256(bytes))
})

test('a network that gives the probability of the second class gives both, and labels by name', async () => {
  const sigmoid = (metadata: Record<string, unknown>) =>
    model(
      {
        input: [tensorInfo('z', FLOAT, ['N', 1])],
        output: [tensorInfo('p', FLOAT, ['N', 1])],
        node: [onnxNode('Sigmoid', ['z'], ['p'])],
      },
      metadata,
    )
  const { predictor } = await open(sigmoid({ classes: ['no', 'yes'] }))
  const { labels, probabilities } = await predictor.predict(tableFromRows([{ z: 0.5 }, { z: -0.5 }, { z: null }]))
  expect(labels).toEqual(['yes', 'no', Number.NaN])
  expect(probabilities![0]! + probabilities![1]!).toBeCloseTo(1, 12)
  const regression = (await open(sigmoid({}))).predictor
  expect((await regression.predict(tableFromRows([{ z: 0 }]))).labels).toEqual([0.5])
})

test('numbered labels are named by the classes in the metadata', async () => {
  const numbered = model(
    {
      input: [tensorInfo('x', FLOAT, ['N', 2])],
      output: [tensorInfo('label', INT64, ['N']), tensorInfo('probabilities', FLOAT, ['N', 2])],
      node: [
        onnxNode(
          'LinearClassifier',
          ['x'],
          ['label', 'probabilities'],
          [
            floatsAttribute('coefficients', [0, 1, 1, 0]),
            floatsAttribute('intercepts', [0, 0]),
            intsAttribute('classlabels_ints', [0, 1]),
            stringAttribute('post_transform', 'SOFTMAX'),
          ],
          ML,
        ),
      ],
    },
    { classes: ['stay', 'go'], feature_names: ['a', 'b'] },
  )
  const table = tableFromRows([
    { a: 0, b: 2 },
    { a: 2, b: 0 },
  ])
  expect((await (await open(numbered)).predictor.predict(table)).labels).toEqual(['stay', 'go'])
  const { classes, labels } = await (await open({ ...numbered, metadataProps: [] }, ['a', 'b'])).predictor.predict(table)
  expect({ classes, labels }).toEqual({ classes: [0, 1], labels: [0, 1] })
})

test('files that are no model, or none that can be understood, are refused with the reason', async () => {
  await expect(open(Buffer.from('hello'))).rejects.toThrow(code('E_MODEL_FORMAT', /model\.onnx: Not an ONNX model/))
  await expect(open(matrix({ feature_importances: { a: -1 } }))).rejects.toThrow(code('E_MODEL_FORMAT', /feature_importances/))
  await expect(
    open(model({ input: [tensorInfo('x', FLOAT, ['N', 1])], output: outputs, node: [onnxNode('Bogus', ['x'], ['label'])] })),
  ).rejects.toThrow(code('E_MODEL_FORMAT', /cannot be loaded by ONNX Runtime/))
  const unnamed = model({
    input: [tensorInfo('x', FLOAT, ['N', 3])],
    output: [tensorInfo('p', FLOAT, ['N', 3])],
    node: [onnxNode('Softmax', ['x'], ['p'])],
  })
  await expect(open(unnamed, ['a', 'b', 'c'])).rejects.toThrow(code('E_MODEL_FORMAT', /not the names of its classes/))
})

test('an abort stops between batches', async () => {
  const { predictor } = await open(perColumn)
  await expect(predictor.predict(rows, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped')
})
