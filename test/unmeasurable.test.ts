import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkResult } from '../src/core/check.ts'
import { sha256 } from '../src/core/digest.ts'
import { UserError } from '../src/core/errors.ts'
import { stepReport, type Report } from '../src/core/report.ts'
import type { Step } from '../src/core/step.ts'
import { exitCode, VERDICTS, worstOf, type Verdict } from '../src/core/verdict.ts'
import { decodeOnnx } from '../src/drivers/onnx-proto.ts'
import { ModelTestSuite } from '../src/model/suite.ts'
import { runReport, stageReport } from '../src/pipeline/reports.ts'
import { environmentFiles } from '../src/release/local/layout.ts'
import { releaseOf, type Release } from '../src/release/release.ts'
import { judge } from '../src/stats/judge.ts'
import { checkDataQuality } from '../src/steps/check-data-quality.ts'
import { checkFairness } from '../src/steps/check-fairness.ts'
import { endpointResults } from '../src/steps/endpoint-results.ts'
import { evaluate } from '../src/steps/evaluate.ts'
import { loadTest } from '../src/steps/load-test.ts'
import { run } from '../src/steps/run.ts'
import { securityScan } from '../src/steps/security-scan.ts'
import { smokeTest } from '../src/steps/smoke-test.ts'
import { validateModel } from '../src/steps/validate-model.ts'
import { validateSchema } from '../src/steps/validate-schema.ts'
import { verifyDeployment } from '../src/steps/verify-deployment.ts'
import { linearModel } from './fixtures/linear-model.ts'
import * as p from './fixtures/pickle-assembler.ts'
import { stepContext } from './fixtures/step-context.ts'

// What could not be measured never ends as `pass`, nor as `warn`, which opens the way as well: each step gets input that it
// passes, and then the same input with something broken. A UserError says that nothing was measured; any other exception is a bug.

type Files = Readonly<Record<string, string | Uint8Array>>
type Ending = Verdict | 'refused'

const OPEN_THE_WAY: readonly Ending[] = ['pass', 'warn']
const scratch = () => mkdtempSync(join(tmpdir(), 'unmeasurable-'))

function folderWith(files: Files): string {
  const cwd = scratch()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), content)
  }
  return cwd
}

/** How a step ends in a folder with these files. Parameters that are not valid are refused before it begins. */
async function ending(step: Step, given: Record<string, unknown>, files: Files, cwd = folderWith(files)): Promise<Ending> {
  const params = step.params.safeParse(given)
  if (!params.success) return 'refused'
  return refusable(async () => (await step.run(stepContext(cwd), params.data)).verdict)
}

async function refusable<T>(work: () => Promise<T>): Promise<T | 'refused'> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UserError) return 'refused'
    throw error
  }
}

/** Nothing that is broken in one of these ways opens the way. */
async function neverOpens<T>(broken: fc.Arbitrary<T>, end: (broken: T) => Promise<Ending>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(broken, async (each) => {
      expect(OPEN_THE_WAY).not.toContain(await end(each))
    }),
    { numRuns },
  )
}

/** No beginning of a file of any of the formats. */
const garbage = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Uint8Array.from([0xff, 0xfe, 0x00, ...bytes]))
const truncated = (whole: Uint8Array) => fc.integer({ min: 1, max: whole.length - 1 }).map((length) => whole.subarray(0, length))

// ─── data ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const PARQUET = readFileSync(new URL('../examples/mortgage/data/test/applications.parquet', import.meta.url))
const SCHEMA = '{"type":"object","required":["a"],"properties":{"a":{"type":"number","maximum":10}}}'
const A = Array.from({ length: 40 }, (_, i) => i / 10)
const GOOD_ROWS = `a,label\n${A.map((a, i) => `${a},${i % 2 ? 'yes' : 'no'}`).join('\n')}\n`

const brokenData: fc.Arbitrary<Files> = fc.oneof(
  fc.constantFrom<Files>(
    {},
    { 'in.csv': '' },
    { 'in.csv': '\n\n' },
    { 'in.csv': 'a,label\n' },
    { 'in.csv': 'a,label\r\n' },
    { 'in.csv': 'b,c\n1,2\n' },
    { 'in.jsonl': '' },
    { 'in.jsonl': '[]' },
    { 'in.jsonl': '{"a":' },
    { 'in.parquet': '' },
    { 'in.parquet': 'PAR1PAR1' },
  ),
  garbage.map((bytes) => ({ 'in.parquet': bytes })),
  garbage.map((bytes) => ({ 'in.csv': bytes })),
  truncated(PARQUET).map((bytes) => ({ 'in.parquet': bytes })),
)

