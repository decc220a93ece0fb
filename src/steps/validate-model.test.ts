import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { linearModel } from '../../test/fixtures/linear-model.ts'
import { stepContext } from '../../test/fixtures/step-context.ts'
import { closing } from '../core/closing.ts'
import type { CheckResult } from '../core/check.ts'
import type { Report } from '../core/report.ts'
import type { Step, StepContext } from '../core/step.ts'
import { openTestSetLedger } from '../model/ledger/ledger.ts'
import { seededRandom } from '../stats/random.ts'
import { registerModel } from './register-model.ts'
import { validateModel } from './validate-model.ts'

let cwd: string
let context: StepContext
let said: string[]
const run = (given: Record<string, unknown>, step: Step = validateModel): Promise<Report> =>
  step.run(context, step.params.parse(given))
const scoring = { testData: 'data/test.csv', label: 'deny', id: 'customer' }
const tests = (...names: string[]) => ({ tests: names })

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'validate-'))
  said = []
  context = stepContext(cwd, { say: (line) => void said.push(line) })
  const random = seededRandom(3)
  const rows = Array.from({ length: 900 }, (_, i) => {
    const [a, b] = [random.uniform() * 4 - 2, random.uniform() * 4 - 2]
    return `c${i},${a},${b},${2 * a - b + 1 + 0.6 * random.normal() > 0 ? 'yes' : 'no'}`
  })
  mkdirSync(join(cwd, 'data'))
  writeFileSync(join(cwd, 'data/test.csv'), ['customer,a,b,deny', ...rows].join('\n'))
  for (const [name, intercept] of [
    ['good', 1],
    ['near', 0.98],
    ['bad', 2.5],
  ] as const)
    writeFileSync(join(cwd, `${name}.onnx`), linearModel(intercept))
})

const find = ({ results }: Report, check: string): CheckResult => results.find((result) => result.check === check)!

test('a champion of the registry is compared with on the same rows, by version and by alias', async () => {
  await run({ name: 'mortgage', model: 'good.onnx', alias: 'champion' }, registerModel)
  for (const champion of ['mortgage@champion', 'mortgage/1']) {
    const report = await run({ ...scoring, model: 'bad.onnx', champion, ...tests('accuracy>=champion-0.01') })
    const { verdict, message, measurements } = find(report, 'model.accuracy-vs-champion')
    expect(verdict).toBe('fail')
    expect(message).toMatch(/^Accuracy \d+(\.\d)? points worse than the champion \[.*\], allowed −1; p /)
    expect(measurements.map(({ name }) => name)).toEqual([
      'difference',
      'model',
      'champion',
      'p-value',
      'test',
      'rows to wrong',
      'rows to right',
    ])
  }
  const same = await run({ ...scoring, model: 'good.onnx', champion: 'mortgage@champion', ...tests('accuracy>=champion') })
  expect(find(same, 'model.accuracy-vs-champion')).toMatchObject({
    verdict: 'pass',
    message: 'Accuracy the same as the champion, which is this very model, allowed 0',
  })
  const near = await run({ ...scoring, model: 'near.onnx', champion: 'good.onnx' })
  expect(find(near, 'model.accuracy-vs-champion').verdict).toBe('pass')
})

test('without a champion in the registry nothing passes, and it is said how a first model gets through', async () => {
  const missing = { ...scoring, model: 'good.onnx', champion: 'mortgage@champion' }
  const error = await run({ ...missing, ...tests('accuracy>=0.8') })
  expect(error.verdict).toBe('error')
  expect(find(error, 'model.accuracy-vs-champion')).toMatchObject({
    verdict: 'error',
    message: 'there is no champion to compare with: The registry has no model "mortgage"',
    hint: expect.stringContaining('if-no-champion: skip') as string,
  })
  const first = await run({ ...missing, ifNoChampion: 'skip', ...tests('accuracy>=0.8') })
  expect(first.verdict).toBe('pass')
  expect(find(first, 'model.accuracy-vs-champion').verdict).toBe('skip')
  const nothingElse = await run({ ...missing, ifNoChampion: 'skip', ...tests('accuracy>=champion') })
  expect(nothingElse.verdict).toBe('error')

  await run({ name: 'mortgage', model: 'good.onnx' }, registerModel)
  const unset = await run({ ...missing, ...tests('accuracy>=champion') })
  expect(find(unset, 'model.accuracy-vs-champion').message).toContain('The registry has no mortgage@champion')
})

