import { afterEach, expect, test } from 'vitest'
import { UserError } from '../core/errors.ts'
import type { Predictor } from '../core/predictor.ts'
import { createInferenceServer, type InferenceServer, type InferenceServerOptions } from './server.ts'

/** P(yes) = logistic(age / 10 - 4), plus 1 on the score for the city of Rome. */
const scorer: Predictor = {
  kind: 'onnx',
  name: 'scorer',
  digest: null,
  features: ['age', 'city'],
  datatypes: { age: 'FP32', city: 'BYTES' },
  importances: { age: 0.9, city: 0.1 },
  predict({ rowCount, columns }) {
    const probabilities = new Float64Array(rowCount * 2)
    for (let row = 0; row < rowCount; row++) {
      const score = Number(columns['age']![row]) / 10 - 4 + (columns['city']![row] === 'Rome' ? 1 : 0)
      probabilities[row * 2 + 1] = 1 / (1 + Math.exp(-score))
      probabilities[row * 2] = 1 - probabilities[row * 2 + 1]!
    }
    const labels = Array.from({ length: rowCount }, (_, row) => (probabilities[row * 2 + 1]! >= 0.5 ? 'yes' : 'no'))
    return Promise.resolve({ rowCount, labels, classes: ['no', 'yes'], probabilities })
  },
  close: () => Promise.resolve(),
}

const servers: InferenceServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.drain()))
})

async function start(options: Partial<InferenceServerOptions> = {}): Promise<InferenceServer> {
  const server = await createInferenceServer({
    predictor: scorer,
    modelName: 'credit risk',
    modelVersion: '3',
    modelDigest: 'sha256:abc',
    releaseId: 'r-1',
    ...options,
  })
  servers.push(server)
  return server
}

const MODEL = '/v2/models/credit%20risk'

async function call(
  server: InferenceServer,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(server.url + path, body === undefined ? {} : { method: 'POST', body: text })
  return { status: response.status, body: await response.json(), headers: response.headers }
}

const age = (data: unknown[], shape: unknown = [data.length]) => ({ name: 'age', shape, datatype: 'FP32', data })
const city = (data: unknown[], shape: unknown = [data.length]) => ({ name: 'city', shape, datatype: 'BYTES', data })

test('answers the documents of the protocol', async () => {
  const server = await start()
  expect((await call(server, '/v2/health/live')).body).toEqual({ live: true })
  expect(await call(server, '/v2/health/ready')).toMatchObject({ status: 200, body: { ready: true } })
  expect((await call(server, '/v2')).body).toMatchObject({ name: 'plimsoll', extensions: [], models: ['credit risk'] })
  expect((await call(server, `${MODEL}/versions/3/ready`)).body).toEqual({ name: 'credit risk', ready: true })
  expect((await call(server, MODEL)).body).toEqual({
    name: 'credit risk',
    versions: ['3'],
    platform: 'onnxruntime_onnx',
    inputs: [
      { name: 'age', datatype: 'FP32', shape: [-1] },
      { name: 'city', datatype: 'BYTES', shape: [-1] },
    ],
    outputs: [
      { name: 'label', datatype: 'BYTES', shape: [-1] },
      { name: 'probabilities', datatype: 'FP64', shape: [-1, 2], parameters: { classes: ['no', 'yes'] } },
    ],
    parameters: { feature_importances: { age: 0.9, city: 0.1 } },
  })
})

test('predicts, from flat and from nested data, and says which release answered', async () => {
  const server = await start()
  const { status, body, headers } = await call(server, `${MODEL}/infer`, {
    id: 'q1',
    inputs: [city(['Oslo', 'Rome']), age([40, 40])],
  })
  expect(status).toBe(200)
  expect(body).toEqual({
    model_name: 'credit risk',
    model_version: '3',
    id: 'q1',
    outputs: [
      { name: 'label', shape: [2], datatype: 'BYTES', data: ['yes', 'yes'] },
      {
        name: 'probabilities',
        shape: [2, 2],
        datatype: 'FP64',
        parameters: { classes: ['no', 'yes'] },
        // logistic(0) and logistic(1)
        data: [0.5, 0.5, expect.closeTo(0.2689414213699951, 15), expect.closeTo(0.7310585786300049, 15)],
      },
    ],
  })
  expect(headers.get('x-model-version')).toBe('3')
  expect(headers.get('x-model-digest')).toBe('sha256:abc')
  expect(headers.get('x-release-id')).toBe('r-1')

  const nested = { inputs: [age([[40], [40]], [2, 1]), city([['Oslo'], ['Rome']], [2, 1])], outputs: [{ name: 'label' }] }
  const answer = await call(server, `${MODEL}/versions/3/infer`, nested)
  expect(answer.body).toMatchObject({ outputs: [{ name: 'label', data: ['yes', 'yes'] }] })
  expect((answer.body as { outputs: unknown[] }).outputs).toHaveLength(1)
})

