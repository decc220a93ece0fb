import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { httpServer, send, type Respond } from '../../../../test/fixtures/http-server.ts'
import { mlflowServer, type Frame } from '../../../../test/fixtures/mlflow-server.ts'
import { tableFromRows } from '../../../core/table.ts'
import { openPredictor } from '../open.ts'
import type { PredictorOptions } from '../options.ts'

const table = tableFromRows(Array.from({ length: 50 }, (_, i) => ({ x: i })))
const double = ({ data }: Frame) => data.map(([x]) => 2 * Number(x))

async function open(address: string, options: Partial<PredictorOptions> = {}) {
  return openPredictor(address, {
    cwd: '/',
    env: {},
    admit: () => Promise.reject(new Error('an endpoint needs no admission')),
    ...options,
  })
}
/** A scoring server of MLflow that does something else first. */
async function faulty(before: Respond, options: Partial<PredictorOptions> = {}, predict = double) {
  const server = await mlflowServer(predict, before)
  return { ...server, predictor: await open(`${server.url}/invocations`, options) }
}

test('batches are under way at once, and their answers are put in the order of the rows', async () => {
  let under = 0
  let most = 0
  const { predictor, requests } = await faulty(
    async ({ body }) => {
      most = Math.max(most, ++under)
      // Later rows are answered sooner.
      const [[first]] = (JSON.parse(body) as { dataframe_split: Frame }).dataframe_split.data as [[number]]
      await sleep(60 - first)
      under--
    },
    { concurrency: 4, batchSize: 7 },
  )
  expect((await predictor.predict(table)).labels).toEqual(Array.from({ length: 50 }, (_, i) => 2 * i))
  expect({ most, requests: requests.length }).toEqual({ most: 4, requests: 8 })
})

test.each([
  [500, 'out of memory', /answered 500: out of memory/],
  [503, '', /answered 503: \(empty\)/],
  [404, '<html><body>Not here</body></html>', /answered 404: <html><body>Not here/],
])('status %s is told and never asked again', async (status, body, message) => {
  const { predictor, requests } = await faulty((_request, response) => send(response, status, body))
  await expect(predictor.predict(table)).rejects.toMatchObject({ code: 'E_PREDICTOR', message: expect.stringMatching(message) })
  expect(requests).toHaveLength(1)
})

test('a connection that is cut is tried again, a few times', async () => {
  const once = await faulty((_request, response, call) => void (call === 1 && response.destroy()))
  expect((await once.predictor.predict(table)).labels).toHaveLength(50)
  const always = await faulty((_request, response) => void response.destroy())
  await expect(always.predictor.predict(table)).rejects.toMatchObject({
    code: 'E_NETWORK',
    message: expect.stringContaining('the connection was cut'),
  })
  expect(always.requests).toHaveLength(3)
})

test('a slow answer is given up', async () => {
  const { predictor, requests } = await faulty(() => sleep(5_000, undefined, { ref: false }), { timeout: 100 })
  await expect(predictor.predict(table)).rejects.toMatchObject({
    code: 'E_NETWORK',
    message: expect.stringMatching(/did not answer within 100 ms$/),
  })
  expect(requests).toHaveLength(1)
})

test('HTML in place of JSON, JSON of another protocol and an answer without end are errors', async () => {
  const html = await faulty((_request, response) =>
    send(response, 200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' }),
  )
  await expect(html.predictor.predict(table)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringContaining('answered something that is not JSON: <!doctype html>'),
  })
  const other = await faulty((_request, response) => send(response, 200, '{"outputs": [1]}'))
  await expect(other.predictor.predict(table)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringContaining('does not answer as a scoring server of MLflow does'),
  })
  const endless = await faulty((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = () => {
      while (!response.destroyed && response.write(' '.repeat(1 << 20)));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
    return new Promise((resolve) => response.once('close', resolve))
  })
  await expect(endless.predictor.predict(table)).rejects.toMatchObject({
    code: 'E_NETWORK',
    message: expect.stringContaining('the answer is longer than 67108864 bytes'),
  })
})