test('a champion that is not as it should be is an error: another number of rows, other classes', async () => {
  writeFileSync(join(cwd, 'short.csv'), ['prediction', ...Array.from({ length: 899 }, () => 'yes')].join('\n'))
  writeFileSync(
    join(cwd, 'other.csv'),
    ['prediction,probability_no,probability_yes,probability_maybe', ...Array.from({ length: 900 }, () => 'yes,0.2,0.8,0')].join(
      '\n',
    ),
  )
  const at = { ...scoring, id: undefined, model: 'good.onnx', ...tests('accuracy>=champion-0.5') }
  for (const [champion, says] of [
    ['short.csv', /899/],
    ['other.csv', /maybe/],
  ] as const) {
    const report = await run({ ...at, champion })
    expect(report.verdict).toBe('error')
    expect(report.results[0]!.message).toMatch(says)
  }
  await expect(run({ ...at, champion: 'nothing.onnx' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
})

test('rows that flipped: the first twenty as findings, all of them in a file', async () => {
  const report = await run({
    ...scoring,
    model: 'bad.onnx',
    champion: 'good.onnx',
    ...tests('accuracy>=champion-0.01', 'roc-auc>=champion-0.01'),
  })
  const [accuracy, auc] = report.results
  expect(accuracy!.findings).toHaveLength(20)
  expect(auc!.findings).toEqual([])
  expect(accuracy!.findings[0]!.message).toMatch(
    /^Row \d+ \(c\d+\) went from right to wrong: "no" is true, the champion said "no", the model "yes"$/,
  )
  expect(report.artifacts.map(({ path }) => path)).toEqual(['results/flipped-rows.jsonl'])
  const lines = readFileSync(join(cwd, 'results/flipped-rows.jsonl'), 'utf8').trimEnd().split('\n')
  const count = (name: string): number => accuracy!.measurements.find((measured) => measured.name === name)!.value as number
  expect(lines).toHaveLength(count('rows to wrong') + count('rows to right'))
  expect(JSON.parse(lines[0]!)).toEqual(accuracy!.findings[0]!.evidence)
  const params = validateModel.params.parse({
    ...scoring,
    model: 'bad.onnx',
    champion: 'mortgage@champion',
    flips: 'out/flips.jsonl',
  })
  expect(validateModel.writes(params)).toEqual([{ kind: 'file', path: 'out/flips.jsonl' }])
  expect(validateModel.reads(params)).toContainEqual({ kind: 'registry', name: 'mortgage' })
  expect(validateModel.writes(validateModel.params.parse({ ...scoring, model: 'bad.onnx' }))).toEqual([])
})

test('every source of the same answers is the same decision on the same data', async () => {
  const { columns } = await (await import('../drivers/duckdb.ts')).readTable(cwd, 'data/test.csv')
  const good = Array.from(columns['a']!, (a, i) => (2 * Number(a) - Number(columns['b']![i]) + 1 > 0 ? 'yes' : 'no'))
  const csv = (order: readonly number[]) => ['customer,prediction', ...order.map((i) => `c${i},${good[i]}`)].join('\n')
  const order = good.map((_, i) => i)
  writeFileSync(join(cwd, 'one.csv'), csv(order))
  writeFileSync(join(cwd, 'two.csv'), csv(order.toReversed()))
  writeFileSync(join(cwd, 'data/copy.csv'), readFileSync(join(cwd, 'data/test.csv')))
  const reports = [
    await run({ ...scoring, model: 'one.csv', ...tests('accuracy>=0.8') }),
    await run({ ...scoring, model: 'two.csv', ...tests('accuracy>=0.8') }),
    await run({ ...scoring, testData: 'data/copy.csv', model: 'one.csv', ...tests('accuracy>=0.8') }),
  ]
  expect(reports.map(({ details }) => details!['testSet'])).toEqual([{ decision: 1 }, { decision: 1 }, { decision: 1 }])
  expect(said.join('\n')).not.toContain('were used for')
  await run({ ...scoring, model: 'good.onnx', ...tests('accuracy>=0.8') })
  expect(said.at(-1)).toMatch(/^These test data were used for 2 decisions; this is number 2\./)
  expect(closing(openTestSetLedger(context.stateDir), (ledger) => ledger.testSets())).toMatchObject([{ decisions: 2, rows: 900 }])
})

test('a budget that is used up leaves the step inconclusive', async () => {
  const budget = { ...scoring, testSetBudget: 1, ...tests('accuracy>=0.8') }
  expect((await run({ ...budget, model: 'good.onnx' })).verdict).toBe('pass')
  expect((await run({ ...budget, model: 'good.onnx' })).verdict).toBe('pass')
  const second = await run({ ...budget, model: 'near.onnx' })
  expect(second.verdict).toBe('inconclusive')
  expect(find(second, 'model.test-set-budget').message).toContain('used up')
})

test('what does not go together is told when the parameters are read', () => {
  const problem = (params: object) =>
    validateModel.params.safeParse({ ...scoring, model: 'good.onnx', ...params }).error?.issues[0]?.message
  expect(problem({ tests: ['accuracy>=champion-0.01'] })).toMatch(/give champion/)
  expect(problem({ margin: 0.01 })).toMatch(/give champion too/)
  expect(problem({ champion: 'x.onnx', margin: 0.01, tests: ['accuracy>=champion'] })).toMatch(/margin has no meaning/)
  expect(problem({ champion: 'x.onnx', tests: ['accuracy<=champion'] })).toMatch(
    /would let every worse model pass; Write accuracy>=champion/,
  )
  expect(problem({ testSetBudget: 0 })).toBeDefined()
  expect(problem({ champion: 'x.onnx', margin: 0.02 })).toBeUndefined()
})

test('a regression without named tests has to beat the mean, and is compared by R²', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => `${i},${i * 2.5 + Math.sin(i) * 3}`)
  writeFileSync(join(cwd, 'data/values.csv'), ['x,y', ...rows].join('\n'))
  const predictions = (slope: number) => ['prediction', ...rows.map((_, i) => String(i * slope + 0.5))].join('\n')
  writeFileSync(join(cwd, 'values.csv'), predictions(2.5))
  writeFileSync(join(cwd, 'old.csv'), predictions(2.4))
  const report = await run({
    model: 'values.csv',
    champion: 'old.csv',
    testData: 'data/values.csv',
    label: 'y',
    task: 'regression',
  })
  expect(report.results.map(({ check, verdict }) => [check, verdict])).toEqual([
    ['model.r2', 'pass'],
    ['model.varied-predictions', 'pass'],
    ['model.no-nan-predictions', 'pass'],
    ['model.feature-importance', 'skip'],
    ['model.r2-vs-champion', 'pass'],
  ])
})

test('metrics of the user’s own can be gates; a name that neither they nor the catalogue have is told', async () => {
  writeFileSync(
    join(cwd, 'own.mjs'),
    `export default [{ name: 'profit', good: 'high', tasks: ['classification'],
      row: ({ truth, predicted }) => (predicted === 'yes' ? (truth === 'yes' ? 20 : -100) : 0) }]`,
  )
  const own = { ...scoring, model: 'good.onnx', metricModule: 'own.mjs' }
  const report = await run({ ...own, ...tests('profit>=-50', 'accuracy>=0.5') })
  expect(report.results.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual(['model.profit pass', 'model.accuracy pass'])
  await expect(run({ ...own, ...tests('loss>=1') })).rejects.toMatchObject({ code: 'E_VALUE' })
  expect(validateModel.params.safeParse({ ...own, metricModule: undefined, ...tests('profit>=0') }).success).toBe(false)
})
