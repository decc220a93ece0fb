import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linearModel } from '../../test/fixtures/linear-model.ts'
import { mlflowServer } from '../../test/fixtures/mlflow-server.ts'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { Report } from '../core/report.ts'
import type { Step } from '../core/step.ts'
import { readTable } from '../drivers/duckdb.ts'
import { digestFile } from '../drivers/files.ts'
import { openPredictor } from '../model/predictors/open.ts'
import { createInferenceServer } from '../serve/server.ts'
import { seededRandom } from '../stats/random.ts'
import { checkFairness } from './check-fairness.ts'
import { evaluate } from './evaluate.ts'
import { validateModel } from './validate-model.ts'

interface Project {
  readonly cwd: string
  readonly said: string[]
  readonly run: (step: Step, given: Record<string, unknown>) => Promise<Report>
}

/**
 * A folder with test data (`deny`, `afam`, `income`) and what a model said of them. `bias` is how often the model denies a
 * creditworthy applicant of the group.
 */
function project({ rows = 800, error = 0.05, bias = 0.05, label = 'deny' } = {}): Project {
  const cwd = mkdtempSync(join(tmpdir(), 'model-steps-'))
  const said: string[] = []
  const random = seededRandom(17)
  const data = [`income,afam,${label}`]
  const predictions = ['prediction,probability_no,probability_yes']
  for (let i = 0; i < rows; i++) {
    const afam = i % 3 === 0
    const deny = random.uniform() < 0.3
    const wrong = random.uniform() < (afam && !deny ? bias : error)
    const yes = deny !== wrong
    data.push(`${i},${afam ? 'yes' : 'no'},${deny ? 'yes' : 'no'}`)
    predictions.push(`${yes ? 'yes' : 'no'},${yes ? '0.1,0.9' : '0.9,0.1'}`)
  }
  mkdirSync(join(cwd, 'data'))
  writeFileSync(join(cwd, 'data/test.csv'), data.join('\n'))
  writeFileSync(join(cwd, 'model.csv'), predictions.join('\n'))
  const context = stepContext(cwd, { say: (line) => void said.push(line) })
  return { cwd, said, run: (step, given) => step.run(context, step.params.parse(given)) }
}

const scoring = { model: 'model.csv', testData: 'data/test.csv', label: 'deny' }
const verdicts = (report: Report): Record<string, string> =>
  Object.fromEntries(report.results.map(({ check, verdict }) => [check, verdict]))

test('evaluate reports the metrics that are named, what answers cost, and those of a module', async () => {
  const { cwd, run } = project()
  writeFileSync(
    join(cwd, 'own.mjs'),
    "export default [{ name: 'hit', good: 'high', row: ({ truth, predicted }) => Number(truth === predicted) }]",
  )
  const metrics = ['mcc', 'f-beta@2', 'expected-cost', 'hit', 'mcc']
  const costs = { yes: { no: 5 }, no: { yes: 1 } }
  const report = await run(evaluate, { ...scoring, metrics, costs, metricModule: 'own.mjs' })
  expect(Object.keys(verdicts(report))).toEqual(['model.mcc', 'model.f-beta@2', 'model.expected-cost', 'model.hit'])
  expect(report.summary).toMatch(/^mcc 0\.\d{3} \[.*\], f-beta@2 0\.\d{3} on 800 rows$/)
  const standard = await run(evaluate, { ...scoring, metrics: ['standard', 'mcc'], costs, metricModule: 'own.mjs' })
  expect(Object.keys(verdicts(standard))).toEqual(
    expect.arrayContaining(['model.hit', 'model.accuracy', 'model.expected-cost', 'model.roc-auc', 'model.mcc']),
  )
  expect(evaluate.reads(evaluate.params.parse({ ...scoring, metricModule: 'own.mjs' }))).toContainEqual({
    kind: 'file',
    path: 'own.mjs',
  })
})

test('evaluate refuses a metric that there is not when the parameters are read', () => {
  expect(() => evaluate.params.parse({ ...scoring, metrics: ['acuracy'] })).toThrow('Did you mean \\"accuracy\\"?')
  expect(() => evaluate.params.parse({ ...scoring, metrics: ['f-beta'] })).toThrow('The beta of the metric')
})

test('evaluate weighs rows and keeps clusters together, and says what they are worth', async () => {
  const { cwd, run } = project()
  const plain = await run(evaluate, { ...scoring, metrics: ['accuracy'] })
  const drawn = await run(evaluate, { ...scoring, metrics: ['accuracy'], weight: 'income', cluster: 'afam' })
  expect(drawn.summary).toMatch(/ on 800 rows in 2 clusters, weighted$/)
  const { effectiveRows, clusters } = JSON.parse(readFileSync(join(cwd, 'results/metrics.json'), 'utf8')) as Record<
    string,
    number
  >
  expect(clusters).toBe(2)
  // (Σw)² / Σw² of 0, 1, …, 799
  expect(effectiveRows).toBeCloseTo((799 * 800 * 3) / (2 * 1599), 6)
  const widths = [plain, drawn].map(({ results }) => {
    const { interval } = results[0]!.measurements[0]!
    return interval!.upper! - interval!.lower!
  })
  expect(widths[1]).toBeGreaterThan(2 * widths[0]!)
})