test('validate-schema', async () => {
  const params = { input: 'in.*', schema: 'schema.json' }
  expect(await ending(validateSchema, params, { 'in.csv': GOOD_ROWS, 'schema.json': SCHEMA })).toBe('pass')
  await neverOpens(brokenData, (files) => ending(validateSchema, params, { 'schema.json': SCHEMA, ...files }), 30)
  const nothingToHold = fc.constantFrom(
    '',
    '{',
    'null',
    '{}',
    '{"type":"object"}',
    '{"properties":{}}',
    SCHEMA.replace('10', 'NaN'),
  )
  await neverOpens(nothingToHold, (schema) => ending(validateSchema, params, { 'in.csv': GOOD_ROWS, 'schema.json': schema }), 14)
  const missing = ['', 'null', 'NaN', 'inf', '"x"'].map((cell) => GOOD_ROWS.replace(/\n0.5,/, `\n${cell},`))
  await neverOpens(
    fc.constantFrom(...missing),
    (data) => ending(validateSchema, params, { 'in.csv': data, 'schema.json': SCHEMA }),
    10,
  )
})

test('check-data-quality', async () => {
  const params = { input: 'in.*', label: 'label', minRows: 10 }
  expect(await ending(checkDataQuality, params, { 'in.csv': GOOD_ROWS })).toBe('pass')
  await neverOpens(brokenData, (files) => ending(checkDataQuality, params, files), 30)
  const noLabels = GOOD_ROWS.replaceAll(/,(yes|no)$/gm, ',')
  expect(OPEN_THE_WAY).not.toContain(await ending(checkDataQuality, params, { 'in.csv': noLabels }))
  await neverOpens(
    fc.tuple(fc.constantFrom('minRows', 'maxMissingShare', 'minClassShare', 'mostClasses'), fc.constantFrom(NaN, Infinity, -1)),
    ([name, limit]) => ending(checkDataQuality, { ...params, [name]: limit }, { 'in.csv': GOOD_ROWS }),
    20,
  )
})

// ─── models ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Cells of a CSV file, the names of the columns first. */
type Cells = readonly (readonly string[])[]
interface Scored {
  readonly data: Cells
  readonly predictions: Cells
}
const csv = (cells: Cells) => cells.map((row) => `${row.join(',')}\n`).join('')
const filesOf = ({ data, predictions }: Scored): Files => ({ 'data.csv': csv(data), 'model.csv': csv(predictions) })

const LABELS = Array.from({ length: 60 }, (_, i) => (i % 2 ? 'yes' : 'no'))
const GOOD: Scored = {
  data: [['a', 'group', 'label'], ...LABELS.map((label, i) => [String(i), i % 4 < 2 ? 'x' : 'y', label])],
  predictions: [
    ['prediction', 'probability_no', 'probability_yes'],
    ...LABELS.map((label) => [label, ...(label === 'yes' ? ['0.2', '0.8'] : ['0.8', '0.2'])]),
  ],
}
const SCORING = { model: 'model.csv', testData: 'data.csv', label: 'label', positive: 'yes' }
const MODEL_STEPS: readonly (readonly [Step, Record<string, unknown>])[] = [
  [evaluate, SCORING],
  [validateModel, { ...SCORING, tests: ['accuracy-threshold=0.8', 'no-nan-predictions', 'roc-auc>=0.7'] }],
  [checkFairness, { ...SCORING, sensitive: ['group'], maxEqualizedOddsDifference: 0.6 }],
]

const withCells = (cells: Cells, columns: readonly number[], rows: (row: number) => boolean, value: string): Cells =>
  cells.map((row, i) => row.map((cell, column) => (i > 0 && rows(i) && columns.includes(column) ? value : cell)))
const withoutColumn = (cells: Cells, column: number): Cells => cells.map((row) => row.filter((_, i) => i !== column))

