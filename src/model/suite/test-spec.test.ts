import { expect, test } from 'vitest'
import { METRICS } from '../metrics/catalogue.ts'
import { defaultTests, DEFAULT_TESTS, parseTest } from './test-spec.ts'

test('a test is written by its name, with its limit, or as a limit on a metric', () => {
  expect(parseTest('accuracy-threshold')).toEqual({ test: 'accuracy_threshold', min: 0.8 })
  expect(parseTest('accuracy_threshold = 0.85')).toEqual({ test: 'accuracy_threshold', min: 0.85 })
  expect(parseTest('prediction-distribution: 0.4')).toEqual({ test: 'prediction_distribution', max: 0.4 })
  expect(parseTest('no-nan-predictions')).toEqual({ test: 'no_nan_predictions' })
  expect(parseTest('varied-predictions')).toEqual({ test: 'varied_predictions' })
  expect(parseTest('f-beta@2>=0.6')).toEqual({ test: 'metric', metric: 'f-beta@2', min: 0.6 })
  expect(parseTest('ndcg@10 >= .4')).toEqual({ test: 'metric', metric: 'ndcg@10', min: 0.4 })
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
  ['acuracy>=0.8', 'There is no metric "acuracy"'],
  ['f-beta>=0.8', 'The beta of the metric "f-beta" is missing'],
  ['accuracy<=0.8', 'accuracy is better the higher it is'],
  ['log-loss>=0.8', 'log-loss is better the lower it is'],
  ['varied-predictions=3', 'varied-predictions takes no threshold'],
  ['accuracy>=champion-x', 'The margin of accuracy against the champion is not a number from 0 up: NaN'],
  ['accuracy>=champion--1', 'The margin of accuracy against the champion is not a number from 0 up: -1'],
  ['accuracy>=champ', 'The threshold of accuracy is not a number'],
])('"%s" is refused: %s', (text, message) => {
  expect(() => parseTest(text)).toThrow(message)
})

test.each([
  ['accuracy>=champion', { metric: 'accuracy', noWorseThan: 0 }],
  ['accuracy>=champion-0.005', { metric: 'accuracy', noWorseThan: 0.005 }],
  ['accuracy >= champion + 0.01', { metric: 'accuracy', betterBy: 0.01 }],
  ['log-loss<=champion+0.02', { metric: 'log-loss', noWorseThan: 0.02 }],
  ['log-loss<=champion-0.01', { metric: 'log-loss', betterBy: 0.01 }],
  ['f-beta@0.5>=champion-.01', { metric: 'f-beta@0.5', noWorseThan: 0.01 }],
])('"%s" is a test against the champion', (text, spec) => {
  expect(parseTest(text)).toEqual({ test: 'champion', ...spec })
})

test('a test against the champion on the wrong side is refused with the two forms that it may have meant', () => {
  expect(() => parseTest('accuracy<=champion+0.01')).toThrow(
    expect.objectContaining({
      message: 'accuracy is better the higher it is: accuracy<=champion would let every worse model pass',
      hint: 'Write accuracy>=champion-0.01 for no worse by more than that, accuracy>=champion+0.01 for better by at least that.',
    }),
  )
  expect(() => parseTest('log-loss>=champion')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('log-loss<=champion+0.01 for no worse') }),
  )
})

test('a metric of the user is a test too', () => {
  const own = [{ ...METRICS.find(({ name }) => name === 'mean-absolute-error')!, name: 'days-late' }]
  expect(parseTest('days-late<=3', { own })).toEqual({ test: 'metric', metric: 'days-late', max: 3 })
  expect(() => parseTest('days-late<=3')).toThrow('There is no metric "days-late"')
})

test('the standard tests of every task can be written', () => {
  for (const task of ['classification', 'multilabel', 'regression', 'ranking'] as const) {
    for (const spec of defaultTests(task)) {
      const text = spec.test === 'metric' && 'min' in spec ? `${spec.metric}>=${spec.min}` : spec.test.replaceAll('_', '-')
      expect(parseTest(text)).toEqual(expect.objectContaining({ test: spec.test }))
    }
  }
})
