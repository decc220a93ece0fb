import { expect, test } from 'vitest'
import { httpServer, send } from '../../../../test/fixtures/http-server.ts'
import { python } from '../../../../test/fixtures/mlflow-server.ts'
import { tableFromRows } from '../../../core/table.ts'
import { openPredictor } from '../open.ts'
import type { PredictorOptions } from '../options.ts'

/** An input as `GET …/metadata` of TensorFlow Serving describes it. */
const input = (dtype: string, ...sizes: number[]) => ({
  dtype,
  tensor_shape: { dim: sizes.map((size) => ({ size: String(size), name: '' })), unknown_rank: false },
  name: 'serving_default_x:0',
})
type Inputs = Record<string, ReturnType<typeof input>>

/** A server with the words of TensorFlow Serving for one model. */
async function serve(inputs: Inputs | null, predict: (instances: string) => readonly unknown[]) {
  return httpServer(({ url, method, body }, response) => {
    const [, address, verb] = /^(\/v1\/models\/half(?:\/versions\/\d+|\/labels\/\w+)?)(\/metadata|:predict)$/.exec(url) ?? []
    if (address === undefined) return send(response, 404, '{ "error": "Servable not found for request: Latest(other)" }')
    if (verb === '/metadata' && inputs) {
      const signature = { inputs, outputs: {}, method_name: 'tensorflow/serving/predict' }
      const model_spec = { name: 'half', signature_name: '', version: '123' }
      return send(
        response,
        200,
        JSON.stringify({ model_spec, metadata: { signature_def: { signature_def: { serving_default: signature } } } }),
      )
    }
    if (verb === '/metadata') return send(response, 404, '{ "error": "no metadata" }')
    if (method !== 'POST') return send(response, 405, '{ "error": "Method not allowed" }')
    send(response, 200, python({ predictions: predict(body) }))
  })
}

async function open(url: string, options: Partial<PredictorOptions> = {}) {
  return openPredictor(url, {
    cwd: '/',
    env: {},
    admit: () => Promise.reject(new Error('an endpoint needs no admission')),
    ...options,
  })
}

const table = tableFromRows([
  { a: 1, b: 2, word: 'x', other: 9 },
  { a: 0.5, b: Number.NaN, word: 'y "z"', other: 9 },
])

test('a matrix is sent row by row in the order that the user names, missing numbers as the token NaN', async () => {
  const { url, requests } = await serve({ x: input('DT_FLOAT', -1, 2) }, () => [[0.25], [0.75]])
  const predictor = await open(`${url}/v1/models/half:predict`, { features: ['b', 'a'], classes: ['no', 'yes'] })
  expect(predictor).toMatchObject({ kind: 'http', name: `${url}/v1/models/half:predict`, features: ['b', 'a'] })
  expect(await predictor.predict(table)).toEqual({
    rowCount: 2,
    labels: ['no', 'yes'],
    classes: ['no', 'yes'],
    probabilities: Float64Array.of(0.75, 0.25, 0.25, 0.75),
  })
  expect(requests.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['GET', '/v1/models/half/metadata', ''],
    ['POST', '/v1/models/half:predict', '{"instances":[[2,1],[NaN,0.5]]}'],
  ])
  await expect(open(`${url}/v1/models/half:predict`)).rejects.toMatchObject({
    code: 'E_MODEL_INPUT',
    hint: 'Name them in order with --features.',
  })
})

test('named inputs are found by name and take the form that the model declares', async () => {
  const inputs = { a: input('DT_DOUBLE', -1), word: input('DT_STRING', -1, 1), b: input('DT_FLOAT', -1, 1) }
  const { url, requests } = await serve(inputs, () => [3.5, 4])
  const predictor = await open(`${url}/v1/models/half/versions/123`)
  expect(predictor.features).toEqual(['a', 'word', 'b'])
  expect((await predictor.predict(table)).labels).toEqual([3.5, 4])
  expect(requests.map(({ url, body }) => [url, body])).toEqual([
    ['/v1/models/half/versions/123/metadata', ''],
    [
      '/v1/models/half/versions/123:predict',
      '{"instances":[{"a":1,"word":["x"],"b":[2]},{"a":0.5,"word":["y \\"z\\""],"b":[NaN]}]}',
    ],
  ])
  await expect(predictor.predict(tableFromRows([{ a: 1, b: 2, word: null }]))).rejects.toMatchObject({
    code: 'E_MODEL_INPUT',
    message: expect.stringContaining('takes text in "word"; row 1 has nothing'),
  })
  await expect(predictor.predict(tableFromRows([{ a: 'x', b: 2, word: 'w' }]))).rejects.toMatchObject({
    code: 'E_MODEL_INPUT',
    message: expect.stringContaining('takes numbers in "a"; row 1 has "x"'),
  })
})

test('a model with one input of one value takes it bare', async () => {
  const { url, requests } = await serve({ a: input('DT_FLOAT', -1) }, () => [3.5, 3.25])
  expect((await (await open(`${url}/v1/models/half/labels/stable:predict`)).predict(table)).labels).toEqual([3.5, 3.25])
  expect(requests[1]).toMatchObject({ url: '/v1/models/half/labels/stable:predict', body: '{"instances":[1,0.5]}' })
})

test('where the server tells no metadata, as KServe does not, columns go by name, or as a matrix when they are named', async () => {
  const { url, requests } = await serve(null, () => [1, 0])
  await (
    await open(`${url}/v1/models/half:predict`)
  ).predict(
    tableFromRows([
      { a: 1, w: 'x', t: true },
      { a: 2, w: 'y', t: false },
    ]),
  )
  await (await open(`${url}/v1/models/half:predict`, { features: ['a'] })).predict(tableFromRows([{ a: 1 }, { a: 2 }]))
  expect(requests.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
    '{"instances":[{"a":1,"w":"x","t":true},{"a":2,"w":"y","t":false}]}',
    '{"instances":[[1],[2]]}',
  ])
})

test('of several named outputs the user says which is which', async () => {
  const { url } = await serve({ a: input('DT_FLOAT', -1) }, () => [
    { class: 'yes', scores: [0.25, 0.75] },
    { class: 'no', scores: [0.5, 0.5] },
  ])
  const address = `${url}/v1/models/half:predict`
  const predictor = await open(address, { classes: ['no', 'yes'], columns: { prediction: 'class', probability: 'scores' } })
  expect(await predictor.predict(table)).toEqual({
    rowCount: 2,
    labels: ['yes', 'no'],
    classes: ['no', 'yes'],
    probabilities: Float64Array.of(0.25, 0.75, 0.5, 0.5),
  })
  await expect((await open(address)).predict(table)).rejects.toMatchObject({
    message: expect.stringContaining('answered a list of 2 in "scores" for row 1'),
    hint: expect.stringContaining('--probability scores'),
  })
})

test('a token that is no JSON, a model that is not there and another method are clear errors', async () => {
  const { url } = await serve({ a: input('DT_FLOAT', -1) }, () => [3.5, Number.NaN])
  await expect((await open(`${url}/v1/models/half:predict`)).predict(table)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: `${url}/v1/models/half:predict answered NaN, which is no number and no JSON: {"predictions": [3.5, NaN]}`,
  })
  await expect((await open(`${url}/v1/models/other:predict`)).predict(table)).rejects.toMatchObject({
    message: `${url}/v1/models/other:predict answered 404: Servable not found for request: Latest(other)`,
  })
  await expect(open(`${url}/v1/models/half:classify`)).rejects.toMatchObject({
    code: 'E_VALUE',
    hint: 'Give the address that ends in :predict.',
  })
})
