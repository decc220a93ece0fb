import { expect, test } from 'vitest'
import { DEFAULT_TESTS, parseTest } from './test-spec.ts'

test('a test is written by its name, with its limit, or as a limit on a metric', () => {
  expect(parseTest('accuracy-threshold')).toEqual({ test: 'accuracy_threshold', min: 0.8 })
  expect(parseTest('accuracy_threshold = 0.85')).toEqual({ test: 'accuracy_threshold', min: 0.85 })
  expect(parseTest('prediction-distribution: 0.4')).toEqual({ test: 'prediction_distribution', max: 0.4 })
  expect(parseTest('no-nan-predictions')).toEqual({ test: 'no_nan_predictions' })
  expect(parseTest('roc-auc>=0.7')).toEqual({ test: 'metric', metric: 'roc-auc', min: 0.7 })
  expect(parseTest('log-loss <= .4')).toEqual({ test: 'metric', metric: 'log-loss', max: 0.4 })
  expect(DEFAULT_TESTS.map(({ test: name }) => parseTest(name))).toEqual(DEFAULT_TESTS)
})

test.each([
  ['acuracy-threshold', 'There is no test "acuracy-threshold"'],
  ['accuracy-threshold=high', 'The threshold of accuracy-threshold is not a number'],
  ['roc-auc>=', 'is not a test of a model'],
  ['roc-auc>=NaN', 'The threshold of roc-auc is not a number'],
  ['no-nan-predictions=3', 'no-nan-predictions takes no threshold'],
  ['', 'is not a test of a model'],
])('"%s" is refused: %s', (text, message) => {
  expect(() => parseTest(text)).toThrow(message)
})
