import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../stats/random.ts'
import { ModelTestSuite } from './suite.ts'

interface Row {
  readonly income: number
  readonly debt: number
  readonly noise: number
}

/** 600 rows whose class depends on income and debt; the model below is right about nine in ten. */
function data(n = 600): { rows: Row[]; labels: string[] } {
  const random = seededRandom(5)
  const rows = Array.from({ length: n }, () => ({ income: random.normal(), debt: random.normal(), noise: random.normal() }))
  const labels = rows.map(({ income, debt }) => (2 * debt - income + 0.7 * random.normal() > 0 ? 'yes' : 'no'))
  return { rows, labels }
}

class Linear {
  readonly classes = ['no', 'yes']
  calls = 0
  predict(rows: readonly Row[]): string[] {
    this.calls++
    return this.predictProba(rows).map(([no]) => (no! >= 0.5 ? 'no' : 'yes'))
  }
  predictProba(rows: readonly Row[]): number[][] {
    return rows.map(({ income, debt, noise }) => {
      const yes = 1 / (1 + Math.exp(-3 * (2 * debt - income + 0.2 * noise)))
      return [1 - yes, yes]
    })
  }
}

test('the example of the documentation: five tests, five passed, in the text form that teams have in their scripts', async () => {
  const { rows, labels } = data()
  const model = Object.assign(new Linear(), { featureImportances: { income: 3, debt: 6, noise: 1 } })
  const suite = new ModelTestSuite(model, rows, labels)
  suite
    .testAccuracyThreshold(0.8)
    .testF1Score(0.75)
    .testPredictionDistribution(0.5)
    .testNoNanPredictions()
    .testFeatureImportance(0.01)
  const results = await suite.run()
  const [accuracy, f1] = results.map(({ metrics }) => Object.values(metrics)[0]!.toFixed(4))
  expect(suite.generateReport().split('\n')).toEqual([
    'Model Test Report',
    '==================================================',
    `[PASS] accuracy_threshold: Accuracy ${accuracy} >= threshold 0.8`,
    `[PASS] f1_score: Weighted F1 ${f1} >= threshold 0.75`,
    `[PASS] prediction_distribution: Prediction standard deviation 0.4999 <= threshold 0.5`,
    '[PASS] no_nan_predictions: No NaN in 600 predictions',
    '[PASS] feature_importance: Smallest feature importance (noise) 0.1000 >= threshold 0.01',
    '',
    'Total: 5/5 tests passed',
  ])
  expect(results.map(({ passed, interval, n }) => [passed, interval !== null, n])).toEqual([
    [true, true, 600],
    [true, true, 600],
    [true, true, 600],
    [true, true, 600],
    [true, true, 3],
  ])
  expect(results[0]!.metrics).toEqual({ accuracy: expect.closeTo(Number(accuracy), 4), threshold: 0.8 })
})

test('runAll runs the five with their defaults, and scores the model once', async () => {
  const { rows, labels } = data()
  const model = Object.assign(new Linear(), { featureImportances: [1, 1, 1] })
  const suite = new ModelTestSuite(model, rows, labels)
  const results = await suite.runAll()
  expect(results.map(({ testName, threshold }) => [testName, threshold?.value ?? null])).toEqual([
    ['accuracy_threshold', 0.8],
    ['f1_score', 0.75],
    ['prediction_distribution', 0.5],
    ['no_nan_predictions', null],
    ['feature_importance', 0.01],
  ])
  expect(model.calls).toBe(1)
})

test('a clear miss fails with the opposite sign', async () => {
  const { rows, labels } = data()
  const suite = new ModelTestSuite(new Linear(), rows, labels).testAccuracyThreshold(0.99)
  const [result] = await suite.run()
  expect(result).toMatchObject({ passed: false, verdict: 'fail' })
  expect(suite.generateReport()).toMatch(
    /\[FAIL\] accuracy_threshold: Accuracy 0\.\d{4} < threshold 0\.99\n\nTotal: 0\/1 tests passed$/,
  )
})