const BAD: readonly [string, unknown, string][] = [
  ['not JSON', '{"inputs": [NaN]}', 'the body is not JSON'],
  ['a list', [], 'the request must be a JSON object'],
  ['no inputs', {}, '"inputs" must be a list'],
  ['a missing input', { inputs: [age([1])] }, 'missing input: "city"'],
  [
    'an unknown input',
    { inputs: [age([1]), city(['a']), { ...city(['a']), name: 'cty' }] },
    'the model has no input "cty". Did you mean "city"?',
  ],
  ['an input twice', { inputs: [age([1]), age([1])] }, 'input "age" is given twice'],
  ['an unknown datatype', { inputs: [{ ...age([1]), datatype: 'FP8' }] }, 'unknown datatype "FP8"'],
  [
    'the wrong kind of datatype',
    { inputs: [{ ...age(['1']), datatype: 'BYTES' }, city(['a'])] },
    'input "age" takes numbers, not BYTES',
  ],
  ['a wrong element', { inputs: [age([1, '2']), city(['a', 'b'])] }, 'input "age", element 1: "2" is not FP32'],
  ['an integer that is none', { inputs: [{ ...age([1.5]), datatype: 'INT32' }, city(['a'])] }, 'element 0: 1.5 is not INT32'],
  ['too few elements', { inputs: [age([1], [2]), city(['a', 'b'])] }, 'input "age" has 1 elements, but its shape [2] asks for 2'],
  ['a shape of another rank', { inputs: [age([1], [1, 2]), city(['a'])] }, 'must have shape [n] or [n, 1], not [1,2]'],
  ['no shape', { inputs: [{ ...age([1]), shape: undefined }, city(['a'])] }, 'must have shape [n] or [n, 1], not none'],
  ['inputs of unequal length', { inputs: [age([1]), city(['a', 'b'])] }, 'input "city" has 2 rows, but "age" has 1'],
  ['no rows', { inputs: [age([]), city([])] }, 'the request has no rows'],
  ['an unknown output', { inputs: [age([1]), city(['a'])], outputs: [{ name: 'score' }] }, 'the model has no output "score"'],
]
test.each(BAD)('refuses %s with 400 and a reason', async (_what, body, reason) => {
  const server = await start()
  const answer = await call(server, `${MODEL}/infer`, body)
  expect(answer.status).toBe(400)
  expect((answer.body as { error: string }).error).toContain(reason)
})

test('refuses what is too large, unknown or by the wrong method', async () => {
  const server = await start({ limits: { maxBodyBytes: 1000, maxRowsPerRequest: 3 } })
  expect((await call(server, `${MODEL}/infer`, 'x'.repeat(1001))).status).toBe(413)
  expect((await call(server, `${MODEL}/infer`, { inputs: [age([1, 2, 3, 4]), city(['a', 'b', 'c', 'd'])] })).status).toBe(413)
  expect(await call(server, '/v2/models/other/infer', {})).toMatchObject({
    status: 404,
    body: { error: 'there is no model "other" here; this server has "credit risk"' },
  })
  expect((await call(server, `${MODEL}/versions/4`)).status).toBe(404)
  expect((await call(server, '/nowhere')).status).toBe(404)
  const wrongMethod = await call(server, `${MODEL}/infer`)
  expect(wrongMethod.status).toBe(405)
  expect(wrongMethod.headers.get('allow')).toBe('POST')
})

test('a missing value is null: NaN for a number, null for text', async () => {
  const seen: unknown[] = []
  const spy: Predictor = {
    ...scorer,
    predict(table, options) {
      seen.push([...table.columns['age']!], [...table.columns['city']!])
      return scorer.predict({ rowCount: 1, columns: { age: [40], city: ['Oslo'] } }, options)
    },
  }
  const server = await start({ predictor: spy })
  seen.length = 0
  await call(server, `${MODEL}/infer`, { inputs: [age([null]), city([null])] })
  expect(seen).toEqual([[Number.NaN], [null]])
})

