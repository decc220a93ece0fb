import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitLogisticRegression, logLoss, predictProbability } from '../../src/logistic-regression.mjs'

const near = (actual, expected, tolerance = 1e-6) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`)

/** One yes-or-no feature: the fit without a penalty is the log odds of the table, which can be written down. */
const table = (cells) => cells.flatMap(([x, y, count]) => Array.from({ length: count }, () => [x, y]))

test('without a penalty the coefficients are the log odds of the table', () => {
  const data = table([
    [0, 0, 60],
    [0, 1, 20],
    [1, 0, 10],
    [1, 1, 30],
  ])
  const fit = fitLogisticRegression(
    data.map(([x]) => [x]),
    data.map(([, y]) => y),
    { l2: 0 },
  )
  near(fit.intercept, Math.log(20 / 60))
  near(fit.coefficients[0], Math.log(30 / 10) - Math.log(20 / 60))
  near(predictProbability(fit, [1]), 0.75)
})

test('a weight counts a row that many times', () => {
  const once = table([
    [0, 0, 6],
    [0, 1, 2],
    [1, 0, 1],
    [1, 1, 3],
  ])
  const weighted = fitLogisticRegression(
    once.map(([x]) => [x]),
    once.map(([, y]) => y),
    { l2: 0, weights: once.map(([, y]) => (y ? 2 : 1)) },
  )
  near(predictProbability(weighted, [0]), 4 / 10)
  near(predictProbability(weighted, [1]), 6 / 7)
})

test('a penalty pulls towards the base rate and keeps separable data finite', () => {
  const fit = (l2) => fitLogisticRegression([[0], [1], [2], [3]], [0, 0, 1, 1], { l2 })
  assert.ok(fit(1).coefficients[0] > fit(10).coefficients[0])
  near(predictProbability(fit(1e6), [3]), 0.5, 1e-3)
})

test('the log loss of a coin is ln 2', () => {
  near(logLoss([0, 1, 1], [0.5, 0.5, 0.5]), Math.LN2)
})

test('data that is not a number is refused, not fitted', () => {
  assert.throws(() => fitLogisticRegression([[0], [Number.NaN], [1]], [0, 1, 1], { l2: 1 }))
})
