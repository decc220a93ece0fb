import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linearModel } from '../../../test/fixtures/linear-model.ts'
import { UserError } from '../../core/errors.ts'
import { worstOf, type Verdict } from '../../core/verdict.ts'
import { seededRandom } from '../../stats/random.ts'
import { ModelTestSuite, type SuiteOptions } from '../suite.ts'
import type { ModelObject } from './object-predictor.ts'
import { nameOf } from './run-test.ts'
import type { TestResult } from './test-result.ts'
import type { TestSpec } from './test-spec.ts'

interface Row {
  readonly a: number
  readonly b: number
}

/** 400 rows of which nine in ten are "yes": an accuracy of 0.9 is had for always saying so. */
const random = seededRandom(31)
const rows: readonly Row[] = Array.from({ length: 400 }, () => ({ a: random.normal(), b: random.normal() }))
const probabilityOf = ({ a, b }: Row): number => 1 / (1 + Math.exp(-4 * (2 * a - b + 3)))
const labels: readonly string[] = rows.map((row) => (probabilityOf(row) > random.uniform() ? 'yes' : 'no'))

const proba = (data: readonly Row[]): number[][] => data.map((row) => [1 - probabilityOf(row), probabilityOf(row)])
const answers = (data: readonly Row[]): string[] => data.map((row) => (probabilityOf(row) > 0.5 ? 'yes' : 'no'))
const good = { classes: ['no', 'yes'], predict: answers, predictProba: proba }

/** Every kind of gate, with limits that the good model clears. */
const GATES: readonly TestSpec[] = [
  { test: 'accuracy_threshold', min: 0.8 },
  { test: 'f1_score', min: 0.75 },
  { test: 'prediction_distribution', max: 0.5 },
  { test: 'no_nan_predictions' },
  { test: 'varied_predictions' },
  { test: 'feature_importance', min: 0.01 },
  { test: 'metric', metric: 'recall', min: 0.5 },
  { test: 'metric', metric: 'balanced-accuracy', min: 0.6 },
  { test: 'metric', metric: 'f-beta@2', min: 0.6 },
  { test: 'metric', metric: 'roc-auc', min: 0.6 },
  { test: 'metric', metric: 'log-loss', max: 0.6 },
  { test: 'champion', metric: 'accuracy', noWorseThan: 0.03 },
  { test: 'champion', metric: 'roc-auc', noWorseThan: 0.05 },
  { test: 'champion', metric: 'log-loss', noWorseThan: 0.1 },
  { test: 'champion', metric: 'accuracy', betterBy: 0.001 },
]

type Judged = Pick<TestResult, 'testName' | 'verdict' | 'passed' | 'message'>

/** What every gate says. What is thrown is an error of them all, as the command line has it. */
async function judged(model: ModelObject | string, options: SuiteOptions = {}, truth = labels): Promise<readonly Judged[]> {
  const suite = new ModelTestSuite(model, rows, truth, { champion: good, timeout: 300, ...options })
  for (const gate of GATES) suite.add(gate)
  return suite.run().catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error
    return GATES.map((gate) => ({ testName: nameOf(gate), verdict: 'error' as const, passed: false, message: error.message }))
  })
}

const passedOf = (results: readonly Judged[]): string[] => results.flatMap(({ passed, testName }) => (passed ? [testName] : []))
const verdictOf = (results: readonly Judged[]): Verdict => worstOf(results.map(({ verdict }) => verdict))
const against = (results: readonly Judged[]): Judged[] => results.filter(({ testName }) => testName.endsWith('vs-champion'))

test('the good model passes every gate but those that ask it to be better than itself', async () => {
  const results = await judged(good)
  expect(passedOf(results)).toEqual(GATES.filter((gate) => !('betterBy' in gate)).map(nameOf))
  expect(['fail', 'inconclusive']).toContain(results.at(-1)!.verdict)
})

interface BadModel {
  readonly model: ModelObject
  /** What the first message says. */
  readonly says: RegExp
  /** The test that measures what is wrong; all others are errors. */
  readonly fails?: string
}

const broken = (predict: (data: readonly Row[]) => unknown, more: object = {}): ModelObject => ({ predict, ...more })

