import { expect, test } from 'vitest'
import { seededRandom, type Random } from '../../stats/random.ts'
import { score, type Scored } from '../scored.ts'
import { measure, measureAll } from './measure.ts'

/** Rows of `classes` classes from a model whose probabilities are right, or too sure by a factor. */
function draw(random: Random, rows: number, classes: number, sureness = 1): Scored {
  const probabilities = new Float64Array(rows * classes)
  const labels: string[] = []
  const predicted: string[] = []
  for (let row = 0; row < rows; row++) {
    const logits = Array.from({ length: classes }, () => 1.2 * random.normal())
    const softmax = (scale: number): number[] => {
      const powers = logits.map((logit) => Math.exp(scale * logit))
      const total = powers.reduce((sum, power) => sum + power, 0)
      return powers.map((power) => power / total)
    }
    let rest = random.uniform()
    const truth = softmax(1).findIndex((p) => (rest -= p) < 0)
    const given = softmax(sureness)
    labels.push(`c${Math.max(0, truth)}`)
    predicted.push(`c${given.indexOf(Math.max(...given))}`)
    probabilities.set(given, row * classes)
  }
  const names = Array.from({ length: classes }, (_, k) => `c${k}`)
  return score(labels, { rowCount: rows, labels: predicted, classes: names, probabilities })
}

test('a calibrated model is not ruled out by its own noise, a model that is too sure is', () => {
  const random = seededRandom(2)
  const runs = Array.from({ length: 60 }, () => measure(draw(random, 400, 2), 'calibration-error').interval!.lower!)
  expect(runs.filter((lower) => lower > 0).length).toBeLessThan(7)
  expect(measure(draw(random, 2000, 2, 3), 'calibration-error').interval!.lower).toBeGreaterThan(0.03)
})

test('the interval of an averaged AUC is as wide as a bootstrap over rows makes it', () => {
  const random = seededRandom(4)
  const scored = draw(random, 240, 3)
  if (scored.task !== 'classification') throw new Error('not a classification')
  const { interval, value } = measure(scored, 'roc-auc')
  const replicates = Array.from({ length: 300 }, () => {
    const rows = Array.from({ length: scored.rowCount }, () => random.integer(scored.rowCount))
    return measure(
      {
        ...scored,
        truth: Int32Array.from(rows, (row) => scored.truth[row]!),
        predicted: Int32Array.from(rows, (row) => scored.predicted[row]!),
        probabilities: Float64Array.from(rows.flatMap((row) => [...scored.probabilities!.subarray(3 * row, 3 * row + 3)])),
      },
      'roc-auc',
    ).value!
  })
  const mean = replicates.reduce((sum, auc) => sum + auc, 0) / replicates.length
  const deviation = Math.sqrt(replicates.reduce((sum, auc) => sum + (auc - mean) ** 2, 0) / replicates.length)
  expect(mean).toBeCloseTo(value!, 1)
  const width = interval!.upper! - interval!.lower!
  expect(width / (2 * 1.96 * deviation)).toBeGreaterThan(0.85)
  expect(width / (2 * 1.96 * deviation)).toBeLessThan(1.15)
})

test('every interval of ten right answers in ten leaves room for doubt', () => {
  const labels = ['no', 'yes', 'no', 'yes', 'no', 'yes', 'no', 'yes', 'no', 'yes']
  const probabilities = Float64Array.from(labels.flatMap((label) => (label === 'yes' ? [0.1, 0.9] : [0.9, 0.1])))
  const scored = score(labels, { rowCount: 10, labels, classes: ['no', 'yes'], probabilities })
  for (const name of ['accuracy', 'balanced-accuracy', 'precision', 'recall', 'f1', 'f1-macro', 'f1-weighted', 'roc-auc']) {
    const { value, interval } = measure(scored, name)
    expect(value).toBe(1)
    expect(interval!.upper).toBe(1)
    expect(interval!.lower).toBeGreaterThan(0.4)
    expect(interval!.lower).toBeLessThan(0.86)
  }
  // Ten equal losses say nothing of how far losses spread, but a loss has bounds.
  const { value, interval } = measure(scored, 'log-loss')
  expect(interval!.upper! - value!).toBeGreaterThan(5)
})

test('a model without probabilities is measured by its labels, and the rest is skipped with the reason', () => {
  const predictions = { rowCount: 3, labels: ['a', 'b', 'b'], classes: null, probabilities: null }
  const metrics = measureAll(score(['a', 'b', 'a'], predictions))
  const skipped = metrics.filter(({ problem }) => problem)
  expect(skipped.map(({ name }) => name)).toEqual([
    'roc-auc',
    'average-precision',
    'log-loss',
    'brier-score',
    'calibration-error',
  ])
  expect(skipped.every(({ problem, value }) => problem!.verdict === 'skip' && value === null)).toBe(true)
})

test('scores that are no probabilities rank rows, and measure nothing else', () => {
  const predictions = {
    rowCount: 4,
    labels: ['a', 'b', 'b', 'a'],
    classes: ['a', 'b'],
    probabilities: Float64Array.of(-2, 2, 1, 5, 0, 7, 3, 6),
  }
  const scored = score(['a', 'b', 'b', 'a'], predictions)
  expect(measure(scored, 'roc-auc').value).toBe(0.75)
  expect(measure(scored, 'log-loss')).toMatchObject({ value: null, problem: { verdict: 'error' } })
})

test('NaN anywhere in the predictions leaves nothing measured that depends on it', () => {
  const probabilities = Float64Array.of(0.9, 0.1, Number.NaN, Number.NaN, 0.2, 0.8)
  const labels = ['a', Number.NaN, 'b']
  const metrics = measureAll(score(['a', 'b', 'b'], { rowCount: 3, labels, classes: ['a', 'b'], probabilities }))
  expect(metrics.filter(({ value }) => value !== null)).toEqual([])
  const values = measureAll(
    score(Float64Array.of(1.5, 2, 3), { rowCount: 3, labels: [1, Number.NaN, 3], classes: null, probabilities: null }),
  )
  expect(values.map(({ value }) => value)).toEqual([null, null, null])
})