test('a lucky number on few rows is inconclusive, says how many rows would decide, and is not counted as passed', async () => {
  const { rows, labels } = data(40)
  const suite = new ModelTestSuite(new Linear(), rows, labels).testAccuracyThreshold(0.85)
  const [result] = await suite.run()
  expect(result!.metrics['accuracy']).toBeGreaterThan(0.85)
  expect(result).toMatchObject({ passed: false, verdict: 'inconclusive', n: 40 })
  expect(result!.message).toMatch(
    />= threshold 0\.85, but the threshold is inside its 95 % interval \[.*\] on 40 rows; about [\d,]+ rows would decide$/,
  )
  expect(suite.generateReport()).toContain('Total: 0/1 tests passed (1 inconclusive)')
})

test('evidence: point compares the bare number, and says what that costs', async () => {
  const { rows, labels } = data(40)
  const [result] = await new ModelTestSuite(new Linear(), rows, labels, { evidence: 'point' }).testAccuracyThreshold(0.85).run()
  expect(result).toMatchObject({ passed: true, verdict: 'pass' })
  expect(result!.message).toContain('by its interval it would be inconclusive')
  expect(result!.hint).toMatch(
    /^On 40 rows a bare comparison blocks a model 5 points above the limit \d+ times in 100, and passes one 5 points below it \d+ times in 100\.$/,
  )
})

test('without importances of its own, a model is asked by permutation: the unused column is found', async () => {
  const { rows, labels } = data()
  const unused: ModelLike = {
    predict: (data: readonly Row[]) => data.map(({ debt, income }) => (2 * debt - income > 0 ? 'yes' : 'no')),
  }
  const [result] = await new ModelTestSuite(unused, rows, labels).testFeatureImportance(0.01).run()
  expect(result).toMatchObject({ verdict: 'fail', n: 600, interval: { method: 'bootstrap-permutation' } })
  expect(result!.message).toBe('Smallest feature importance (noise) 0.0000 < threshold 0.01')
  const used = await new ModelTestSuite(
    unused,
    rows.map(({ income, debt }) => ({ income, debt })),
    labels,
  )
    .testFeatureImportance(0.01)
    .run()
  expect(used[0]).toMatchObject({ verdict: 'pass' })
  expect(used[0]!.metrics['importance:debt']).toBeGreaterThan(used[0]!.metrics['importance:income']!)
})
interface ModelLike {
  predict(rows: readonly Row[]): string[]
}

test('predictions from a file have no importances: skipped by name, not dropped, not passed', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'suite-'))
  const { rows, labels } = data(200)
  const predictions = new Linear().predict(rows)
  writeFileSync(
    join(cwd, 'predictions.csv'),
    ['label,prediction', ...labels.map((label, i) => `${label},${predictions[i]}`)].join('\n'),
  )
  const suite = new ModelTestSuite('predictions.csv', 'predictions.csv', 'label', { cwd })
  const results = await suite.runAll()
  expect(results.at(-1)).toMatchObject({ testName: 'feature_importance', verdict: 'skip', passed: false })
  expect(suite.generateReport()).toMatch(/\[SKIP\] feature_importance: .*\n\nTotal: \d\/5 tests passed \(.*1 skipped\)$/)
})

test('columns, rows as arrays and files give the same as row objects', async () => {
  const { rows, labels } = data(300)
  const rule = (debt: number, income: number): string => (2 * debt - income > 0 ? 'yes' : 'no')
  const cwd = mkdtempSync(join(tmpdir(), 'suite-'))
  writeFileSync(join(cwd, 'test.jsonl'), rows.map((row, i) => JSON.stringify({ ...row, deny: labels[i] })).join('\n'))
  const suites = [
    new ModelTestSuite({ predict: (data: readonly Row[]) => data.map((row) => rule(row.debt, row.income)) }, rows, labels),
    new ModelTestSuite(
      {
        predict: async (columns: { debt: Float64Array; income: Float64Array }) =>
          Array.from(columns.debt, (debt, i) => rule(debt, columns.income[i]!)),
      },
      { income: Float64Array.from(rows, (row) => row.income), debt: rows.map((row) => row.debt) },
      labels,
    ),
    new ModelTestSuite(
      { predict: (matrix: readonly number[][]) => matrix.map(([income, debt]) => rule(debt!, income!)) },
      rows.map(({ income, debt }) => [income, debt]),
      labels,
    ),
    new ModelTestSuite(
      { predict: (data: readonly Row[]) => data.map((row) => rule(row.debt, row.income)) },
      'test.jsonl',
      'deny',
      { cwd },
    ),
  ]
  const accuracies = []
  for (const suite of suites) accuracies.push((await suite.testAccuracyThreshold(0.8).run())[0]!.metrics['accuracy'])
  expect(new Set(accuracies).size).toBe(1)
})

