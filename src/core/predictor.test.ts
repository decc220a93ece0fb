import { expect, test } from 'vitest'
import { requireWhole, slicePredictions, takePredictions, type Predictions } from './predictor.ts'

const whole: Predictions = {
  rowCount: 3,
  labels: ['a', 'b', 'a'],
  classes: ['a', 'b'],
  probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4),
  indicators: Uint8Array.of(1, 0, 0, 1, 1, 0),
}

test('one prediction per row, with a probability and an indicator per class, is whole', () => {
  expect(requireWhole(whole, 3, 'm')).toBe(whole)
  expect(requireWhole({ rowCount: 1, labels: [2.5], classes: null, probabilities: null }, 1, 'm').labels).toEqual([2.5])
})

test.each<[string, Partial<Predictions>, string]>([
  ['too few labels', { labels: ['a', 'b'] }, 'm gave 2 predictions for 3 rows'],
  ['too many labels', { labels: ['a', 'b', 'a', 'a'] }, 'm gave 4 predictions for 3 rows'],
  ['another row count', { rowCount: 2 }, 'm gave 2 predictions for 3 rows'],
  ['too few probabilities', { probabilities: new Float64Array(5) }, 'm gave 5 probabilities of 2 classes for 3 rows'],
  ['too many indicators', { indicators: new Uint8Array(8) }, 'm gave 8 indicators of 2 classes for 3 rows'],
  ['probabilities of no classes', { classes: null }, 'm gave probabilities of no classes for 3 rows'],
])('%s is not', (_what, change, message) => {
  expect(() => requireWhole({ ...whole, ...change }, 3, 'm')).toThrow(expect.objectContaining({ code: 'E_PREDICTOR', message }))
})

test('some rows keep their probabilities and indicators, in the order asked for', () => {
  expect(takePredictions(whole, [2, 0])).toEqual({
    rowCount: 2,
    labels: ['a', 'a'],
    classes: ['a', 'b'],
    probabilities: Float64Array.of(0.6, 0.4, 0.9, 0.1),
    indicators: Uint8Array.of(1, 0, 1, 0),
  })
  expect(takePredictions(whole, [1, 2])).toEqual(slicePredictions(whole, 1, 3))
})