const BAD: Readonly<Record<string, BadModel>> = {
  'takes another number of columns': {
    model: broken(() => {
      throw new Error('X has 2 features, but LogisticRegression is expecting 3 features as input')
    }),
    says: /predict threw: X has 2 features/,
  },
  'gives probabilities of another number of classes': {
    model: { ...good, predictProba: (data: readonly Row[]) => data.map(() => [1]) },
    says: /probabilities of row 1 are not 2 numbers/,
  },
  'crashes in a promise': {
    model: broken(async () => Promise.reject(new Error('segmentation fault'))),
    says: /segmentation fault/,
  },
  'does not answer': { model: broken(() => new Promise(() => {})), says: /did not answer within/ },
  'answers a row too few': { model: broken((data) => answers(data).slice(1)), says: /answered 399 values for 400 rows/ },
  'answers a row too many': { model: broken((data) => [...answers(data), 'yes']), says: /answered 401 values for 400 rows/ },
  'answers one value for all rows': { model: broken(() => ['yes']), says: /answered 1 values for 400 rows/ },
  'answers nothing': { model: broken(() => undefined), says: /answered undefined for 400 rows/ },
  'answers NaN for every row': {
    model: broken((data) => data.map(() => Number.NaN)),
    says: /NaN/,
    fails: 'no_nan_predictions',
  },
  'answers NaN for one row': {
    model: broken((data) => answers(data).map((label, i) => (i === 7 ? Number.NaN : label))),
    says: /1 of 400 predictions/,
    fails: 'no_nan_predictions',
  },
  'gives NaN as a probability': {
    model: {
      ...good,
      predictProba: (data: readonly Row[]) => proba(data).map((row, i) => (i === 7 ? [Number.NaN, Number.NaN] : row)),
    },
    says: /1 of 400/,
    fails: 'no_nan_predictions',
  },
  'knows other classes than the labels': {
    model: broken((data) => answers(data).map((label) => (label === 'yes' ? 1 : 0))),
    says: /no class in common/,
  },
}

describe.each(Object.entries(BAD))('a model that %s', (_name, { model, says, fails }) => {
  test('passes no gate, and is told why', async () => {
    const results = await judged(model)
    expect(results.map(({ testName, verdict }) => [testName, verdict])).toEqual(
      GATES.map((gate) => [nameOf(gate), nameOf(gate) === fails ? 'fail' : 'error']),
    )
    expect(passedOf(results)).toEqual([])
    expect(results[0]!.message).toMatch(says)
  })

  test('is no champion that anything passes against', async () => {
    const results = against(await judged(good, { champion: model }))
    expect(results.map(({ verdict }) => verdict)).toEqual(['error', 'error', 'error', 'error'])
    expect(results[0]!.message).toMatch(/champion/)
    expect(results[0]!.message).toMatch(says)
  })
})

test('a model that always says the same has no gate pass that reads its answers, and fails the standard ones', async () => {
  const model = broken((data) => data.map(() => 'yes'))
  const results = await judged(model)
  const verdicts = Object.fromEntries(results.map(({ testName, verdict }) => [testName, verdict]))
  // Nine in ten rows are "yes", so these numbers are good; what they hide is said.
  expect(verdicts).toMatchObject({
    accuracy_threshold: 'warn',
    f1_score: 'warn',
    recall: 'warn',
    prediction_distribution: 'fail',
    varied_predictions: 'fail',
    feature_importance: 'fail',
    'balanced-accuracy': 'fail',
    no_nan_predictions: 'pass',
  })
  expect(results.filter(({ passed }) => passed).map(({ testName }) => testName)).toEqual(['no_nan_predictions'])
  expect(results[0]!.message).toMatch(/^Accuracy 0\.\d{4} >= threshold 0\.8; every prediction is "yes"$/)
  expect(results[2]!.message).toMatch(
    /^The model tells no rows apart: every prediction is "yes", where \d\d of 400 rows are labelled otherwise$/,
  )
  const standard = await new ModelTestSuite(model, rows, labels).runAll()
  expect(worstOf(standard.map(({ verdict }) => verdict))).toBe('fail')
})

test('on few rows of the other class it cannot be told whether a model is constant', async () => {
  const few = { rows: rows.slice(0, 20), labels: Array.from({ length: 20 }, (_, i) => (i === 3 ? 'no' : 'yes')) }
  const suite = new ModelTestSuite({ predict: () => few.labels.map(() => 'yes') }, few.rows, few.labels)
  const [result] = await suite.add({ test: 'varied_predictions' }).run()
  expect(result).toMatchObject({ verdict: 'inconclusive' })
  expect(result!.message).toContain('only 1 of 20 rows are labelled otherwise')
})

test('a model that says one class but ranks rows by its probabilities is not constant', async () => {
  const rare = rows.map((row) => (probabilityOf(row) < 0.02 ? 'fraud' : 'ok'))
  const model = {
    classes: ['fraud', 'ok'],
    predict: (data: readonly Row[]) => data.map(() => 'ok'),
    predictProba: (data: readonly Row[]) =>
      data.map((row) => [0.4 * (1 - probabilityOf(row)), 1 - 0.4 * (1 - probabilityOf(row))]),
  }
  const suite = new ModelTestSuite(model, rows, rare)
  const results = await suite.add({ test: 'varied_predictions' }).testMetric('roc-auc', { min: 0.9 }).run()
  expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass'])
  expect(results[1]!.message).toContain('every prediction is "ok"')
})

