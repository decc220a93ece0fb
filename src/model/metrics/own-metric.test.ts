import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { score } from '../scored.ts'
import { measure, measureAll } from './measure.ts'
import { loadMetricModule } from './metric-module.ts'
import { defineMetric, type OwnMetric } from './own-metric.ts'

const labels = ['no', 'yes', 'no', 'yes', 'no', 'yes', 'no', 'no', 'yes', 'no']
const answers = ['no', 'yes', 'yes', 'yes', 'no', 'no', 'no', 'no', 'yes', 'no']
const predictions = { rowCount: 10, labels: answers, classes: null, probabilities: null }

const hit: OwnMetric = { name: 'hit', good: 'high', range: [0, 1], row: ({ truth, predicted }) => (truth === predicted ? 1 : 0) }
const share: OwnMetric = {
  name: 'share-right',
  good: 'high',
  rows: (rows) => rows.filter(({ truth, predicted }) => truth === predicted).length / rows.length,
}

test('a metric of rows and one of all rows measure as their formula says, each with an interval', () => {
  const own = [hit, share].map(defineMetric)
  const scored = score(labels, predictions)
  for (const { name } of own) {
    const { value, interval, title } = measure(scored, name, { own })
    expect(value).toBe(0.8)
    expect(interval!.lower).toBeLessThan(0.75)
    expect(interval!.upper).toBeGreaterThan(0.85)
    expect(title).toBe(name === 'hit' ? 'Hit' : 'Share right')
  }
  expect(measureAll(scored, { own }).map(({ name }) => name)).toEqual(expect.arrayContaining(['hit', 'share-right', 'accuracy']))
})

test('row weights count for a metric of rows; a function of all rows takes whole ones only', () => {
  const own = [hit, share].map(defineMetric)
  const weighted = (weights: number[]): (number | null)[] => {
    const scored = score(labels, predictions, { weights })
    return own.map(({ name }) => measure(scored, name, { own }).value)
  }
  // Rows 3 and 6 are wrong.
  expect(weighted([1, 1, 0, 1, 1, 2, 1, 1, 1, 1])).toEqual([0.8, 0.8])
  const [ofRows, ofAll] = weighted([1, 1, 0.5, 1, 1, 1, 1, 1, 1, 1])
  expect(ofRows).toBeCloseTo(8 / 9.5, 12)
  expect(ofAll).toBeNull()
})

test('it sees classes, sets and probabilities by name, and the rows of a ranking query by query', () => {
  const seen: unknown[] = []
  const spy = defineMetric({ name: 'spy', good: 'low', row: (row) => seen.push([row.truth, row.predicted, row.probabilities]) })
  const sets = { rowCount: 1, labels: ['a,b'], classes: ['a', 'b'], probabilities: Float64Array.of(0.9, 0.6) }
  measure(score({ a: [1], b: [0] }, sets), 'spy', { own: [spy] })
  expect(seen).toEqual([[['a'], ['a', 'b'], { a: 0.9, b: 0.6 }]])
  const rowsOfQuery = defineMetric({ name: 'rows-of-query', good: 'high', rows: (rows) => rows.length })
  const ranking = score(
    [1, 0, 0, 2],
    { rowCount: 4, labels: [4, 3, 2, 1], classes: null, probabilities: null },
    { queries: ['q', 'p', 'q', 'q'] },
  )
  expect(measure(ranking, 'rows-of-query', { own: [rowsOfQuery] }).value).toBe(2)
})

test.each([
  [
    'a throw',
    () => {
      throw new Error('no such thing')
    },
    'it threw: no such thing',
  ],
  ['NaN', () => Number.NaN, 'it gave NaN for row 1'],
  ['nothing', () => undefined as unknown as number, 'it gave undefined for row 1'],
])('%s leaves it without a value', (_what, row, reason) => {
  const own = [defineMetric({ name: 'broken', good: 'high', row })]
  expect(measure(score(labels, predictions), 'broken', { own })).toMatchObject({
    value: null,
    problem: { verdict: 'error', reason },
  })
})

test.each([
  [{ ...hit, name: 'accuracy' }, 'The metric "accuracy" has the name of one of the catalogue'],
  [{ ...hit, name: 'mae' }, 'has the name of one of the catalogue'],
  [{ ...hit, name: 'Big One' }, 'has no name in kebab case: "Big One"'],
  [{ name: 'x', good: 'high' }, 'needs either row or rows'],
  [{ ...hit, rows: () => 1 }, 'needs either row or rows'],
  [{ ...hit, good: 'up' }, 'does not say whether high or low is good'],
  [{ ...hit, tasks: ['clustering'] }, 'is for tasks that there are not: ["clustering"]'],
  [{ ...hit, range: [1, 0] }, 'has a range that is not two numbers, the lower first'],
  [null, 'is not an object'],
])('a definition that is wrong is told so: %j', (own, message) => {
  expect(() => defineMetric(own as OwnMetric)).toThrow(message)
})

test('a module gives its metrics; one that is broken, empty or missing is told so', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'metric-module-'))
  const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text)
  write('good.mjs', "export default [{ name: 'hit', good: 'high', row: ({ truth, predicted }) => Number(truth === predicted) }]")
  write('empty.mjs', 'export default []')
  write('broken.mjs', 'export default [')
  write('twice.mjs', "const m = { name: 'm', good: 'low', row: () => 1 }; export const metrics = [m, m]")
  const own = await loadMetricModule('good.mjs', cwd)
  expect(measure(score(labels, predictions), 'hit', { own }).value).toBe(0.8)
  await expect(loadMetricModule('missing.mjs', cwd)).rejects.toThrow(expect.objectContaining({ code: 'E_FILE_MISSING' }))
  await expect(loadMetricModule('empty.mjs', cwd)).rejects.toThrow('empty.mjs exports no list of metrics')
  await expect(loadMetricModule('broken.mjs', cwd)).rejects.toThrow(expect.objectContaining({ code: 'E_FILE_FORMAT' }))
  await expect(loadMetricModule('twice.mjs', cwd)).rejects.toThrow('two metrics named "m"')
})
