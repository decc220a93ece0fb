import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linearModel } from '../../test/fixtures/linear-model.ts'
import { stepContext } from '../../test/fixtures/step-context.ts'
import { sha256 } from '../core/digest.ts'
import type { Report } from '../core/report.ts'
import { digestFile } from '../drivers/files.ts'
import { openPredictor } from '../model/predictors/open.ts'
import { createInferenceServer, type InferenceServer } from '../serve/server.ts'
import { loadTest } from './load-test.ts'
import { smokeTest } from './smoke-test.ts'

let cwd: string
let server: InferenceServer
const closers: (() => void)[] = []

/** P(yes) = logistic(weight · income - debt) */
const classifier = (weight: number): Uint8Array => linearModel(0, { columns: ['income', 'debt'], weights: [weight, -1] })

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'plimsoll-smoke-'))
  const bytes = classifier(2)
  await writeFile(join(cwd, 'model.onnx'), bytes)
  await writeFile(join(cwd, 'other.onnx'), classifier(0.3))
  const rows = Array.from({ length: 50 }, (_, i) => `${(i % 7) - 3},${(i % 5) / 2},${i % 2 ? 'yes' : 'no'}`)
  await writeFile(join(cwd, 'test.csv'), `income,debt,label\n${rows.join('\n')}\n`)
  await writeFile(join(cwd, 'narrow.csv'), 'income\n1\n')
  const predictor = await openPredictor('model.onnx', { cwd, env: {}, admit: digestFile })
  server = await createInferenceServer({
    predictor,
    modelName: 'm',
    modelVersion: '1',
    modelDigest: sha256(bytes),
    releaseId: 'r',
  })
})
afterAll(async () => {
  for (const close of closers) close()
  await server.drain()
})

const context = () => stepContext(cwd)

/** A proxy in front of the server that spoils its answers to infer requests. */
async function proxy(spoil: (body: string, response: ServerResponse) => void): Promise<string> {
  const front = createServer((incoming, response) => {
    const outgoing = httpRequest(
      server.url + incoming.url!,
      { method: incoming.method!, headers: incoming.headers },
      (answer) => {
        if (!incoming.url!.endsWith('/infer')) {
          response.writeHead(answer.statusCode!, answer.headers)
          answer.pipe(response)
          return
        }
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => spoil(Buffer.concat(chunks).toString(), response))
      },
    )
    incoming.pipe(outgoing)
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    front.closeAllConnections()
    front.close()
  })
  return `http://127.0.0.1:${(front.address() as AddressInfo).port}`
}

const smoke = (over: Record<string, unknown>): Promise<Report> =>
  smokeTest.run(context(), smokeTest.params.parse({ model: 'model.onnx', testData: 'test.csv', rows: 10, ...over }))
const load = (over: Record<string, unknown>): Promise<Report> =>
  loadTest.run(context(), loadTest.params.parse({ testData: 'test.csv', rps: 200, duration: '2s', warmup: '0s', ...over }))
const verdicts = (report: Report) => Object.fromEntries(report.results.map(({ check, verdict }) => [check, verdict]))

test('smoke-test passes when the endpoint serves the model', async () => {
  const report = await smoke({ endpoint: server.url })
  expect(verdicts(report)).toEqual({
    'endpoint.ready': 'pass',
    'endpoint.identity': 'pass',
    'endpoint.golden-rows': 'pass',
    'endpoint.golden-batch': 'pass',
  })
  expect(report.summary).toMatch(/^10 of 10 rows through http:\/\/127\.0\.0\.1:\d+ as [0-9a-f]{12} predicts them$/)
  expect((await smoke({ endpoint: `${server.url}/v2/models/m` })).verdict).toBe('pass')
})

test('smoke-test fails when the endpoint serves another model, and shows row, expected and answered', async () => {
  const report = await smoke({ endpoint: server.url, model: 'other.onnx' })
  expect(verdicts(report)).toMatchObject({
    'endpoint.ready': 'pass',
    'endpoint.identity': 'fail',
    'endpoint.golden-rows': 'fail',
  })
  const [finding] = report.results.find(({ check }) => check === 'endpoint.golden-rows')!.findings
  expect(finding!.message).toMatch(/^row \d+ of the sample: expected /)
  expect(finding!.evidence).toMatchObject({
    expected: { label: expect.any(String) },
    answered: {},
    row: { income: expect.any(Number) },
  })
})

test('smoke-test fails when something in front answers nonsense, however it does', async () => {
  const swapped = await proxy((body, response) =>
    response.end(body.replaceAll('"yes"', '"?"').replaceAll('"no"', '"yes"').replaceAll('"?"', '"no"')),
  )
  expect(verdicts(await smoke({ endpoint: swapped }))).toMatchObject({
    'endpoint.golden-rows': 'fail',
    'endpoint.golden-batch': 'fail',
  })
  const page = await proxy((_body, response) => response.end('<html>Welcome</html>'))
  const report = await smoke({ endpoint: page })
  expect(verdicts(report)).toMatchObject({
    'endpoint.identity': 'pass',
    'endpoint.golden-rows': 'fail',
    'endpoint.golden-batch': 'fail',
  })
  expect(report.results[2]!.actual).toBe('0 of 10 rows')
  const broken = await proxy((_body, response) => response.writeHead(500).end('{"error":"out of order"}'))
  expect((await smoke({ endpoint: broken })).results[2]!.message).toContain('out of order')
})

test('smoke-test takes what is missing as a mistake of the user, not as a verdict', async () => {
  await expect(smoke({ endpoint: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'E_NETWORK' })
  await expect(smoke({ endpoint: 'localhost' })).rejects.toMatchObject({ code: 'E_VALUE' })
  await expect(smoke({})).rejects.toMatchObject({ code: 'E_USAGE' })
  await expect(smoke({ environment: 'staging' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  await expect(smoke({ endpoint: server.url, model: 'none.onnx' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  await expect(smoke({ endpoint: server.url, testData: 'none.csv' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
})

test('load-test measures and passes', async () => {
  const report = await load({ endpoint: server.url, maxP95: '9s' })
  expect(verdicts(report)).toEqual({ 'load.error-rate': 'pass', 'load.p95': 'pass' })
  expect(report.details).toMatchObject({ requests: { sent: 400, answered: 400, dropped: 0 }, payloads: 50 })
  expect(report.summary).toMatch(/^400 requests at 200\/s, 0 failed, p50 /)
})

test('load-test fails a slow endpoint and one that fails, and cannot tell from too few requests', async () => {
  const slow = await proxy((body, response) => void setTimeout(() => response.end(body), 400))
  expect(verdicts(await load({ endpoint: slow }))).toEqual({ 'load.error-rate': 'pass', 'load.p95': 'fail' })
  let count = 0
  const flaky = await proxy((body, response) => (count++ % 10 === 0 ? response.writeHead(503).end() : response.end(body)))
  const report = await load({ endpoint: flaky })
  expect(verdicts(report)['load.error-rate']).toBe('fail')
  expect(report.results[0]!.findings).toMatchObject([{ message: '40 × status 503' }])
  expect((await load({ endpoint: server.url, rps: 50, duration: '1s' })).verdict).toBe('inconclusive')
})

test('load-test says which column the data lacks, and refuses a plan that is too large', async () => {
  await expect(load({ endpoint: server.url, testData: 'narrow.csv' })).rejects.toMatchObject({
    code: 'E_COLUMN_MISSING',
    message: 'The data has no column "debt", which the endpoint\'s model takes',
  })
  await expect(load({ endpoint: server.url, rps: 100_000, duration: '1h' })).rejects.toMatchObject({ code: 'E_VALUE' })
})
