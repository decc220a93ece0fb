import { expect, test } from 'vitest'
import { readMlmodel } from './mlflow-model.ts'

const read = (text: string) => readMlmodel(text, 'model/MLmodel')
const sklearn = (more: string) => `flavors:\n  sklearn:\n    pickled_model: model.pkl\n    code: null\n${more}`

test('a flavor says which file is loaded and how, a signature the names and types of the columns', () => {
  const signature = 'signature:\n  inputs: \'[{"type": "long", "name": "age", "required": true}]\'\n'
  expect(read(sklearn('    serialization_format: cloudpickle\n') + signature)).toEqual({
    kind: 'pickle',
    file: 'model.pkl',
    inputs: [{ name: 'age', type: 'long' }],
  })
  expect(read('flavors:\n  xgboost: {data: model.ubj, model_class: xgboost.sklearn.XGBRegressor}\n')).toMatchObject({
    kind: 'xgboost',
    class: 'XGBRegressor',
  })
  expect(read('flavors:\n  lightgbm: {data: model.lgb, model_class: lightgbm.basic.Booster}\n')).toMatchObject({
    kind: 'lightgbm',
  })
  expect(read('flavors:\n  onnx: {data: model.onnx}\n  python_function: {loader_module: mlflow.onnx}\n')).toMatchObject({
    kind: 'onnx',
  })
  const trusted = '    serialization_format: skops\n    skops_trusted_types: [lightgbm.basic.Booster]\n'
  expect(read(sklearn(trusted))).toMatchObject({ kind: 'skops', trusted: ['lightgbm.basic.Booster'] })
  const tensors = 'signature: {inputs: \'[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}}]\'}\n'
  expect(read(sklearn('') + tensors).inputs).toEqual([])
})

test.each([
  [
    'code beside the model',
    'flavors:\n  python_function: {loader_module: mlflow.sklearn, code: code}\n  sklearn: {pickled_model: m.pkl}\n',
    /brings Python code/,
  ],
  [
    'a model that is code',
    'flavors:\n  python_function: {loader_module: mlflow.pyfunc.model, model_code_path: m.py}\n',
    /brings Python code/,
  ],
  ['a loader of its own', 'flavors:\n  python_function: {loader_module: os}\n', /it is loaded by os, and only/],
  ['a class that is no model', 'flavors:\n  xgboost: {data: m.ubj, model_class: os.abort}\n', /names os\.abort/],
  ['a pickle under another name', 'flavors:\n  sklearn: {pickled_model: notes.txt}\n', /its pickle is called notes\.txt/],
  [
    'a type that nothing vouches for',
    'flavors:\n  sklearn: {pickled_model: m.skops, serialization_format: skops, skops_trusted_types: [builtins.eval]}\n',
    /trust builtins\.eval/,
  ],
  ['an unknown format', 'flavors:\n  sklearn: {pickled_model: m.x, serialization_format: dill}\n', /format dill is not known/],
  ['keys that are given twice', 'flavors: {}\nflavors: {}\n', /can be read/],
  ['an alias', 'a: &a {code: x}\nflavors:\n  sklearn: *a\n', /can be read/],
  ['no flavors', 'name: x\n', /can be read/],
  ['a signature that is no JSON', `${sklearn('')}signature: {inputs: oops}\n`, /signature that cannot be read/],
])('%s is refused', (_what, text, message) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({ code: 'E_MODEL_FORMAT', message: expect.stringMatching(message) as string }),
  )
})