test('is alive but not ready until the model has predicted, and does not start when it cannot', async () => {
  let release = () => {}
  const waits = new Promise<void>((resolve) => (release = resolve))
  const slow: Predictor = { ...scorer, predict: (table) => waits.then(() => scorer.predict(table)) }
  const port = 20_000 + (process.pid % 10_000)
  const starting = start({ predictor: slow, port })
  const early = { url: `http://127.0.0.1:${port}`, port, drain: () => Promise.resolve() }
  await expect.poll(() => call(early, '/v2/health/live').catch(() => null)).toMatchObject({ status: 200 })
  expect((await call(early, '/v2/health/ready')).status).toBe(503)
  expect((await call(early, `${MODEL}/infer`, { inputs: [age([1]), city(['a'])] })).status).toBe(503)
  release()
  expect((await call(await starting, '/v2/health/ready')).status).toBe(200)

  const broken: Predictor = { ...scorer, predict: () => Promise.reject(new Error('bad weights')) }
  await expect(start({ predictor: broken })).rejects.toThrow('The model does not predict: bad weights')

  // A model that does not declare its types may refuse a made-up row; that is said, and the model may be good all the same.
  const said: string[] = []
  const untyped = await start({ predictor: { ...broken, datatypes: null }, say: (line) => said.push(line) })
  expect((await call(untyped, '/v2/health/ready')).status).toBe(200)
  expect(said[0]).toContain('refused a made-up row: bad weights')
  expect((await call(untyped, MODEL)).body).toMatchObject({
    inputs: [{ datatype: 'FP64', parameters: { any_datatype: true } }, {}],
    outputs: [],
  })
})

test('calls the model with all that waited, and a row that breaks it breaks only its own request', async () => {
  const calls: number[] = []
  const picky: Predictor = {
    ...scorer,
    async predict(table) {
      calls.push(table.rowCount)
      await new Promise((resolve) => setTimeout(resolve, 20))
      if ([...table.columns['age']!].includes(13)) throw new UserError('E_PREDICTOR', 'secret detail: age 13')
      return scorer.predict(table)
    },
  }
  const server = await start({ predictor: picky })
  calls.length = 0
  const ages = [10, 20, 13, 40, 50, 60]
  const answers = await Promise.all(ages.map((value) => call(server, `${MODEL}/infer`, { inputs: [age([value]), city(['x'])] })))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 500, 200, 200, 200])
  expect(answers[2]!.body).toEqual({ error: 'the model could not predict' })
  expect(answers.map(({ body }) => (body as { outputs?: { data: unknown[] }[] }).outputs?.[0]!.data[0])).toEqual([
    'no',
    'no',
    undefined,
    'yes',
    'yes',
    'yes',
  ])
  expect(Math.max(...calls)).toBeGreaterThan(1)
})

test('answers 429 when too many rows wait, and 500 for a number that is not finite', async () => {
  let release = () => {}
  const waits = new Promise<void>((resolve) => (release = resolve))
  let warm = true
  const stuck: Predictor = {
    ...scorer,
    predict(table) {
      if (warm) return ((warm = false), scorer.predict(table))
      return waits.then(() => ({
        rowCount: table.rowCount,
        labels: Array(table.rowCount).fill(Number.NaN),
        classes: null,
        probabilities: null,
      }))
    },
  }
  const server = await start({ predictor: stuck, limits: { maxQueuedRows: 2 } })
  const body = { inputs: [age([1, 2]), city(['a', 'b'])] }
  const running = call(server, `${MODEL}/infer`, body)
  await expect.poll(async () => (await fetch(`${server.url}/metrics`)).text()).toContain('plimsoll_infer_in_flight 1')
  const waiting = call(server, `${MODEL}/infer`, body)
  await expect.poll(async () => (await fetch(`${server.url}/metrics`)).text()).toContain('plimsoll_queued_rows 2')
  const refused = await call(server, `${MODEL}/infer`, body)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  release()
  expect((await running).status).toBe(500)
  expect((await waiting).body).toEqual({ error: 'the model answered a number that is not finite for row 0' })
})

test('metrics are OpenMetrics text', async () => {
  const server = await start()
  await call(server, `${MODEL}/infer`, { inputs: [age([1]), city(['a'])] })
  await call(server, `${MODEL}/infer`, 'x')
  const response = await fetch(`${server.url}/metrics`)
  expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  const text = await response.text()
  expect(text).toContain('plimsoll_model_info{model="credit risk",version="3",digest="sha256:abc",release="r-1"} 1\n')
  expect(text).toContain('plimsoll_infer_requests_total{code="200"} 1\n')
  expect(text).toContain('plimsoll_infer_requests_total{code="400"} 1\n')
  expect(text).toContain('plimsoll_infer_duration_seconds_bucket{le="+Inf"} 2\n')
  expect(text).toContain('plimsoll_infer_duration_seconds_count 2\n')
  expect(text).toMatch(/# EOF\n$/)
})

test('draining finishes what is under way and takes nothing new', async () => {
  const slow: Predictor = {
    ...scorer,
    predict: async (table) => (await new Promise((resolve) => setTimeout(resolve, 100)), scorer.predict(table)),
  }
  const server = await start({ predictor: slow })
  const running = call(server, `${MODEL}/infer`, { inputs: [age([1]), city(['a'])] })
  await expect.poll(async () => (await fetch(`${server.url}/metrics`)).text()).toContain('plimsoll_infer_in_flight 1')
  const drained = server.drain()
  expect((await running).status).toBe(200)
  await drained
  await expect(fetch(`${server.url}/v2`)).rejects.toThrow('fetch failed')
})