test('evaluate measures, and leaves predictions and metrics that the other steps can judge', async () => {
  const { cwd, run } = project()
  const report = await run(evaluate, scoring)
  expect(report.verdict).toBe('pass')
  expect(report.summary).toMatch(/^accuracy 0\.9\d\d \[0\.\d{3}, 0\.\d{3}\], AUC 0\.\d{3} on 800 rows$/)
  expect(report.artifacts.map(({ path }) => path)).toEqual(['results/predictions.parquet', 'results/metrics.json'])

  const { columns, rowCount } = await readTable(cwd, 'results/predictions.parquet')
  expect(rowCount).toBe(800)
  expect(Object.keys(columns)).toEqual([
    'row',
    'label',
    'prediction',
    'probability_no',
    'probability_yes',
    'deny',
    'income',
    'afam',
  ])
  expect([columns['row']![0], columns['row']![799], columns['income']![799]]).toEqual([1, 800, 799])

  const metrics = JSON.parse(readFileSync(join(cwd, 'results/metrics.json'), 'utf8')) as {
    positive: string
    confusionMatrix: number[][]
    metrics: { name: string; value: number; interval: object; n: number }[]
  }
  expect(metrics).toMatchObject({ schemaVersion: 1, task: 'classification', positive: 'yes', rows: 800, label: 'deny' })
  expect(metrics.confusionMatrix.flat().reduce((sum, count) => sum + count, 0)).toBe(800)
  expect(metrics.metrics.every(({ value, interval, n }) => Number.isFinite(value) && interval !== null && n > 0)).toBe(true)

  const again = await run(validateModel, { predictions: 'results/predictions.parquet' })
  expect(verdicts(again)).toMatchObject({ 'model.accuracy-threshold': 'pass', 'model.feature-importance': 'skip' })
  const fair = await run(checkFairness, {
    predictions: 'results/predictions.parquet',
    sensitive: ['afam'],
    maxEqualizedOddsDifference: 0.2,
  })
  expect(fair.verdict).toBe('pass')
})

test('endpoints, files of predictions and the model itself give the same numbers', async () => {
  const { run, cwd } = project()
  const random = seededRandom(3)
  let said: Record<string, string | number | undefined>[] = []
  const rows = Array.from({ length: 300 }, (_, i) => {
    const [a, b] = [random.uniform() * 4 - 2, random.uniform() * 4 - 2]
    return `${a},${b},${i % 3 === 0 ? 'yes' : 'no'},${2 * a - b + 1 + (random.uniform() - 0.5) > 0 ? 'yes' : 'no'}`
  })
  writeFileSync(join(cwd, 'data/linear.csv'), ['a,b,afam,deny', ...rows].join('\n'))
  writeFileSync(join(cwd, 'model.onnx'), linearModel(1))
  const scoring = { model: 'model.onnx', testData: 'data/linear.csv', label: 'deny' }
  const numbers = async (step: Step, params: object) =>
    (await run(step, { ...params, positive: 'yes' })).results.map(({ check, verdict, message, measurements }) => ({
      check,
      verdict,
      message,
      measurements,
    }))
  const predictor = await openPredictor(join(cwd, 'model.onnx'), {
    cwd,
    env: {},
    admit: digestFile,
  })
  const server = await createInferenceServer({
    predictor,
    modelName: 'm',
    modelVersion: '1',
    modelDigest: predictor.digest!,
    releaseId: 'r',
    port: 0,
  })
  const served = { ...scoring, model: server.url }
  // The words of MLflow, and predictions in another order, found by the column that names the rows.
  const mlflow = await mlflowServer(({ columns: names, data }) => {
    const at = (name: string) => names.indexOf(name)
    const row = new Map(rows.map((line, i) => [line.split(',').slice(0, 2).join(), i]))
    return data.map((cells) => said[row.get([cells[at('a')], cells[at('b')]].join())!])
  })
  const inWords = { ...scoring, model: `${mlflow.url}/invocations`, batchSize: 90, concurrency: 2 }
  const shuffled = { ...scoring, model: 'shuffled.jsonl', id: 'a' }
  try {
    const { labels, probabilities } = await predictor.predict(await readTable(cwd, 'data/linear.csv'))
    said = labels.map((prediction, i) => ({
      prediction,
      probability_no: probabilities![2 * i],
      probability_yes: probabilities![2 * i + 1],
    }))
    const lines = said.map((record, i) => JSON.stringify({ a: Number(rows[i]!.split(',')[0]), ...record }))
    writeFileSync(join(cwd, 'shuffled.jsonl'), lines.toReversed().join('\n'))
    const itself = await numbers(evaluate, scoring)
    expect(itself.map(({ check }) => check)).toContain('model.roc-auc')
    const predictions = 'results/predictions.parquet'
    const written = readFileSync(join(cwd, predictions))
    expect(await numbers(evaluate, { ...served, output: 'served' })).toEqual(itself)
    expect(await numbers(evaluate, { ...inWords, output: 'words' })).toEqual(itself)
    expect(await numbers(evaluate, { ...shuffled, output: 'shuffled' })).toEqual(itself)
    for (const output of ['words', 'shuffled'])
      expect(readFileSync(join(cwd, output, 'predictions.parquet')).equals(written)).toBe(true)
    expect(await numbers(evaluate, { predictions })).toEqual(itself)
    expect((await readTable(cwd, predictions)).columns).toEqual((await readTable(cwd, 'served/predictions.parquet')).columns)
    expect(readFileSync(join(cwd, predictions)).equals(written)).toBe(true)

    const suite = { tests: ['accuracy-threshold', 'f1-score', 'log-loss<=1', 'no-nan-predictions'] }
    const tested = await numbers(validateModel, { ...scoring, ...suite })
    expect(await numbers(validateModel, { ...served, ...suite })).toEqual(tested)
    expect(await numbers(validateModel, { ...inWords, ...suite })).toEqual(tested)
    expect(await numbers(validateModel, { ...shuffled, ...suite })).toEqual(tested)
    expect(await numbers(validateModel, { predictions, ...suite })).toEqual(tested)

    const groups = { sensitive: ['afam'] }
    const fair = await numbers(checkFairness, { ...scoring, ...groups })
    expect(await numbers(checkFairness, { ...served, ...groups })).toEqual(fair)
    expect(await numbers(checkFairness, { predictions, ...groups })).toEqual(fair)
  } finally {
    await server.drain()
    await predictor.close()
  }
})

