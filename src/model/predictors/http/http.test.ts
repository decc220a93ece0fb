import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { tableFromRows } from '../../../core/table.ts'
import { openPredictor } from '../open.ts'

const DIGEST = `sha256:${'a'.repeat(64)}`
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections()
})

interface Tensor {
  name: string
  datatype: string
  shape: number[]
  data: unknown[]
}
type Infer = (inputs: Tensor[]) => unknown

const INPUTS = [
  { name: 'income', datatype: 'FP64', shape: [-1] },
  { name: 'risky', datatype: 'BYTES', shape: [-1, 1] },
]

/** A server of the protocol's words, whose answers are up to the test. */
async function serve(
  infer: Infer,
  options: { inputs?: unknown[]; parameters?: unknown; models?: string[]; cut?: number; headers?: (call: number) => object } = {},
) {
  const requests: Tensor[][] = []
  let cut = options.cut ?? 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      if (cut-- > 0) return void request.socket.destroy()
      const answer = (status: number, value: unknown) => {
        const headers = { 'x-model-digest': DIGEST, ...options.headers?.(requests.length) }
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
      }
      if (request.url === '/v2') return answer(200, { name: 'x', version: '1', extensions: [], models: options.models ?? ['m'] })
      if (request.url === '/v2/models/m')
        return answer(200, { name: 'm', inputs: options.inputs ?? INPUTS, outputs: [], parameters: options.parameters })
      if (request.url !== '/v2/models/m/infer') return answer(404, { error: 'nothing here' })
      const { inputs } = JSON.parse(body) as { inputs: Tensor[] }
      requests.push(inputs)
      const outputs = infer(inputs)
      return typeof outputs === 'string' ? answer(500, { error: outputs }) : answer(200, { model_name: 'm', outputs })
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** Says yes to an income above 1, with probability 0.75. */
const honest: Infer = ([income]) => {
  const yes = income!.data.map((value) => Number(value) > 1)
  return [
    { name: 'label', datatype: 'BYTES', shape: [yes.length], data: yes.map((is) => (is ? 'yes' : 'no')) },
    {
      name: 'probabilities',
      datatype: 'FP64',
      shape: [yes.length, 2],
      parameters: { classes: ['no', 'yes'] },
      data: yes.flatMap((is) => (is ? [0.25, 0.75] : [0.75, 0.25])),
    },
  ]
}
const options = { cwd: '/', env: {}, admit: () => Promise.reject(new Error('an endpoint needs no admission')) }
const table = tableFromRows([
  { risky: 'no', income: 1, other: 'x' },
  { risky: 'yes', income: 2, other: 'y' },
  { risky: 'no', income: null, other: 'z' },
])

test('the model is found, its columns are sent by name and type, and batches come back in order', async () => {
  const { url, requests } = await serve(honest)
  const predictor = await openPredictor(url, options)
  expect(predictor).toMatchObject({ kind: 'http', name: url, digest: DIGEST, features: ['income', 'risky'] })
  const { labels, classes, probabilities } = await predictor.predict(table, { batchSize: 2 })
  expect({ labels, classes }).toEqual({ labels: ['no', 'yes', 'no'], classes: ['no', 'yes'] })
  expect(Array.from(probabilities!)).toEqual([0.75, 0.25, 0.25, 0.75, 0.75, 0.25])
  expect(requests).toEqual([
    [
      { name: 'income', datatype: 'FP64', shape: [2], data: [1, 2] },
      { name: 'risky', datatype: 'BYTES', shape: [2, 1], data: ['no', 'yes'] },
    ],
    [
      { name: 'income', datatype: 'FP64', shape: [1], data: [null] },
      { name: 'risky', datatype: 'BYTES', shape: [1, 1], data: ['no'] },
    ],
  ])
})

test("the model's own importances come with its description, where the server gives them", async () => {
  const importancesOf = async (parameters: unknown) =>
    (await openPredictor((await serve(honest, { parameters })).url, options)).importances
  expect(await importancesOf({ feature_importances: { income: 0.7, risky: 0.3 } })).toEqual({ income: 0.7, risky: 0.3 })
  expect(await importancesOf(undefined)).toBeNull()
  expect(await importancesOf({ feature_importances: { income: 'high' } })).toBeNull()
  expect(await importancesOf('something of another server')).toBeNull()
})

test('a whole model address works, an unclear one says how to write it', async () => {
  const { url } = await serve(honest, { models: ['m', 'n'] })
  expect((await openPredictor(`${url}/v2/models/m`, options)).features).toEqual(['income', 'risky'])
  await expect(openPredictor(url, options)).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
    hint: `Name one: ${url}/v2/models/NAME.`,
  })
  await expect(openPredictor(`${url}/v2/models/q`, options)).rejects.toMatchObject({
    message: expect.stringContaining('404: nothing here'),
  })
})