const brokenScores: fc.Arbitrary<Scored> = fc.oneof(
  fc.constantFrom<Scored>(
    { ...GOOD, data: GOOD.data.slice(0, 1) },
    { ...GOOD, predictions: GOOD.predictions.slice(0, 1) },
    { data: GOOD.data.slice(0, 1), predictions: GOOD.predictions.slice(0, 1) },
    { ...GOOD, data: [] },
    { ...GOOD, predictions: [] },
    { ...GOOD, data: withoutColumn(GOOD.data, 2) },
    { ...GOOD, predictions: withoutColumn(GOOD.predictions, 0).map((row) => row.slice(0, 1)) },
    // All labels missing, or of one class that is not the positive one.
    { ...GOOD, data: withCells(GOOD.data, [2], () => true, '') },
    { ...GOOD, data: withCells(GOOD.data, [2], () => true, 'maybe') },
  ),
  // A probability, both, or the prediction itself of some rows is no number or no class.
  fc
    .tuple(
      fc.constantFrom([0], [1], [2], [1, 2], [0, 1, 2]),
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
      fc.constantFrom('NaN', 'inf', '-inf', ''),
    )
    .map(([columns, rows, value]) => ({
      ...GOOD,
      predictions: withCells(GOOD.predictions, columns, (row) => rows.includes(row), value),
    })),
  // More or fewer predictions than rows.
  fc.integer({ min: 1, max: 59 }).map((rows) => ({ ...GOOD, predictions: GOOD.predictions.slice(0, rows + 1) })),
  fc.integer({ min: 1, max: 59 }).map((rows) => ({ ...GOOD, data: GOOD.data.slice(0, rows + 1) })),
)

test.each(MODEL_STEPS.map(([step, params]) => [step.name, step, params] as const))(
  '%s: labels and predictions',
  async (_, step, params) => {
    expect(await ending(step, params, filesOf(GOOD))).toBe('pass')
    await neverOpens(brokenScores, (scored) => ending(step, params, filesOf(scored)), 25)
    const files = fc.oneof(
      brokenData.map((data) => ({ ...filesOf(GOOD), 'data.csv': Object.values(data)[0] ?? '' })),
      garbage.map((bytes) => ({ ...filesOf(GOOD), 'model.csv': bytes })),
    )
    await neverOpens(files, (broken) => ending(step, params, broken), 10)
  },
)

test('check-fairness: groups that cannot be compared', async () => {
  const [, params] = MODEL_STEPS[2]!
  const broken: Scored[] = [
    { ...GOOD, data: withoutColumn(GOOD.data, 1) },
    { ...GOOD, data: withCells(GOOD.data, [1], () => true, '') },
    { ...GOOD, data: withCells(GOOD.data, [1], () => true, 'x') },
    // No positives, or no negatives, in one group or in all.
    { ...GOOD, data: withCells(GOOD.data, [2], (row) => (row - 1) % 4 < 2, 'no') },
    { ...GOOD, data: withCells(GOOD.data, [2], (row) => (row - 1) % 4 < 2, 'yes') },
    { ...GOOD, data: withCells(GOOD.data, [2], () => true, 'no') },
    // One row of another group.
    { ...GOOD, data: withCells(GOOD.data, [1], (row) => row === 7, 'z') },
  ]
  const ends = await Promise.all(broken.map((scored) => ending(checkFairness, params, filesOf(scored))))
  expect(ends.filter((end) => OPEN_THE_WAY.includes(end))).toEqual([])
})

test('limits that are no numbers are refused', async () => {
  const noNumber = fc.constantFrom<unknown>(NaN, Infinity, -Infinity, 'x', null)
  await neverOpens(
    fc.tuple(
      fc.constantFrom(
        [validateModel, 'threshold'],
        [checkFairness, 'maxEqualizedOddsDifference'],
        [evaluate, 'confidence'],
      ) as fc.Arbitrary<[Step, string]>,
      noNumber,
    ),
    ([[step, name], limit]) => {
      const [, params] = MODEL_STEPS.find(([other]) => other === step)!
      return ending(step, { ...params, [name]: limit }, filesOf(GOOD))
    },
    20,
  )
  for (const limit of ['NaN', 'Infinity', '', 'x']) {
    expect(await ending(validateModel, { ...SCORING, tests: [`accuracy-threshold=${limit}`] }, filesOf(GOOD))).toBe('refused')
    expect(() => new ModelTestSuite('model.csv', 'data.csv', 'label').testAccuracyThreshold(Number(limit || 'x'))).toThrow(
      UserError,
    )
  }
})