test('what is to be scored is asked for when the parameters are read', () => {
  for (const step of [evaluate, validateModel, checkFairness]) {
    const problem = (params: object) =>
      step.params.safeParse({ ...(step === checkFairness && { sensitive: ['afam'] }), ...params }).error?.issues[0]?.message
    expect(problem({ model: 'm.onnx' })).toContain('the test data are missing')
    expect(problem({ testData: 'd.csv' })).toContain('the model is missing')
    expect(problem({ model: 'm.onnx', predictions: 'p.csv' })).toContain('both given')
  }
})

test('validate-model says the report that teams know, and fails a worse model', async () => {
  const good = project()
  const report = await good.run(validateModel, { ...scoring, threshold: 0.85 })
  expect(report.verdict).toBe('pass')
  expect(report.summary).toMatch(/^4\/5 tests passed on 800 rows; skip: feature-importance; accuracy 0\.9\d\d \[/)
  expect(good.said.slice(0, 2)).toEqual(['Model Test Report', '='.repeat(50)])
  expect(good.said[2]).toMatch(/^\[PASS\] accuracy_threshold: Accuracy 0\.\d{4} >= threshold 0\.85$/)
  expect(good.said.at(-1)).toBe('Total: 4/5 tests passed (1 skipped)')

  const worse = project({ error: 0.3, bias: 0.3 })
  expect(verdicts(await worse.run(validateModel, { ...scoring, threshold: 0.85 }))).toMatchObject({
    'model.accuracy-threshold': 'fail',
  })
})

test('tests can be named, with their limits, and metrics among them; threshold is that of accuracy', async () => {
  const { run } = project()
  const report = await run(validateModel, {
    ...scoring,
    threshold: 0.99,
    tests: ['f1-score=0.7', 'roc-auc>=0.8', 'log-loss<=0.1'],
  })
  expect(verdicts(report)).toEqual({
    'model.accuracy-threshold': 'fail',
    'model.f1-score': 'pass',
    'model.roc-auc': 'pass',
    'model.log-loss': 'fail',
  })
  expect(() => validateModel.params.parse({ ...scoring, tests: ['acuracy-threshold=0.9'] })).toThrow('Did you mean')
  expect(() => validateModel.params.parse({ ...scoring, tests: ['rocauc>=0.8'] })).toThrow('Did you mean')
  await expect(run(validateModel, { ...scoring, tests: ['r2>=0.8'] })).rejects.toMatchObject({ code: 'E_VALUE' })
})

test('check-fairness fails a biased model and passes a fair one; without a limit equalized odds is held to 0.1', async () => {
  const biased = await project({ bias: 0.6 }).run(checkFairness, { ...scoring, sensitive: ['afam'] })
  expect(verdicts(biased)).toEqual({ 'fairness.equalized-odds-difference.afam': 'fail', 'fairness.rates.afam': 'pass' })
  expect(biased.results[0]!.expected).toBe('<= 0.1')
  const fair = await project({ rows: 4000 }).run(checkFairness, { ...scoring, sensitive: ['afam'] })
  expect(fair.verdict).toBe('pass')
  const few = await project({ rows: 90 }).run(checkFairness, { ...scoring, sensitive: ['afam'] })
  expect(few.verdict).toBe('inconclusive')
  expect(few.results[0]!.message).toMatch(/rows would decide/)
})

test('several limits are judged each on its own; leaving out all groups but one is refused', async () => {
  const { run } = project()
  const report = await run(checkFairness, {
    ...scoring,
    positive: 'no',
    sensitive: ['afam'],
    minDemographicParityRatio: 0.8,
    maxTruePositiveRateDifference: 0.2,
    maxFalsePositiveRateDifference: 0.2,
  })
  expect(Object.keys(verdicts(report))).toEqual([
    'fairness.demographic-parity-ratio.afam',
    'fairness.true-positive-rate-difference.afam',
    'fairness.false-positive-rate-difference.afam',
    'fairness.rates.afam',
  ])
  await expect(run(checkFairness, { ...scoring, sensitive: ['afam'], minGroupRows: 300 })).rejects.toThrow(
    'Fewer than two groups',
  )
})

test('mistakes say what to do', async () => {
  const { cwd, run } = project()
  const refused = async (step: Step, given: Record<string, unknown>): Promise<unknown> =>
    run(step, given).then(
      (report) => report.verdict,
      (error: unknown) => error,
    )
  expect(await refused(evaluate, { ...scoring, label: 'denny' })).toMatchObject({
    code: 'E_COLUMN_MISSING',
    hint: 'Did you mean "deny"?',
  })
  expect(await refused(evaluate, { ...scoring, label: undefined })).toMatchObject({ code: 'E_USAGE' })
  expect(await refused(evaluate, { ...scoring, testData: 'data/none.csv' })).toMatchObject({ code: 'E_FILE_MISSING' })
  expect(await refused(evaluate, { ...scoring, model: 'none.onnx' })).toMatchObject({ code: 'E_FILE_MISSING' })
  expect(await refused(evaluate, { ...scoring, positive: 'Yes' })).toMatchObject({ code: 'E_VALUE', hint: 'Did you mean "yes"?' })
  expect(await refused(evaluate, { ...scoring, label: 'income' })).toMatchObject({ code: 'E_VALUE' })
  expect(await refused(checkFairness, { ...scoring, sensitive: ['sex'] })).toMatchObject({ code: 'E_COLUMN_MISSING' })
  expect(await refused(checkFairness, { ...scoring, sensitive: ['income'] })).toMatchObject({ code: 'E_VALUE' })
  writeFileSync(join(cwd, 'data/empty.csv'), 'income,afam,deny\n')
  expect(await refused(evaluate, { ...scoring, testData: 'data/empty.csv' })).toMatchObject({ code: 'E_VALUE' })
  writeFileSync(join(cwd, 'data/short.csv'), 'income,afam,deny\n1,yes,no\n2,no,yes\n')
  expect(await refused(evaluate, { ...scoring, testData: 'data/short.csv' })).toMatchObject({ code: 'E_PREDICTOR' })
})

test('a single class cannot measure AUC: an error that says so, while the rest is measured', async () => {
  const { cwd, run } = project({ rows: 3 })
  writeFileSync(join(cwd, 'data/one.csv'), 'income,deny\n1,no\n2,no\n3,no\n')
  const report = await run(evaluate, { ...scoring, testData: 'data/one.csv' })
  expect(report.verdict).toBe('error')
  const auc = report.results.find(({ check }) => check === 'model.roc-auc')!
  expect(auc).toMatchObject({ verdict: 'error' })
  expect(auc.message).toContain('every row has the label "no", and ROC AUC needs two classes')
  expect(verdicts(report)['model.accuracy']).toBe('pass')
})

test('a label that the model has never seen counts as wrong, with a warning, and stops what needs its probability', async () => {
  const { cwd, run } = project({ rows: 3 })
  writeFileSync(join(cwd, 'data/new.csv'), 'income,deny\n1,no\n2,yes\n3,maybe\n')
  const report = await run(evaluate, { ...scoring, testData: 'data/new.csv' })
  expect(report.results[0]).toMatchObject({ check: 'model.classes', verdict: 'warn' })
  expect(report.results[0]!.message).toContain('"maybe" in 1 of 3 rows')
  expect(verdicts(report)['model.log-loss']).toBe('error')
})
