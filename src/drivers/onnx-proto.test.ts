import { assert, property, uint8Array } from 'fast-check'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import {
  DATA_TYPE,
  decodeOnnx,
  encodeOnnx,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  onnxMetadata,
  onnxNode,
  stringAttribute,
  stringsAttribute,
  tensorInfo,
  type ModelProto,
} from './onnx-proto.ts'

/** P(yes) = logistic(2a - b + 0.5), by hand. */
const linear: ModelProto = {
  irVersion: 8,
  producerName: 'test',
  opsetImport: [
    { domain: '', version: 17 },
    { domain: 'ai.onnx.ml', version: 3 },
  ],
  metadataProps: [{ key: 'classes', value: '["no","yes"]' }],
  graph: {
    name: 'linear',
    input: [tensorInfo('x', DATA_TYPE.FLOAT, ['N', 2])],
    output: [tensorInfo('label', DATA_TYPE.STRING, ['N']), tensorInfo('probabilities', DATA_TYPE.FLOAT, ['N', 2])],
    node: [
      onnxNode(
        'LinearClassifier',
        ['x'],
        ['label', 'probabilities'],
        [
          floatsAttribute('coefficients', [-2, 1, 2, -1]),
          floatsAttribute('intercepts', [-0.5, 0.5]),
          stringsAttribute('classlabels_strings', ['no', 'yes']),
          stringAttribute('post_transform', 'LOGISTIC'),
          intAttribute('multi_class', 0),
        ],
        'ai.onnx.ml',
      ),
    ],
  },
}

test('a model written here runs in ONNX Runtime', async () => {
  const session = await InferenceSession.create(encodeOnnx(linear))
  const { label, probabilities } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 0, -1, 1), [2, 2]) })
  expect(label?.data).toEqual(['yes', 'no'])
  const yes = [probabilities?.data[1], probabilities?.data[3]].map(Number)
  expect(yes[0]).toBeCloseTo(1 / (1 + Math.exp(-2.5)), 6)
  expect(yes[1]).toBeCloseTo(1 / (1 + Math.exp(2.5)), 6)
})

test('what is written is read back, with values that a default would hide and integers that a double would round', () => {
  const node = onnxNode('Op', ['a'], ['b'], [intAttribute('zero', 0), intsAttribute('ends', [1, 9223372036854775807n, -3])])
  const model: ModelProto = { ...linear, graph: { ...linear.graph, node: [node] } }
  const read = decodeOnnx(encodeOnnx(model))
  expect(read.graph?.node?.[0]?.attribute).toEqual(node.attribute)
  expect(read).toEqual({ ...model, graph: { ...model.graph, node: [node] } })
  expect(onnxMetadata(read)).toEqual({ classes: '["no","yes"]' })
})

test('sequence and map types, external tensors and functions survive a round trip', () => {
  const model: ModelProto = {
    irVersion: 10,
    graph: {
      output: [
        {
          name: 'z',
          type: {
            sequenceType: {
              elemType: {
                mapType: {
                  keyType: DATA_TYPE.STRING,
                  valueType: { tensorType: { elemType: DATA_TYPE.FLOAT, shape: {} } },
                },
              },
            },
          },
        },
      ],
      initializer: [
        {
          name: 'w',
          dims: [2, 3],
          dataType: DATA_TYPE.FLOAT,
          dataLocation: 1,
          externalData: [{ key: 'location', value: 'w.bin' }],
        },
        { name: 'v', dims: [2], dataType: DATA_TYPE.FLOAT, floatData: [0.5, -1] },
        { name: 'r', dims: [1], dataType: DATA_TYPE.UINT8, rawData: Buffer.from([7]) },
      ],
    },
    functions: [{ name: 'F', domain: 'mine', input: ['a'], output: ['b'], attribute: ['alpha'], node: [{ opType: 'Relu' }] }],
  }
  expect(decodeOnnx(encodeOnnx(model))).toEqual(model)
})

test('bytes that are no model are refused, whatever they are', () => {
  expect(() => decodeOnnx(new Uint8Array())).toThrow(expect.objectContaining({ code: 'E_MODEL_FORMAT' }))
  expect(() => decodeOnnx(Buffer.from('not a model'))).toThrow(expect.objectContaining({ code: 'E_MODEL_FORMAT' }))
  const bytes = encodeOnnx(linear)
  expect(() => decodeOnnx(bytes.subarray(0, bytes.length - 7))).toThrow(expect.objectContaining({ code: 'E_MODEL_FORMAT' }))
  const outcome = (noise: Uint8Array) => {
    try {
      return decodeOnnx(noise).graph === undefined ? 'no graph' : 'read'
    } catch (error) {
      return (error as { code?: string }).code
    }
  }
  assert(
    property(uint8Array({ maxLength: 400 }), (noise) => {
      expect(['read', 'E_MODEL_FORMAT']).toContain(outcome(noise))
    }),
  )
})

test('graphs nested without end are refused instead of exhausting the stack', () => {
  // Each level: GraphProto.node > NodeProto.attribute > AttributeProto.g
  let graph = Buffer.from([])
  const wrap = (field: number, inner: Buffer) => {
    const length: number[] = []
    for (let rest = inner.length; ; rest = Math.floor(rest / 128)) {
      length.push(rest < 128 ? rest : (rest % 128) | 128)
      if (rest < 128) break
    }
    return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), inner])
  }
  for (let level = 0; level < 2000; level++) graph = wrap(1, wrap(5, wrap(6, graph)))
  const model = Buffer.concat([Buffer.from([8, 8]), wrap(7, graph)])
  expect(() => decodeOnnx(model)).toThrow(expect.objectContaining({ code: 'E_MODEL_FORMAT' }))
})