const ONNX = linearModel(0)
const AB = 'a,b,label\n' + A.map((a, i) => `${a},${i % 3},${2 * a - (i % 3) > 0 ? 'yes' : 'no'}\n`).join('')

test('model files that are cut off, empty or something else', async () => {
  const params = { model: 'model.onnx', testData: 'data.csv', label: 'label', positive: 'yes' }
  const steps: readonly (readonly [Step, Record<string, unknown>])[] = [
    [evaluate, params],
    [validateModel, { ...params, tests: ['no-nan-predictions'] }],
    [checkFairness, { ...params, sensitive: ['b'], maxEqualizedOddsDifference: 1 }],
  ]
  for (const [step, given] of steps.slice(0, 2)) {
    expect(await ending(step, given, { 'model.onnx': ONNX, 'data.csv': AB })).toBe('pass')
  }
  await neverOpens(
    fc.tuple(fc.constantFrom(...steps), fc.oneof(garbage, truncated(ONNX), fc.constant(new Uint8Array()))),
    ([[step, given], bytes]) => ending(step, given, { 'model.onnx': bytes, 'data.csv': AB }),
    40,
  )
  const notFinite = fc.constantFrom('NaN', 'inf', '-inf', '', 'x').map((cell) => AB.replace(/\n1.5,/, `\n${cell},`))
  await neverOpens(
    fc.tuple(fc.constantFrom(...steps.slice(0, 2)), notFinite),
    ([[step, given], data]) => ending(step, given, { 'model.onnx': ONNX, 'data.csv': data }),
    20,
  )
})

/** What is cut off just behind the graph is a model still, and all of it is looked at. */
function isModel(bytes: Uint8Array): boolean {
  try {
    return (decodeOnnx(bytes).graph?.node?.length ?? 0) > 0
  } catch {
    return false
  }
}

test('security-scan', async () => {
  const scan = (files: Files) => ending(securityScan, { model: 'models' }, { 'other.txt': '', ...files })
  const pickle = p.pickle(p.dict([p.text('weights'), p.tuple(p.int(1), p.int(2))]))
  expect(await scan({ 'models/m.pkl': pickle, 'models/m.onnx': ONNX })).toBe('pass')
  const names = fc.constantFrom('m.pkl', 'm.joblib', 'm.onnx', 'm.pt', 'm.bin', 'm.npy', 'm.safetensors', 'm.h5', 'm.zip')
  await neverOpens(
    fc.oneof(
      fc.constant({}),
      fc.tuple(names, fc.oneof(garbage, fc.constant(new Uint8Array()))).map(([name, bytes]) => ({ [`models/${name}`]: bytes })),
      fc.tuple(fc.constantFrom('m.pkl', 'm.joblib'), truncated(pickle)).map(([name, bytes]) => ({ [`models/${name}`]: bytes })),
      truncated(ONNX)
        .filter((bytes) => !isModel(bytes))
        .map((bytes) => ({ 'models/m.onnx': bytes })),
      // What can be looked at does not make up for what cannot.
      truncated(pickle).map((bytes) => ({ 'models/good.onnx': ONNX, 'models/m.pkl': bytes })),
    ),
    scan,
    300,
  )
})

test('the suite: whatever a model answers that is not a prediction for every row', async () => {
  const rows = 12
  const x = { a: Array.from({ length: rows }, (_, i) => i) }
  const y = Array.from({ length: rows }, (_, i) => i % 2)
  const suiteOf = (answer: unknown) =>
    new ModelTestSuite({ predict: () => answer as number[] }, x, y)
      .testAccuracyThreshold(0.1)
      .testF1Score(0.1)
      .testNoNanPredictions()
      .testPredictionDistribution(1)
  expect(worstOf((await suiteOf(y).run()).map(({ verdict }) => verdict))).toBe('pass')
  const noPrediction = fc.constantFrom<unknown>(NaN, Infinity, -Infinity, null, undefined, {}, [], 'NaN')
  const broken = fc.oneof(
    fc.constantFrom<unknown>(undefined, null, NaN, 'yes', {}, [], [[]], new Float32Array(rows).fill(NaN)),
    fc
      .integer({ min: 0, max: 30 })
      .filter((n) => n !== rows)
      .map((n) => Array.from({ length: n }, (_, i) => i % 2)),
    fc
      .tuple(fc.uniqueArray(fc.integer({ min: 0, max: rows - 1 }), { minLength: 1 }), noPrediction)
      .map(([at, value]) => y.map((right, i) => (at.includes(i) ? value : right))),
  )
  await neverOpens(
    broken,
    (answer) => refusable(async () => worstOf((await suiteOf(answer).run()).map(({ verdict }) => verdict))),
    150,
  )
})