test('a model that breaks, or answers too few rows, makes every test an error', async () => {
  const { rows, labels } = data(50)
  const models = [
    {
      predict: () => {
        throw new Error('out of memory')
      },
    },
    { predict: () => ['yes'] },
    { predict: () => undefined },
  ]
  for (const model of models) {
    const suite = new ModelTestSuite(model, rows, labels)
    const results = await suite.runAll()
    expect(results.map(({ verdict }) => verdict)).toEqual(['error', 'error', 'error', 'error', 'error'])
    expect(suite.generateReport()).toContain('Total: 0/5 tests passed (5 could not be measured)')
  }
})

test('NaN predictions fail their own test and make the others errors', async () => {
  const { rows, labels } = data(100)
  const model = {
    predict: (data: readonly Row[]) => new Linear().predict(data).map((label, i) => (i === 7 ? Number.NaN : label)),
  }
  const verdicts = (await new ModelTestSuite(model, rows, labels).runAll()).map(({ testName, verdict }) => [testName, verdict])
  expect(Object.fromEntries(verdicts)).toMatchObject({
    accuracy_threshold: 'error',
    f1_score: 'error',
    prediction_distribution: 'error',
    no_nan_predictions: 'fail',
  })
})

test('mistakes are thrown with what to do', async () => {
  const { rows, labels } = data(20)
  const model = new Linear()
  await expect(new ModelTestSuite(model, rows, labels).run()).rejects.toMatchObject({ code: 'E_USAGE' })
  await expect(new ModelTestSuite(model, rows, 'deny').runAll()).rejects.toMatchObject({ code: 'E_COLUMN_MISSING' })
  await expect(new ModelTestSuite(model, rows, labels.slice(1)).runAll()).rejects.toMatchObject({ code: 'E_VALUE' })
  await expect(new ModelTestSuite(model, [], []).runAll()).rejects.toMatchObject({ code: 'E_VALUE' })
  await expect(
    new ModelTestSuite(
      model,
      rows,
      labels.map((label, i) => (i ? label : null)),
    ).runAll(),
  ).rejects.toThrow('1 of 20 rows have no label')
  await expect(
    new ModelTestSuite(
      model,
      rows,
      labels.map((label) => (label === 'yes' ? 1 : 0)),
    ).runAll(),
  ).rejects.toThrow('no class in common')
  await expect(new ModelTestSuite('model.pkl', rows, labels).runAll()).rejects.toMatchObject({
    code: expect.stringMatching(/^E_/),
  })
  expect(() => new ModelTestSuite(model, rows, labels).testAccuracyThreshold(Number.NaN)).toThrow('not a number')
})

test('a regression is tested by its own metrics; accuracy of it is an error, not a pass', async () => {
  const xs = Array.from({ length: 200 }, (_, i) => ({ x: i / 10 }))
  const y = xs.map(({ x }, i) => 2 * x + Math.sin(i * 12.9898))
  const suite = new ModelTestSuite({ predict: (rows: readonly { x: number }[]) => rows.map(({ x }) => 2 * x) }, xs, y)
  const results = await suite
    .testMetric('r2', { min: 0.9 })
    .testMetric('mean-absolute-error', { max: 1 })
    .testAccuracyThreshold(0)
    .run()
  expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'error'])
})

test('no test passes on predictions that are not usable, whatever they are', async () => {
  const cell = fc.oneof(fc.constantFrom(null, undefined, Number.NaN, Infinity, ''), fc.double(), fc.string(), fc.boolean())
  await fc.assert(
    fc.asyncProperty(
      fc.array(cell, { maxLength: 12 }),
      fc.array(fc.constantFrom('no', 'yes'), { maxLength: 12 }),
      async (answer, labels) => {
        const rows = labels.map((_, i) => ({ x: i }))
        const unusable =
          answer.length !== labels.length || answer.some((value) => value === null || value === undefined || Number.isNaN(value))
        fc.pre(unusable)
        const suite = new ModelTestSuite({ predict: () => answer }, rows, labels)
        const passed = await suite.runAll().then(
          (results) => results.filter((result) => result.passed),
          () => [],
        )
        expect(passed).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
})
