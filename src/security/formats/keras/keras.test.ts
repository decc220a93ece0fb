import { expect, test } from 'vitest'
import { zip } from '../../../../test/fixtures/zip-builder.ts'
import { scanBytes } from '../../scan.ts'

const layer = (class_name: string, config: object = {}, rest: object = { module: 'keras.layers' }) => ({
  class_name,
  config,
  registered_name: null,
  ...rest,
})
const model = (...layers: object[]) => ({
  ...layer('Sequential', { name: 's', layers }, { module: 'keras' }),
  compile_config: { optimizer: 'adam', loss: 'mse' },
})

async function scan(config: unknown, name = 'model.keras'): Promise<string[]> {
  const text = typeof config === 'string' ? config : JSON.stringify(config)
  const bytes = zip([
    { name: 'metadata.json', content: Buffer.from('{"keras_version": "3.99"}') },
    { name: 'config.json', content: Buffer.from(text), deflate: true },
  ])
  const { verdict, findings } = await scanBytes(bytes, name)
  return [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]
}

const code = { class_name: '__lambda__', config: { value: '4wEAAAA=' } }
const called = (module: string, config: string) =>
  layer('Activation', { activation: { module, class_name: 'function', config, registered_name: config } })

test.each<[string, string, object]>([
  ['a Lambda layer', 'keras.code', layer('Lambda', { function: code })],
  ['a Lambda layer of Keras 2', 'keras.code', layer('Lambda', { function: ['4wEA', null, null], function_type: 'lambda' }, {})],
  ['a function in a setting', 'keras.code', layer('Dense', { activation: code })],
  ['a layer that loads a SavedModel', 'keras.loader', layer('TFSMLayer', { filepath: 'x' })],
  ['a layer that unpickles', 'keras.loader', layer('TorchModuleWrapper', { module: 'x' })],
  ['a function of another module', 'keras.dangerous-name', called('os', 'system')],
  ['a builtin of Python', 'keras.dangerous-name', called('builtins', 'exec')],
  ['a builtin of Python that is a function of Keras too', 'keras.dangerous-name', called('builtins', 'eval')],
  ['a function of no registry', 'keras.unknown-name', called('builtins', 'mine')],
  ['a download', 'keras.dangerous-name', called('keras.utils', 'get_file')],
  ['a switch of Keras', 'keras.dangerous-name', called('keras.config', 'enable_unsafe_deserialization')],
  ['a class of another module', 'keras.unknown-name', layer('Layer', {}, { module: 'evil.layers' })],
  ['a vocabulary at a place', 'keras.outside-file', layer('StringLookup', { vocabulary: '/etc/hostname' })],
  ['a vocabulary at a URL', 'keras.outside-file', layer('TextVectorization', { vocabulary: 'https://x.example/v' })],
  ['a vocabulary beside it', 'keras.file', layer('StringLookup', { vocabulary: 'words.txt' })],
  ['a name that is a path', 'keras.unsafe-name', layer('Dense', { name: '../../x' })],
  ['a call of TensorFlow', 'keras.dangerous-name', layer('TFOpLambda', { function: 'io.write_file' }, {})],
  [
    'a node of TensorFlow',
    'keras.dangerous-name',
    layer('TensorFlowOpLayer', { node_def: '{"name": "x", "op": "ReadFile"}' }, {}),
  ],
])('%s is found, in any model and under any name', async (_name, rule, inner) => {
  for (const config of [model(inner), model(layer('Dense'), model(inner)), { ...model(), compile_config: { loss: inner } }]) {
    expect((await scan(config)).slice(0, 2)).toEqual(['fail', expect.stringContaining('keras.')])
    expect(await scan(config, 'archive.zip')).toContain(rule)
  }
})

test('letters that are written as escapes, keys that stand twice and text in text hide nothing', async () => {
  const lambda = JSON.stringify(model(layer('Lambda', { function: code })))
  expect(await scan(lambda.replace('"Lambda"', String.raw`"\u004cambda"`))).toContain('keras.code')
  expect(await scan('{"class_name": "Lambda", "class_name": "Dense", "config": {}}')).toEqual([
    'fail',
    'keras.code',
    'keras.duplicate-key',
  ])
  expect(await scan({ model_config: lambda })).toContain('keras.code')
})

test('models of Keras itself pass, with words, functions and classes that are registered', async () => {
  const good = model(
    layer('InputLayer', { batch_shape: [null, 4] }),
    layer('Dense', {
      units: 3,
      activation: 'relu',
      kernel_initializer: layer('GlorotUniform', {}, { module: 'keras.initializers' }),
    }),
    layer('StringLookup', { vocabulary: ['a', 'b'] }),
    called('builtins', 'gelu'),
    called('builtins', 'hard_silu'),
    layer('TFOpLambda', { function: 'math.multiply' }, {}),
    layer('Add', {}, { module: 'keras.src.ops.numpy' }),
    layer('Conv2D', { name: 'block1/conv' }, {}),
  )
  expect(await scan(good)).toEqual(['pass'])
  expect(await scan(model(layer('Mine', {}, { module: null, registered_name: 'me>Mine' })))).toEqual([
    'pass',
    'keras.custom-class',
  ])
  expect(await scan(model(called('builtins', 'me>mine')))).toEqual(['pass', 'keras.custom-class'])
})

test('a configuration that is not whole does not pass', async () => {
  expect(await scan('{"class_name": "Sequential", "config": {')).toEqual(['error', 'json.broken'])
})