// ─── endpoints ───────────────────────────────────────────────────────────────────────────────────────────────────────

const RELEASE: Release = releaseOf({
  modelName: 'm',
  modelVersion: '1',
  modelDigest: sha256(ONNX),
  modelExtension: '.onnx',
  imageDigest: null,
  configDigest: null,
  python: null,
})
const HEADERS = { 'x-release-id': RELEASE.id, 'x-model-version': '1', 'x-model-digest': RELEASE.modelDigest }
const METADATA = {
  name: 'm',
  versions: ['1'],
  platform: 'test',
  inputs: ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [-1] })),
  outputs: [
    { name: 'label', datatype: 'BYTES', shape: [-1] },
    { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
  ],
}

type Answer = (response: ServerResponse, request: { inputs: { name: string; data: number[] }[] }) => void
let answer: Answer
let url = ''
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    if (request.url!.endsWith('/infer')) return answer(response, JSON.parse(Buffer.concat(chunks).toString()) as never)
    response.end(JSON.stringify(request.url === '/v2' ? { name: 'test', models: ['m'] } : METADATA))
  })
})
let served = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  served = folderWith({ 'model.onnx': ONNX, 'data.csv': AB })
  const placed = environmentFiles(join(served, '.plimsoll'), 'production').modelOf(RELEASE)
  mkdirSync(dirname(placed), { recursive: true })
  writeFileSync(placed, ONNX)
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

interface Tensor {
  readonly name: string
  readonly datatype: string
  readonly shape: number[]
  readonly data: unknown[]
  readonly parameters?: object
}

/** What the model says, as a server that does its work answers. */
function outputsFor({ inputs }: Parameters<Answer>[1]): Tensor[] {
  const column = (name: string) => inputs.find((input) => input.name === name)!.data
  const yes = column('a').map((a, i) => 1 / (1 + Math.exp(column('b')[i]! - 2 * a)))
  const n = yes.length
  return [
    { name: 'label', datatype: 'BYTES', shape: [n], data: yes.map((p) => (p > 0.5 ? 'yes' : 'no')) },
    {
      name: 'probabilities',
      datatype: 'FP32',
      shape: [n, 2],
      data: yes.flatMap((p) => [1 - p, p]),
      parameters: { classes: ['no', 'yes'] },
    },
  ]
}
const bodyOf = (outputs: unknown) => JSON.stringify({ model_name: 'm', model_version: '1', outputs })

const rewritten = (change: (tensor: Tensor) => unknown): Answer => {
  return (response, request) => response.end(bodyOf(outputsFor(request).map(change)))
}
const brokenAnswer: fc.Arbitrary<Answer> = fc.oneof(
  fc
    .constantFrom('', 'null', '{}', '[]', '{"outputs":[]}', '{"outputs":null}', '{"outputs":[{}]}', '{"outputs":[null]}', 'NaN')
    .map(
      (body): Answer =>
        (response) =>
          response.end(body),
    ),
  fc
    .oneof(
      fc.string(),
      garbage.map((bytes) => Buffer.from(bytes)),
    )
    .map(
      (body): Answer =>
        (response) =>
          response.end(body),
    ),
  fc.json().map(
    (body): Answer =>
      (response) =>
        response.end(body),
  ),
  fc.constantFrom(204, 404, 500).map(
    (status): Answer =>
      (response) =>
        response.writeHead(status).end(),
  ),
  // Cut off, in the text or by the connection.
  fc.double({ min: 0.05, max: 0.95, noNaN: true }).map((share): Answer => (response, request) => {
    const body = bodyOf(outputsFor(request))
    response.end(body.slice(0, Math.floor(body.length * share)))
  }),
  fc.constant<Answer>((response) => response.destroy()),
  fc.constant<Answer>((response) => {
    response.writeHead(200, { 'content-length': 500 }).write('{"outputs":[')
    setTimeout(() => response.destroy(), 5)
  }),
  // Numbers that are none, in place of the probabilities or of the labels.
  fc
    .constantFrom<unknown>(null, 'NaN', {}, [], true)
    .map((value) => rewritten((tensor) => ({ ...tensor, data: tensor.data.map(() => value) }))),
  fc.constantFrom('NaN', 'Infinity').map((value): Answer => (response, request) => {
    response.end(bodyOf(outputsFor(request)).replaceAll(/(?<=[[,])\d[\d.e-]*(?=[,\]])/g, value))
  }),
  // Fewer elements, or other shapes.
  fc.constant(rewritten((tensor) => ({ ...tensor, data: tensor.data.slice(1) }))),
  fc.constant(rewritten((tensor) => ({ ...tensor, data: [], shape: [0] }))),
  fc.constant(rewritten((tensor) => ({ ...tensor, shape: [tensor.shape[0]! + 1] }))),
  fc.constant(rewritten(({ shape: _shape, ...tensor }) => tensor)),
  fc.constant(rewritten(({ data: _data, ...tensor }) => tensor)),
)

