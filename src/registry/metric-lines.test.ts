import { expect, test } from 'vitest'
import { metricLines } from './metric-lines.ts'

test('the metrics of evaluate come with interval and sample size; what was not measured is left out', () => {
  const interval = { lower: 0.86712, upper: null, confidence: 0.95, method: 'wilson' }
  const metrics = [
    { name: 'accuracy', title: 'Accuracy', value: 0.893712, interval, n: 595 },
    { name: 'log-loss', title: 'Log loss', value: 0.31, interval: null, n: 595 },
    { name: 'roc-auc', title: 'AUC', value: null, interval: null, n: 595, problem: 'one class' },
  ]
  expect(metricLines({ schemaVersion: 1, metrics })).toEqual([
    ['accuracy', '0.8937 [0.8671, …] on 595 rows'],
    ['log-loss', '0.31 on 595 rows'],
  ])
})

test('the numbers of any other object are taken as they are', () => {
  expect(metricLines({ accuracy: 0.9, note: 'fine', deep: { loss: 1 } })).toEqual([['accuracy', '0.9']])
  expect(metricLines({})).toEqual([])
})
