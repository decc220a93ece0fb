import { expect, test } from 'vitest'
import { mlflowServer, type Frame } from '../../../../test/fixtures/mlflow-server.ts'
import { tableFromRows } from '../../../core/table.ts'
import { openPredictor } from '../open.ts'
import type { PredictorOptions } from '../options.ts'

const table = tableFromRows([
  { income: 1, region: 'north', single: true },
  { income: 2.5, region: 'a "b", c', single: false },
  { income: Number.NaN, region: null, single: true },
])

async function ask(predict: (frame: Frame) => readonly unknown[], options: Partial<PredictorOptions> = {}) {
  const server = await mlflowServer(predict)
  const predictor = await openPredictor(`${server.url}/invocations`, {
    cwd: '/',
    env: {},
    admit: () => Promise.reject(new Error('an endpoint needs no admission')),
    ...options,
  })
  return { ...server, predictor, predict: () => predictor.predict(table) }
}

test('columns are sent as a data frame split into names and rows, missing values as null', async () => {
  const { predictor, predict, requests, url } = await ask(({ data }) => data.map(() => 'no'))
  expect(predictor).toMatchObject({ kind: 'http', name: `${url}/invocations`, digest: null, features: null })
  expect((await predict()).labels).toEqual(['no', 'no', 'no'])
  expect(requests.map(({ method, url, body }) => ({ method, url, body }))).toEqual([
    {
      method: 'POST',
      url: '/invocations',
      body: '{"dataframe_split":{"columns":["income","region","single"],"data":[[1,"north",true],[2.5,"a \\"b\\", c",false],[null,null,true]]}}',
    },
  ])
})

test('columns that are named are sent alone, in that order', async () => {
  const { predict, requests } = await ask(({ data }) => data.map(() => 1), { features: ['region', 'income'] })
  await predict()
  expect(JSON.parse(requests[0]!.body)).toMatchObject({ dataframe_split: { columns: ['region', 'income'] } })
})

test('labels, numbers, truth values and a frame of one column are predictions', async () => {
  expect((await (await ask(() => ['no', 'yes', 'no'])).predict()).labels).toEqual(['no', 'yes', 'no'])
  expect((await (await ask(() => [1.5, 2, -1e-7])).predict()).labels).toEqual([1.5, 2, -1e-7])
  expect((await (await ask(() => [true, false, true])).predict()).labels).toEqual(['true', 'false', 'true'])
  expect((await (await ask(() => [{ 0: 4 }, { 0: 5 }, { 0: 6 }])).predict()).labels).toEqual([4, 5, 6])
  expect((await (await ask(() => [[4], [5], [6]])).predict()).labels).toEqual([4, 5, 6])
})

const probabilities = Float64Array.of(0.75, 0.25, 0.5, 0.5, 0, 1)
const rows = [
  [0.75, 0.25],
  [0.5, 0.5],
  [0, 1],
]

test('rows of numbers are the probabilities of the classes that are named', async () => {
  const { predict } = await ask(() => rows, { classes: ['no', 'yes'] })
  expect(await predict()).toEqual({ rowCount: 3, labels: ['no', 'no', 'yes'], classes: ['no', 'yes'], probabilities })
  await expect((await ask(() => rows, { columns: { classes: ['no', 'yes'] } })).predict()).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringMatching(/invocations answered 2 numbers per row, but not the names of their classes$/),
    hint: expect.stringContaining('--classes no,yes'),
  })
  await expect((await ask(() => rows, { classes: ['a', 'b', 'c'] })).predict()).rejects.toMatchObject({
    message: expect.stringContaining('but there are 3 classes'),
  })
})

test('one number per row is the probability of the second of two classes that are named, and never guessed to be', async () => {
  const scores = [0.25, 0.5, 1]
  expect(await (await ask(() => scores, { classes: [0, 1] })).predict()).toEqual({
    rowCount: 3,
    labels: [0, 0, 1],
    classes: [0, 1],
    probabilities,
  })
  await expect((await ask(() => scores, { columns: { classes: [0, 1] } })).predict()).rejects.toMatchObject({
    code: 'E_VALUE',
    message: expect.stringContaining('these look like probabilities, not classes'),
    hint: expect.stringContaining('--classes 0,1'),
  })
  expect((await (await ask(() => [1, 0, 1], { classes: [0, 1] })).predict()).probabilities).toBeNull()
})