/** The same for an answer that a server gives. */
async function neverOpensAt(end: () => Promise<Ending>, numRuns: number, among = brokenAnswer): Promise<void> {
  answer = rewritten((tensor) => tensor)
  expect(await end()).toBe('pass')
  await neverOpens(
    among,
    (broken) => {
      answer = broken
      return end()
    },
    numRuns,
  )
}

test('smoke-test', async () => {
  const params = { endpoint: url, model: 'model.onnx', testData: 'data.csv', rows: 3 }
  await expect(neverOpensAt(() => ending(smokeTest, params, {}, served), 20)).resolves.toBeUndefined()
  answer = rewritten((tensor) => tensor)
  await neverOpens(
    brokenData,
    (files) => ending(smokeTest, { ...params, testData: 'in.*' }, { 'model.onnx': ONNX, ...files }),
    15,
  )
  const model = fc.oneof(garbage, truncated(ONNX), fc.constant(new Uint8Array()))
  await neverOpens(model, (bytes) => ending(smokeTest, params, { 'model.onnx': bytes, 'data.csv': AB }), 15)
})

test('verify-deployment', async () => {
  const verified = async (): Promise<Ending> => {
    const expectation = { url, environment: 'production', release: RELEASE, testData: 'data.csv', rows: 3 }
    const end = await refusable(() => endpointResults(stepContext(served), expectation))
    return end === 'refused' ? end : worstOf(end.results.map(({ verdict }) => verdict))
  }
  await neverOpensAt(verified, 15)
  expect(await ending(verifyDeployment, { environment: 'production' }, {})).toBe('refused')
})

test('load-test', async () => {
  const params = { endpoint: url, testData: 'data.csv', rps: 400, duration: '250ms', warmup: '0s', maxErrorRate: 0.5 }
  const quick = { ...params, maxP95: '5s', timeout: '1s' }
  await expect(neverOpensAt(() => ending(loadTest, quick, {}, served), 10)).resolves.toBeUndefined()
  answer = rewritten((tensor) => tensor)
  // With none of these numbers there is nothing to judge by.
  const limits = fc.tuple(fc.constantFrom('maxErrorRate', 'rps', 'maxP95', 'duration'), fc.constantFrom(NaN, 0, -1, 'x'))
  await neverOpens(limits, ([name, value]) => ending(loadTest, { ...quick, [name]: value }, {}, served), 16)
})

// ─── results of others ───────────────────────────────────────────────────────────────────────────────────────────────

test('run with JUnit files', async () => {
  const params = { command: 'cp in.xml out.xml', junit: 'out.xml' }
  const good = '<testsuites><testsuite name="s" tests="1"><testcase classname="c" name="n" time="0.1"/></testsuite></testsuites>'
  expect(await ending(run, params, { 'in.xml': good })).toBe('pass')
  const broken = fc.oneof(
    fc.constantFrom<string>(
      '',
      ' ',
      '<testsuites/>',
      '<testsuites tests="0"></testsuites>',
      '<testsuite name="s" tests="0" failures="0"/>',
      '<testsuite name="s" tests="7" failures="0"/>',
      '<testsuite><testcase name="n"><skipped/></testcase></testsuite>',
      '<html><body>Not found</body></html>',
      '{"tests":1}',
    ),
    garbage,
    truncated(Buffer.from(good)),
  )
  await neverOpens(broken, (xml) => ending(run, params, { 'in.xml': xml }), 40)
  // A file that was there before says nothing of this command.
  expect(OPEN_THE_WAY).not.toContain(await ending(run, { command: 'true', junit: 'out.xml' }, { 'out.xml': good }))
})

