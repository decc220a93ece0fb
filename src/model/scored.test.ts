import { expect, test } from 'vitest'
import { score } from './scored.ts'

test('no class where the prediction is NaN, however it is spelled, or a probability beside it is', () => {
  const labels = ['no', 'yes', 'no', 'yes', 'no']
  const said = { rowCount: 5, labels: ['no', 'NaN', '', '-inf', 'no'], classes: null, probabilities: null }
  expect(score(labels, said)).toMatchObject({ classes: ['no', 'yes'], predicted: Int32Array.of(0, -1, -1, -1, 0) })
  const probabilities = Float64Array.of(0.9, 0.1, Number.NaN, 0.8, 0.7, 0.3, 0.2, Infinity, 0.6, 0.4)
  const sure = { rowCount: 5, labels, classes: ['no', 'yes'], probabilities }
  expect(score(labels, sure)).toMatchObject({ predicted: Int32Array.of(0, -1, 0, -1, 0) })
})

test('labels that are NaN are missing, also as text', () => {
  const said = { rowCount: 2, labels: ['no', 'yes'], classes: null, probabilities: null }
  expect(() => score(['no', 'nan'], said)).toThrow('1 of 2 rows have no label')
})