test('labels that the model has never seen count as wrong, are named, and keep a gate from passing', async () => {
  const truth = labels.map((label, i) => (i % 100 === 0 ? 'maybe' : label))
  const results = await judged(good, {}, truth)
  const byName = Object.fromEntries(results.map((result) => [result.testName, result]))
  expect(byName['accuracy_threshold']).toMatchObject({ verdict: 'warn', passed: false })
  expect(byName['accuracy_threshold']!.message).toContain(
    'the model does not know "maybe", the label of 4 rows, which count as wrong',
  )
  expect(byName['log-loss']).toMatchObject({ verdict: 'error' })
  const readers = results.filter(
    ({ testName }) =>
      !['no_nan_predictions', 'varied_predictions', 'prediction_distribution', 'feature_importance'].includes(testName),
  )
  expect(readers.filter(({ passed }) => passed).map(({ testName }) => testName)).toEqual([])
})

test('a champion of other classes is an error', async () => {
  const champion = {
    ...good,
    classes: ['no', 'yes', 'maybe'],
    predictProba: (data: readonly Row[]) => proba(data).map((row) => [...row, 0]),
  }
  const results = await judged(good, { champion })
  expect(new Set(against(results).map(({ verdict }) => verdict))).toEqual(new Set(['error']))
  expect(against(results)[0]!.message).toMatch(/it knows the classes "no", "yes", "maybe", and the model "no", "yes"/)
})

const REGRESSION_GATES: readonly TestSpec[] = [
  { test: 'metric', metric: 'r2', min: 0 },
  { test: 'metric', metric: 'mean-absolute-error', max: 100 },
  { test: 'metric', metric: 'root-mean-squared-error', max: 100 },
  { test: 'varied_predictions' },
  { test: 'no_nan_predictions' },
  { test: 'champion', metric: 'r2', noWorseThan: 0.01 },
  { test: 'champion', metric: 'mean-absolute-error', noWorseThan: 1 },
]

test.each([
  ['NaN', () => Number.NaN],
  ['infinity', () => Infinity],
  ['text', () => 'much'],
  ['nothing', () => null],
  ['one infinity', (row: Row, i: number) => (i === 5 ? -Infinity : row.a)],
] as const)('a regression that answers %s passes no gate', async (_name, answer) => {
  const values = rows.map(({ a }, i) => 3 * a + (i % 7) / 7)
  const champion = { predict: (data: readonly Row[]) => data.map(({ a }) => 3 * a) }
  const model = { predict: (data: readonly Row[]) => data.map((row, i) => answer(row, i)) } as ModelObject
  const suite = new ModelTestSuite(model, rows, values, { champion, task: 'regression' })
  for (const gate of REGRESSION_GATES) suite.add(gate)
  const results = await suite.run()
  const passed = results.filter((result) => result.passed).map(({ testName }) => testName)
  expect(passed).toEqual([])
  expect(worstOf(results.map(({ verdict }) => verdict))).toBe('error')
})

test('a constant regression passes none of the standard tests that look at its answers', async () => {
  const values = rows.map(({ a }, i) => 3 * a + (i % 7) / 7)
  const mean = values.reduce((sum, y) => sum + y, 0) / values.length
  const results = await new ModelTestSuite({ predict: (data: readonly Row[]) => data.map(() => mean) }, rows, values, {
    task: 'regression',
  }).runAll()
  expect(results.filter(({ passed }) => passed).map(({ testName }) => testName)).toEqual(['no_nan_predictions'])
})

const ONNX: Readonly<Record<string, { bytes: Uint8Array; says: RegExp; verdict: Verdict; passes: readonly string[] }>> = {
  'always says the same': {
    bytes: linearModel(3, { weights: [0, 0] }),
    says: /every prediction is "yes"/,
    verdict: 'fail',
    passes: ['no_nan_predictions'],
  },
  'answers NaN': { bytes: linearModel(0, { weights: [Number.NaN, 1] }), says: /missing or NaN/, verdict: 'error', passes: [] },
  'has another width': {
    bytes: linearModel(3, { columns: ['a', 'b', 'c'] }),
    says: /column|feature|input/i,
    verdict: 'error',
    passes: [],
  },
  'is no model': { bytes: new TextEncoder().encode('not a model'), says: /bad\.onnx/, verdict: 'error', passes: [] },
}

test.each(Object.entries(ONNX))(
  'an ONNX file that %s passes no gate that looks at that',
  async (_name, { bytes, says, verdict, passes }) => {
    const cwd = mkdtempSync(join(tmpdir(), 'bad-models-'))
    writeFileSync(join(cwd, 'bad.onnx'), bytes)
    const results = await judged('bad.onnx', { cwd, timeout: 20_000 })
    expect(passedOf(results)).toEqual(passes)
    expect(results[0]!.message).toMatch(says)
    expect(verdictOf(results)).toBe(verdict)
  },
)