test('a model that changes between batches, by its digest or by its classes, gives no predictions', async () => {
  const digest = (call: number) => `sha256:${(call > 2 ? 'b' : 'a').repeat(64)}`
  const { predictor } = await faulty((_request, response, call) => void response.setHeader('x-model-digest', digest(call)), {
    batchSize: 10,
  })
  await expect(predictor.predict(table)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringContaining('began to serve another model while it was asked'),
  })
  const records = ({ data }: Frame) =>
    data.map(([x]) => ({ probability_a: 0.5, [Number(x) < 20 ? 'probability_b' : 'probability_c']: 0.5 }))
  const other = await faulty(() => {}, { batchSize: 10 }, records as never)
  await expect(other.predictor.predict(table)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringContaining('answered the classes a,b first and a,c later'),
  })
})

test('the first batch that fails stops the others', async () => {
  const { predictor, requests } = await faulty(
    async (_request, response, call) => {
      if (call === 1) return send(response, 500, '{"message": "first"}')
      await sleep(200)
    },
    { batchSize: 1, concurrency: 3 },
  )
  await expect(predictor.predict(table)).rejects.toMatchObject({ message: expect.stringContaining('answered 500: first') })
  await sleep(300)
  expect(requests.length).toBeLessThanOrEqual(4)
})

test('an interrupt is what is thrown, not a network error', async () => {
  const stop = new AbortController()
  const { predictor } = await faulty(() => {
    stop.abort(new Error('stopped by hand'))
    return sleep(1000, undefined, { ref: false })
  })
  await expect(predictor.predict(table, { signal: stop.signal })).rejects.toThrow('stopped by hand')
})

const SECRET = 'tr0ub4dor-and-3'
const headers = { Authorization: `Bearer ${SECRET}`, 'X-Api-Key': 'key-for-tests' }

test('headers go with every request and nowhere else: a redirect is refused', async () => {
  const elsewhere = await httpServer((_request, response) => send(response, 200, '{"predictions": []}'))
  const { predictor, requests } = await faulty(
    (_request, response, call) => {
      if (call === 2) send(response, 307, '', { location: `${elsewhere.url}/invocations?next=1` })
    },
    { headers },
  )
  await predictor.predict(table)
  expect(requests[0]!.headers).toMatchObject({
    authorization: headers.Authorization,
    'x-api-key': 'key-for-tests',
    'content-type': 'application/json',
  })
  await expect(predictor.predict(table)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringContaining(`answered 307: it redirects to ${elsewhere.url}/invocations`),
    hint: expect.stringContaining('give its address'),
  })
  expect(elsewhere.requests).toEqual([])
})

test('the description of a model is asked for with the headers too', async () => {
  const asked = await httpServer(({ url, headers }, response) => {
    if (headers.authorization !== `Bearer ${SECRET}`) return send(response, 401, '{"error": "who are you?"}')
    if (url === '/v2') return send(response, 200, '{"models": ["m"]}')
    send(response, 200, '{"inputs": [{"name": "x", "datatype": "FP64", "shape": [-1]}]}')
  })
  expect((await open(asked.url, { headers })).features).toEqual(['x'])
  await expect(open(asked.url)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringContaining('answered 401: who are you?'),
    hint: expect.stringContaining('--header'),
  })
})

const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

test('no error says what a header or the address hides, not even when the server repeats it', async () => {
  const echo = await httpServer((request, response) => {
    const said = `no access for ${request.headers.authorization}, ${SECRET}, ${Buffer.from(SECRET).toString('base64')}, ${request.url}`
    send(
      response,
      request.url.includes('html') ? 200 : 403,
      request.url.includes('html') ? said : JSON.stringify({ error: said }),
    )
  })
  for (const address of [
    `${echo.url}/invocations?sig=${SECRET}`,
    `${echo.url}/html/invocations`,
    `${echo.url.replace('//', `//user:${SECRET}@`)}/v2/models/m`,
    'http://127.0.0.1:9/invocations',
  ]) {
    const error = await thrown(open(address, { headers }).then((predictor) => predictor.predict(table)))
    expect(error).toMatchObject({ code: expect.stringMatching(/^E_(PREDICTOR|NETWORK)$/) })
    const everything = JSON.stringify({ ...(error as object), message: (error as Error).message, stack: (error as Error).stack })
    expect(everything).not.toContain(SECRET)
    expect(everything).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 12))
  }
  // What no header can hold is refused before it is sent; the error of the platform quotes it.
  const bad = await thrown(open(`${echo.url}/v2/models/m`, { headers: { Authorization: `Bearer ${SECRET}\u0001` } }))
  expect((bad as Error).message).not.toContain(SECRET)
})
