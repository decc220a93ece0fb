import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { score } from '../scored.ts'
import { confusionMatrix } from './confusion-matrix.ts'
import { measure, measureAll } from './measure.ts'

interface Classification {
  name: string
  labels: (string | number)[]
  y: (string | number)[]
  predicted: (string | number)[]
  probabilities: number[][] | null
  metrics: Record<string, number> & { confusion: number[][] }
}

// Made by test/golden/make-statistics.py with scikit-learn.
const golden = JSON.parse(readFileSync(new URL('../../../test/golden/statistics.json', import.meta.url), 'utf8')) as {
  classification: Classification[]
  regression: { y: number[]; predicted: number[]; metrics: Record<string, number> }
}

test.each(golden.classification)('classification metrics equal scikit-learn: $name', (example) => {
  const { labels, y, predicted, probabilities, metrics } = example
  const scored = score(
    y,
    {
      rowCount: y.length,
      labels: predicted,
      classes: probabilities && labels,
      probabilities: probabilities && Float64Array.from(probabilities.flat()),
    },
    { task: 'classification' },
  )
  const { confusion, ...expected } = metrics
  const names = Object.keys(expected)
  expect(names.length).toBeGreaterThanOrEqual(8)
  const measured = names.map((name) => measure(scored, name))
  expect(measured.map(({ name, value }) => [name, value])).toEqual(
    names.map((name) => [name, expect.closeTo(expected[name]!, 12)]),
  )
  const outside = measured.filter(({ value, interval }) => interval!.lower! > value! + 1e-12 || interval!.upper! < value! - 1e-12)
  expect(outside).toEqual([])
  if (scored.task !== 'classification') throw new Error('not a classification')
  // scikit-learn was given all the labels; classes that nobody mentions are zero rows there.
  const mentioned = confusion.flat().filter((count) => count > 0)
  expect([...confusionMatrix(scored).counts].filter((count) => count > 0)).toEqual(mentioned)
})

test('regression metrics equal scikit-learn', () => {
  const { y, predicted, metrics } = golden.regression
  const scored = score(Float64Array.from(y), { rowCount: y.length, labels: predicted, classes: null, probabilities: null })
  const measured = measureAll(scored)
  expect(measured.map(({ name }) => name)).toEqual(Object.keys(metrics))
  for (const { name, value, interval } of measured) {
    expect(value).toBeCloseTo(metrics[name]!, 12)
    expect(interval!.lower! < value! && value! < interval!.upper!).toBe(true)
  }
})