test('run with coverage files', async () => {
  const params = { command: 'cp in.info out.info', coverage: 'out.info', minCoverage: 0.5 }
  expect(await ending(run, params, { 'in.info': 'SF:a.js\nDA:1,1\nLF:1\nLH:1\nend_of_record\n' })).toBe('pass')
  const broken = fc.oneof(fc.constantFrom('', 'SF:a.js\nend_of_record\n', 'SF:a.js\nLF:0\nLH:0\nend_of_record\n', '{}'), garbage)
  await neverOpens(broken, (text) => ending(run, params, { 'in.info': text }), 15)
})

// ─── verdicts ────────────────────────────────────────────────────────────────────────────────────────────────────────

const verdicts = fc.array(fc.constantFrom(...VERDICTS), { maxLength: 12 })
const now = new Date(0)
const stepOf = (given: readonly Verdict[]): Report =>
  stepReport({
    name: 'step',
    summary: '',
    startedAt: now,
    durationMs: 0,
    results: given.map((verdict) => checkResult({ check: 'c', title: 'c', verdict, message: '' })),
  })
const common = { startedAt: now, durationMs: 0 }
const stageOf = (steps: readonly (readonly Verdict[])[]) =>
  stageReport({ ...common, name: 'stage', results: [], children: steps.map(stepOf), inconclusive: 'block' })
const measured = (given: readonly Verdict[]) =>
  given.some((verdict) => verdict !== 'skip') && given.every((verdict) => ['pass', 'warn', 'skip'].includes(verdict))

test('lists of results: only what was measured, and measured well, opens the way', () => {
  fc.assert(
    fc.property(verdicts, (given) => {
      expect(OPEN_THE_WAY.includes(worstOf(given))).toBe(measured(given))
    }),
  )
  fc.assert(
    fc.property(fc.array(verdicts, { maxLength: 5 }), (steps) => {
      const opens = steps.some(measured) && steps.every(measured)
      expect(OPEN_THE_WAY.includes(stageOf(steps).verdict)).toBe(opens)
    }),
  )
  fc.assert(
    fc.property(fc.array(fc.array(verdicts, { maxLength: 3 }), { maxLength: 4 }), (stages) => {
      const reports = stages.map(stageOf)
      const { verdict } = runReport({
        ...common,
        name: 'run',
        subject: { kind: 'pipeline', name: 'p' },
        stages: reports,
        details: {},
      })
      const opens = reports.length > 0 && stages.every((steps) => steps.length > 0 && steps.every(measured))
      expect(exitCode(verdict, 'block') === 0).toBe(opens)
    }),
  )
})

test('a judgement by numbers that are none', () => {
  const number = fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom(NaN, Infinity, -Infinity))
  const end = fc.option(number)
  const estimate = fc.record({
    value: fc.option(number),
    interval: fc.option(fc.record({ lower: end, upper: end, confidence: fc.constant(0.95), method: fc.constant('test') })),
    n: fc.constantFrom(-1, 0, 1, 100, NaN),
  })
  const limit = fc.record({ value: number, good: fc.constantFrom('at-least' as const, 'at-most' as const) })
  fc.assert(
    fc.property(estimate, limit, fc.constantFrom('interval' as const, 'point' as const), (given, at, evidence) => {
      const { value, interval, n } = given
      const worst = at.good === 'at-least' ? interval?.lower : interval?.upper
      const isGood = (each: number) => (at.good === 'at-least' ? each >= at.value : each <= at.value)
      const unmeasured =
        value === null ||
        Number.isNaN(value) ||
        (!Number.isFinite(value) && isGood(value)) ||
        !(n > 0) ||
        Number.isNaN(at.value) ||
        (evidence === 'interval' && (worst === undefined || worst === null || Number.isNaN(worst)))
      fc.pre(unmeasured)
      expect(judge(given, at, evidence).verdict).not.toBe('pass')
    }),
    { numRuns: 1000 },
  )
})