test('a matrix is filled row by row in the order that the user names', async () => {
  const sums: Infer = ([x]) => [{ name: 'y', datatype: 'FP32', shape: [x!.shape[0]], data: [[3], [7]].slice(0, x!.shape[0]) }]
  const { url, requests } = await serve(sums, { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }] })
  const predictor = await openPredictor(url, { ...options, features: ['b', 'a'] })
  const { labels, probabilities } = await predictor.predict(
    tableFromRows([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]),
  )
  expect(requests[0]).toEqual([{ name: 'x', datatype: 'FP32', shape: [2, 2], data: [2, 1, 4, 3] }])
  expect({ labels, probabilities }).toEqual({ labels: [3, 7], probabilities: null })
  await expect(openPredictor(url, options)).rejects.toMatchObject({ code: 'E_MODEL_INPUT' })
})

test('a connection that breaks is tried again, an answer never is', async () => {
  const { url } = await serve(honest, { cut: 1 })
  expect((await (await openPredictor(url, options)).predict(table)).rowCount).toBe(3)
  const failing = await serve(() => 'out of order')
  const predictor = await openPredictor(failing.url, options)
  await expect(predictor.predict(table)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: `${failing.url} answered 500: out of order`,
  })
  expect(failing.requests).toHaveLength(1)
})

test.each<[string, Infer, RegExp]>([
  ['too few rows', () => [{ name: 'label', datatype: 'BYTES', shape: [2], data: ['no', 'yes'] }], /2 predictions for 3 rows/],
  ['a shape that lies', () => [{ name: 'label', datatype: 'BYTES', shape: [3], data: ['no'] }], /1 labels for 3 rows/],
  ['a missing label', () => [{ name: 'label', datatype: 'BYTES', shape: [3], data: ['no', null, 'no'] }], /no label for row 2/],
  [
    'probabilities of no class',
    () => [{ name: 'p', datatype: 'FP32', shape: [3, 2], data: [0, 1, 0, 1, 0, 1] }],
    /names of their classes/,
  ],
  ['nothing', () => [], /no predictions/],
  ['another protocol', () => ({ predictions: [1, 2, 3] }), /does not answer as the Open Inference Protocol says/],
])('%s is an error', async (_name, infer, message) => {
  const { url } = await serve(infer)
  const predictor = await openPredictor(url, options)
  await expect(predictor.predict(table)).rejects.toMatchObject({ code: 'E_PREDICTOR', message: expect.stringMatching(message) })
})

test('a change of the model between two batches is an error', async () => {
  const { url } = await serve(honest, { headers: (call) => (call === 2 ? { 'x-model-digest': `sha256:${'b'.repeat(64)}` } : {}) })
  const predictor = await openPredictor(url, options)
  await expect(predictor.predict(table, { batchSize: 1 })).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringContaining('began to serve another model'),
  })
})

test('wrong columns and an endpoint that is not there are told apart', async () => {
  const { url } = await serve(honest)
  const predictor = await openPredictor(url, options)
  await expect(predictor.predict(tableFromRows([{ income: 'much', risky: 'no' }]))).rejects.toMatchObject({
    code: 'E_MODEL_INPUT',
  })
  await expect(predictor.predict(tableFromRows([{ income: 1 }]))).rejects.toMatchObject({ code: 'E_MODEL_INPUT' })
  await expect(openPredictor('http://127.0.0.1:9', options)).rejects.toMatchObject({ code: 'E_NETWORK' })
})
