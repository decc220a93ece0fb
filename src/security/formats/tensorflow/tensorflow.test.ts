import { expect, test } from 'vitest'
import { message, type ProtoField } from '../../../../test/fixtures/protobuf-writer.ts'
import { scanBytes } from '../../scan.ts'

async function rules(bytes: Uint8Array | string, name = 'saved_model.pb'): Promise<string[]> {
  const { verdict, findings } = await scanBytes(Buffer.from(bytes), name)
  return [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]
}

const attribute = (key: string, ...value: ProtoField[]) => [5, message([1, key], [2, message(...value)])] as const
const node = (name: string, operator: string, inputs: string[] = [], ...attributes: ProtoField[]) =>
  message([1, name], [2, operator], ...inputs.map((input) => [3, input] as const), ...attributes)
const constant = (name: string, text: string) => node(name, 'Const', [], attribute('value', [8, message([1, 7], [8, text])]))
const definition = (name: string, parameters: string[], ...nodes: Uint8Array[]) =>
  message(
    [1, message([1, name], ...parameters.map((parameter) => [2, message([1, parameter])] as const))],
    ...nodes.map((each) => [3, each] as const),
  )
const graph = (nodes: Uint8Array[], functions: Uint8Array[] = []) =>
  message(...nodes.map((each) => [1, each] as const), [2, message(...functions.map((each) => [1, each] as const))])
const savedModel = (content: Uint8Array, ...rest: ProtoField[]) =>
  message([1, 1], [2, message([1, message([4, 'serve'])], [2, content], ...rest)])
const call = (name: string, to: string, inputs: string[]) =>
  node(name, 'StatefulPartitionedCall', inputs, attribute('f', [10, message([1, to])]))

test.each(['PyFunc', 'EagerPyFunc', 'ReadFile', 'WriteFile', 'MatchingFiles', 'Save', 'SaveV2', 'RestoreV2'])(
  '%s is found wherever it stands',
  async (operator) => {
    const nodes = [constant('path', '/etc/hostname'), node('x', operator, ['path'])]
    const found = ['fail', 'tensorflow.dangerous-operator']
    const inside = graph([call('c', 'f', [])], [definition('f', [], ...nodes)])
    expect(await rules(savedModel(graph(nodes)))).toEqual(found)
    expect(await rules(savedModel(inside))).toEqual(found)
    expect(await rules(graph(nodes), 'frozen.pb')).toEqual(found)
    expect(await rules(inside, 'frozen.pb')).toEqual(found)
    expect(await rules(message([2, graph(nodes)], [3, message([1, 'x'])]), 'model.meta')).toEqual(found)
    const text = `node { name: "path" op: "Const" } node { name: "x" op: "${operator}" input: "path" }`
    expect(await rules(text, 'graph.pbtxt')).toEqual(found)
    expect(
      await rules(`meta_graphs { graph_def { library { function { node_def < op: '${operator}' > } } } }`, 'saved_model.pbtxt'),
    ).toEqual(found)
  },
)

test('printing is harmless, but not into a file', async () => {
  const print = (stream: string) => graph([node('p', 'PrintV2', [], attribute('output_stream', [2, stream]))])
  expect(await rules(savedModel(print('file:///tmp/x')))).toEqual(['fail', 'tensorflow.dangerous-operator'])
  expect(await rules(savedModel(print('stderr')))).toEqual(['pass'])
})

test('a saver takes the name of its file from outside, through calls, and is in every model', async () => {
  const saver = definition(
    'save',
    ['file_prefix'],
    constant('part', 'part-'),
    node('s', 'StringJoin', ['file_prefix', 'part:output:0']),
    node('w', 'SaveV2', ['s:joined:0']),
  )
  const fed = [node('saver_filename', 'Placeholder'), call('c', 'save', ['saver_filename'])]
  expect(await rules(savedModel(graph(fed, [saver])))).toEqual(['pass'])
  // TensorFlow 1: the name is a constant that the definition of the saver names as the place to feed.
  const old = graph([constant('save/Const', 'model'), node('w', 'SaveV2', ['save/Const'])])
  expect(await rules(savedModel(old, [3, message([1, 'save/Const:0'])]))).toEqual(['pass'])
  // The same function, given a name that is in the graph.
  const given = [constant('here', '/tmp/x'), call('c', 'save', ['here'])]
  expect(await rules(savedModel(graph(given, [saver])))).toEqual(['fail', 'tensorflow.dangerous-operator'])
})

test('operators of other libraries, readers of data and assets outside of the folder are findings', async () => {
  expect(await rules(savedModel(graph([node('x', 'MyOwnOp')])))).toEqual(['fail', 'tensorflow.custom-operator'])
  expect(await rules(savedModel(graph([node('x', 'f')], [definition('f', [], node('y', 'Relu'))])))).toEqual(['pass'])
  expect(await rules(savedModel(graph([node('x', 'TFRecordDataset')])))).toEqual(['fail', 'tensorflow.reader'])
  const asset = (file: string) => savedModel(graph([node('x', 'Relu')]), [6, message([1, message([1, 'a:0'])], [2, file])])
  expect(await rules(asset('../../x'))).toEqual(['fail', 'tensorflow.outside-file'])
  expect(await rules(asset('vocabulary.txt'))).toEqual(['pass'])
})

test('Keras layers in the objects of a SavedModel, and in its metadata, are examined', async () => {
  const config = JSON.stringify({ class_name: 'Lambda', config: { function: ['AAAA', null, null] } })
  const objects = message([1, message([4, message([1, '_tf_keras_layer'], [3, config])])])
  expect(await rules(savedModel(graph([node('x', 'Relu')]), [7, objects]))).toEqual(['fail', 'keras.code'])
  const metadata = message([1, message([2, 1], [3, 'root'], [4, '_tf_keras_layer'], [5, config])])
  expect(await rules(metadata, 'keras_metadata.pb')).toEqual(['fail', 'keras.code'])
})

test('a graph that is cut short does not pass', async () => {
  const bytes = savedModel(graph([node('x', 'Relu'), node('y', 'Relu')]))
  for (let length = 1; length < bytes.length; length++)
    expect((await rules(bytes.subarray(0, length)))[0], `${length}`).not.toBe('pass')
  expect((await rules('node { name: "x" op: "Relu"', 'graph.pbtxt'))[0]).toBe('error')
})

test('what lies beside a graph is known', async () => {
  expect(await rules(message([1, 12345678901], [2, 123456], [3, 99], [6, message([1, 1])]), 'fingerprint.pb')).toEqual(['pass'])
  expect(await rules(Uint8Array.from([1, 2, 3, 255, 254, 0, 7]), 'variables/variables.data-00000-of-00001')).toEqual(['pass'])
})
