import { expect, test } from 'vitest'
import { message, type ProtoField } from '../../../../test/fixtures/protobuf-writer.ts'
import { scanBytes } from '../../scan.ts'

async function rules(bytes: Uint8Array): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, 'model.onnx')
  return [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]
}

const entry = (key: string, value: string) => [13, message([1, key], [2, value])] as const
const tensor = (...fields: ProtoField[]) => message([1, 1], [2, 1], [8, 'w'], ...fields, [14, 1])
const external = (location: string) => tensor(entry('location', location))
const node = (operator: string, domain = '', ...attributes: Uint8Array[]) =>
  message(
    [1, 'x'],
    [2, 'y'],
    [4, operator],
    ...attributes.map((each) => [5, each] as const),
    ...(domain === '' ? [] : [[7, domain] as const]),
  )
const graph = (...fields: ProtoField[]) =>
  message([1, node('Identity')], [2, 'g'], ...fields, [11, message([1, 'x'])], [12, message([1, 'y'])])
const model = (content: Uint8Array, ...rest: ProtoField[]) => message([1, 8], [7, content], [8, message([2, 17])], ...rest)

test.each<[string, (weights: Uint8Array) => Uint8Array]>([
  ['an initializer', (weights) => model(graph([5, weights]))],
  ['a sparse initializer', (weights) => model(graph([15, message([1, weights])]))],
  ['a constant', (weights) => model(graph([1, node('Constant', '', message([1, 'value'], [5, weights]))]))],
  ['a branch', (weights) => model(graph([1, node('If', '', message([1, 'then_branch'], [6, graph([5, weights])]))]))],
  [
    'a function of the model',
    (weights) => model(graph(), [25, message([1, 'F'], [7, node('Constant', '', message([5, weights]))], [10, 'own'])]),
  ],
  ['training', (weights) => model(graph(), [20, message([1, graph([5, weights])])])],
])('weights outside of the folder are found in %s', async (_name, place) => {
  for (const location of [
    '/etc/hostname',
    '../x',
    'a/../../x',
    String.raw`..\x`,
    'https://x.example/w',
    'C:/x',
    '',
    '*/_ORT_MEM_ADDR_/*',
  ])
    expect(await rules(place(external(location))), location).toEqual(['fail', 'onnx.external-path'])
  expect(await rules(place(external('weights.bin')))).toEqual(['error', 'onnx.external-data'])
  const twice = tensor(entry('location', 'a.bin'), entry('location', '/etc/hostname'))
  expect(await rules(place(twice))).toContain('onnx.external-path')
})

test('operators that call Python or need a library are found, those of functions in the model are not', async () => {
  expect(await rules(model(graph([1, node('PyOp', 'ai.onnx.contrib')])))).toContain('onnx.python-operator')
  expect(await rules(model(graph([1, node('PythonOp', 'com.microsoft')])))).toContain('onnx.python-operator')
  expect(await rules(model(graph([1, node('Mine', 'my.domain')])))).toEqual(['fail', 'onnx.custom-operator'])
  expect(await rules(model(graph(), [8, message([1, 'my.domain'], [2, 1])]))).toEqual(['fail', 'onnx.custom-operator'])
  const own = [25, message([1, 'Mine'], [7, node('Relu')], [10, 'my.domain'])] as const
  expect(await rules(model(graph([1, node('Mine', 'my.domain')]), own))).toEqual(['pass'])
  expect(await rules(model(graph(), [8, message([1, 'pkg.onnxscript.torch_lib'], [2, 1])]))).toEqual(['pass'])
})

test('fields in another order, and unknown ones before them, are a model all the same', async () => {
  const bytes = message([99, 'unknown'], [7, graph([5, external('/etc/hostname')])], [1, 8])
  expect(await rules(bytes)).toEqual(['fail', 'onnx.external-path'])
})

test('a model that is cut short, or nested without end, does not pass', async () => {
  const bytes = model(graph([5, external('w.bin')]))
  for (let length = 1; length < bytes.length; length += 3) expect((await rules(bytes.subarray(0, length)))[0]).not.toBe('pass')
  let nested = graph()
  for (let level = 0; level < 150; level++) nested = graph([1, node('If', '', message([6, nested]))])
  expect(await rules(model(nested))).toEqual(['error', 'onnx.broken'])
})