test('records are read like the columns of a file of predictions', async () => {
  const records = rows.map(([no, yes], i) => ({ prediction: i === 1 ? 'yes' : 'no', probability_no: no, probability_yes: yes }))
  const expected = { rowCount: 3, labels: ['no', 'yes', 'no'], classes: ['no', 'yes'], probabilities }
  expect(await (await ask(() => records)).predict()).toEqual(expected)
  const renamed = records.map(({ prediction, probability_yes }) => ({ label: prediction, prob: probability_yes }))
  expect(
    await (await ask(() => renamed, { columns: { prediction: 'label', probability: 'prob', classes: ['no', 'yes'] } })).predict(),
  ).toEqual(expected)
  const byClass = rows.map(([no, yes]) => ({ yes, no }))
  expect(await (await ask(() => byClass, { columns: { classes: ['no', 'yes'] } })).predict()).toMatchObject({
    labels: ['no', 'no', 'yes'],
    classes: ['no', 'yes'],
    probabilities,
  })
  await expect((await ask(() => renamed)).predict()).rejects.toMatchObject({
    code: 'E_COLUMN_MISSING',
    hint: expect.stringContaining('label, prob'),
  })
})

test('the rows of a multilabel model follow the order of the labels', async () => {
  const columns = { several: ['red', 'blue'] }
  expect(
    await (
      await ask(
        () => [
          [1, 0],
          [1, 1],
          [0, 0],
        ],
        { columns },
      )
    ).predict(),
  ).toEqual({
    rowCount: 3,
    labels: ['red', 'red,blue', ''],
    classes: ['red', 'blue'],
    probabilities: null,
    indicators: Uint8Array.of(1, 0, 1, 1, 0, 0),
  })
  expect(
    await (
      await ask(
        () => [
          [0.5, 0.25],
          [1, 0.75],
          [0, 0],
        ],
        { columns },
      )
    ).predict(),
  ).toMatchObject({ labels: ['red', 'red,blue', ''], probabilities: Float64Array.of(0.5, 0.25, 1, 0.75, 0, 0) })
})

test.each<[string, readonly unknown[], RegExp]>([
  ['too few', ['no', 'no'], /answered 2 predictions for 3 rows/],
  ['too many', ['no', 'no', 'no', 'no'], /answered 4 predictions for 3 rows/],
  ['nothing for a row', ['no', null, 'no'], /answered no prediction for row 2/],
  ['NaN', [1, Number.NaN, 2], /answered NaN, which is no number and no JSON/],
  ['infinity', [1, Number.NEGATIVE_INFINITY, 2], /answered -Infinity, which is no number/],
  ['rows of different length', [[1, 2], [1], [1, 2]], /answered 1 values for row 2, and 2 for row 1/],
  [
    'rows that hold text',
    [
      [1, 'x'],
      [1, 2],
      [1, 2],
    ],
    /answered "x" for row 1, where a number belongs/,
  ],
  [
    'records with different keys',
    [
      { a: 1, b: 2 },
      { a: 1, c: 2 },
      { a: 1, b: 2 },
    ],
    /answered other keys for row 2 than for row 1/,
  ],
  ['a mixture', [1, [2], 3], /answered row 2 in another form than row 1/],
  [
    'structures in records',
    [1, 2, 3].map(() => ({ prediction: { deep: 1 }, b: 2 })),
    /answered a structure in "prediction" for row 1/,
  ],
  [
    'lists in records',
    [1, 2, 3].map(() => ({ prediction: 1, scores: [0.1, 0.9] })),
    /answered a list of 2 in "scores" for row 1/,
  ],
])('%s is an error', async (_what, predictions, message) => {
  await expect((await ask(() => predictions, { classes: ['no', 'yes'] })).predict()).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringMatching(message),
  })
})

test('what the server says of an error is told', async () => {
  const { predict } = await ask(() => {
    throw new Error("Failed to enforce schema: missing column 'age'")
  })
  await expect(predict()).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: expect.stringMatching(/\/invocations answered 400: Failed to enforce schema: missing column 'age'$/),
  })
})
