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

const said = (labels: (string | number)[]): Parameters<typeof score>[1] => ({
  rowCount: labels.length,
  labels,
  classes: null,
  probabilities: null,
})

test.each([
  ['negative', [1, -1], 'The weight of row 2 is -1'],
  ['NaN', [Number.NaN, 1], 'The weight of row 1 is NaN'],
  ['missing', [1, null], 'The weight of row 2 is missing'],
  ['text', ['1', 1], 'The weight of row 1 is "1"'],
  ['all 0', [0, 0], 'Every row has the weight 0'],
  ['too few', [1], 'There are 2 rows but 1 weights'],
])('weights that are %s are refused', (_what, weights, message) => {
  expect(() => score(['a', 'b'], said(['a', 'b']), { weights })).toThrow(message)
})

test('rows without a cluster or a query are refused, with the row', () => {
  expect(() => score(['a', 'b'], said(['a', 'b']), { clusters: ['u', null] })).toThrow('Row 2 has no cluster')
  expect(() => score([1, 0], said([1, 2]), { queries: ['', 'q'] })).toThrow('Row 1 has no query')
})

test('clusters are numbered in order of appearance, whatever their spelling', () => {
  const { design } = score(['a', 'b', 'a'], said(['a', 'b', 'b']), { clusters: ['u9', 'u1', 'u9'], weights: [1, 2, 0] })
  expect(design).toEqual({ clusters: Int32Array.of(0, 1, 0), weights: Float64Array.of(1, 2, 0) })
})

test('a ranking is of queries: weights and clusters are theirs, and must be the same for all rows of one', () => {
  const queries = ['x', 'y', 'x']
  const scored = score([0, 1, 2], said([0.1, 0.2, 0.3]), { queries, weights: [3, 1, 3], clusters: ['a', 'b', 'a'] })
  expect(scored).toMatchObject({ task: 'ranking', queryCount: 2, queries: Int32Array.of(0, 1, 0) })
  expect(scored.design).toEqual({ weights: Float64Array.of(3, 1), clusters: Int32Array.of(0, 1) })
  expect(() => score([0, 1, 2], said([1, 2, 3]), { queries, weights: [3, 1, 2] })).toThrow('Row 3 differs in its weights')
  expect(() => score([0, -1, 2], said([1, 2, 3]), { queries })).toThrow('The relevance of row 2 is -1')
  expect(() => score([0, 1], said([1, 2]), { task: 'ranking' })).toThrow('it is not known which rows belong to which')
})

test('several label columns are a multilabel data set, whatever the order of the model', () => {
  const predictions = {
    rowCount: 2,
    labels: ['', ''],
    classes: ['sport', 'news'],
    probabilities: Float64Array.of(0.1, 0.9, 0.6, 0.2),
  }
  expect(score({ news: [1, 0], sport: ['true', 'false'] }, predictions)).toMatchObject({
    task: 'multilabel',
    classes: ['news', 'sport'],
    truth: Uint8Array.of(1, 1, 0, 0),
    predicted: Uint8Array.of(1, 0, 0, 1),
    probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.6),
    missing: 0,
  })
  expect(() => score({ news: [1, 2], sport: [0, 1] }, predictions)).toThrow('"2" in column "news", row 2')
  expect(() => score({ news: [1, null], sport: [0, 1] }, predictions)).toThrow('Row 2 has no label in column "news"')
  expect(() => score({ news: [1, 0], art: [0, 1] }, predictions)).toThrow('The model answers the class "sport"')
  expect(() => score({ news: [1, 0], sport: [0, 1] }, predictions, { task: 'regression' })).toThrow('2 label columns')
})

test('sets may be written as names with commas, and classes that the model numbers are the columns in order', () => {
  expect(score(['b,a', ''], said(['a', 'b, a']), { task: 'multilabel' })).toMatchObject({
    classes: ['a', 'b'],
    truth: Uint8Array.of(1, 1, 0, 0),
    predicted: Uint8Array.of(1, 0, 1, 1),
  })
  const numbered = { ...said(['', '']), classes: [0, 1], indicators: Uint8Array.of(1, 0, 0, 1) }
  expect(score({ x: [1, 0], y: [0, 0] }, numbered)).toMatchObject({ predicted: Uint8Array.of(1, 0, 0, 1) })
})

test('a set with a probability that is no number is missing', () => {
  const predictions = { ...said(['', '']), classes: ['x', 'y'], probabilities: Float64Array.of(0.4, Number.NaN, 0.9, 0.1) }
  expect(score({ x: [1, 0], y: [0, 0] }, predictions)).toMatchObject({ missing: 1 })
})
