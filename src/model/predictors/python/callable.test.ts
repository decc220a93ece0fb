import { expect, test } from 'vitest'
import { parseCallable } from './callable.ts'

test.each([
  ['model:predict', { module: 'model', attribute: 'predict' }],
  ['my_package.model:Model.predict', { module: 'my_package.model', attribute: 'Model.predict' }],
  ['größe:schätze', { module: 'größe', attribute: 'schätze' }],
])('%s is a name of Python code', (text, name) => {
  expect(parseCallable(text)).toEqual(name)
})

test.each([
  'C:model.pkl',
  'C:\\models\\model.pkl',
  'C:/models/model.pkl',
  'http://localhost:8080',
  'localhost:8080',
  'models/a.pkl',
  'model.pkl',
  './model:predict',
  'my-package:predict',
  'model:',
  ':predict',
  'a.b:c:d',
  'model:pre dict',
])('%s is none', (text) => {
  expect(parseCallable(text)).toBeUndefined()
})
