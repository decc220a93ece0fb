import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tableFromRows } from '../../../core/table.ts'
import { openPredictor } from '../open.ts'
import type { PredictionColumns } from '../options.ts'

async function open(name: string, content: string, columns: PredictionColumns = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-predictions-'))
  await writeFile(join(cwd, name), content)
  return openPredictor(name, { cwd, env: {}, columns, admit: () => Promise.reject(new Error('data needs no admission')) })
}

const two = tableFromRows([{ a: 1 }, { a: 2 }])

test('predictions and probabilities are read by column, classes from the column names', async () => {
  const predictor = await open('p.csv', 'prediction,probability_no,probability_yes\nno,0.9,0.1\nyes,0.2,0.8\n')
  expect(await predictor.predict(two)).toEqual({
    rowCount: 2,
    labels: ['no', 'yes'],
    classes: ['no', 'yes'],
    probabilities: Float64Array.of(0.9, 0.1, 0.2, 0.8),
  })
  expect(predictor).toMatchObject({ kind: 'file', features: [], digest: expect.stringMatching(/^sha256:/) })
})

test('numeric predictions have numeric classes; without predictions the most probable class counts', async () => {
  const numeric = await open(
    'p.jsonl',
    '{"prediction":1,"probability_0":0.4,"probability_1":0.6}\n{"prediction":0,"probability_0":0.7,"probability_1":0.3}\n',
  )
  expect(await numeric.predict(two)).toMatchObject({ labels: [1, 0], classes: [0, 1] })
  const bare = await open('p.csv', 'probability_a,probability_b\n0.4,0.6\n0.7,0.3\n')
  expect((await bare.predict(two)).labels).toEqual(['b', 'a'])
})

test('predictions for other data are never used', async () => {
  const predictor = await open('p.csv', 'prediction\nno\nyes\nno\n')
  await expect(predictor.predict(two)).rejects.toMatchObject({
    code: 'E_PREDICTOR',
    message: 'p.csv holds 3 predictions; the data has 2 rows',
  })
})

test('a prediction that is missing is a row without one, for the metrics to see', async () => {
  const numbers = await open('p.jsonl', '{"prediction":1}\n{"prediction":null}\n')
  expect((await numbers.predict(two)).labels).toEqual([1, Number.NaN])
  const names = await open('p.csv', 'prediction\nno\n""\n')
  expect((await names.predict(two)).labels).toEqual(['no', Number.NaN])
})

test('columns of other names are found by the names given, and nothing else stands in for them', async () => {
  const csv = 'guess,p_no,p_yes,prediction\nno,0.9,0.1,x\nyes,0.2,0.8,x\n'
  const named = await open('p.csv', csv, { prediction: 'guess', probability: 'p_' })
  expect(await named.predict(two)).toMatchObject({ labels: ['no', 'yes'], classes: ['no', 'yes'] })
  await expect(open('p.csv', csv, { prediction: 'gues' })).rejects.toMatchObject({ hint: 'Did you mean "guess"?' })
  await expect(open('p.csv', csv, { probability: 'q_' })).rejects.toMatchObject({ code: 'E_COLUMN_MISSING' })
})

test('one column of probabilities is about the positive class of two', async () => {
  const csv = 'score\n0.9\n0.25\n'
  const ask = async (columns: PredictionColumns) => (await open('p.csv', csv, { probability: 'score', ...columns })).predict(two)
  expect(await ask({ classes: [0, 1] })).toMatchObject({
    labels: [1, 0],
    classes: [0, 1],
    probabilities: Float64Array.of(1 - 0.9, 0.9, 0.75, 0.25),
  })
  expect(await ask({ classes: ['no', 'yes'], positive: 'no' })).toMatchObject({ labels: ['no', 'yes'], classes: ['yes', 'no'] })
  // Of a slice in which one class is rare the data may show the other alone.
  expect(await ask({ classes: ['no'], positive: 'yes' })).toMatchObject({ classes: ['no', 'yes'] })
  await expect(ask({ classes: ['a', 'b', 'c'] })).rejects.toMatchObject({
    message: expect.stringContaining('there are 3 classes: a, b, c'),
  })
  await expect(ask({ classes: ['no'] })).rejects.toMatchObject({ hint: expect.stringContaining('--classes') })
  await expect(open('p.csv', 'score\n0.9\n1.7\n', { probability: 'score', classes: [0, 1] })).rejects.toMatchObject({
    message: 'p.csv: row 2 has 1.7 in "score", which is no probability',
  })
})

test('numbers between 0 and 1 beside two classes are not taken for classes', async () => {
  const scores = (columns: PredictionColumns) => open('p.csv', 'prediction\n0.93\n0.1\n', columns)
  await expect(scores({ classes: [0, 1] })).rejects.toMatchObject({
    code: 'E_VALUE',
    message: expect.stringContaining('such as 0.93, and the label is 0 or 1: these look like probabilities'),
    hint: expect.stringContaining('Give --probability prediction instead'),
  })
  expect((await (await scores({})).predict(two)).labels).toEqual([0.93, 0.1])
  expect((await (await open('p.csv', 'prediction\n0\n1\n', { classes: [0, 1] })).predict(two)).labels).toEqual([0, 1])
})

test('of a multilabel model every label has a column of 0 and 1, and may have a probability', async () => {
  const several = ['red', 'blue']
  const sets = await open(
    'p.csv',
    'prediction_red,prediction_blue,probability_red,probability_blue\n1,0,0.9,0.2\n1,1,0.8,0.7\n',
    { several },
  )
  expect(await sets.predict(two)).toEqual({
    rowCount: 2,
    labels: ['red', 'red,blue'],
    classes: several,
    probabilities: Float64Array.of(0.9, 0.2, 0.8, 0.7),
    indicators: Uint8Array.of(1, 0, 1, 1),
  })
  await expect(open('p.csv', 'prediction_red\n1\n', { several })).rejects.toMatchObject({
    message: expect.stringContaining('"prediction_blue" missing'),
  })
  await expect(open('p.csv', 'prediction_red,prediction_blue\n1,0.4\n', { several })).rejects.toMatchObject({
    message: expect.stringContaining('0.4 in "prediction_blue", which is neither 0 nor 1'),
  })
})

const customers = tableFromRows([
  { customer: 'b', x: 1 },
  { customer: 'a', x: 2 },
])

test('rows are found by their id, in whatever order the predictions are', async () => {
  const predictor = await open('p.csv', 'customer,prediction,probability_no,probability_yes\na,yes,0.25,0.75\nb,no,1,0\n', {
    id: 'customer',
  })
  expect(await predictor.predict(customers)).toEqual({
    rowCount: 2,
    labels: ['no', 'yes'],
    classes: ['no', 'yes'],
    probabilities: Float64Array.of(1, 0, 0.25, 0.75),
  })
  expect(predictor.features).toEqual(['customer'])
})

test.each([
  ['missing in the predictions', 'a,yes', 'p.csv has no prediction for 1 row of the data: customer b'],
  ['missing in the data', 'a,yes\nb,no\nc,no\nd,no', 'p.csv has 2 predictions for rows that the data lacks: customer c, d'],
  [
    'other ones',
    'a,yes\nc,no',
    'p.csv has no prediction for 1 row of the data: customer b; it has 1 prediction for rows that the data lacks: customer c',
  ],
])('ids that are %s are listed', async (_what, rows, message) => {
  const predictor = await open('p.csv', `customer,prediction\n${rows}\n`, { id: 'customer' })
  await expect(predictor.predict(customers)).rejects.toMatchObject({ code: 'E_PREDICTOR', message })
})

test('an id that names two rows, or none, is refused in the predictions and in the data', async () => {
  await expect(open('p.csv', 'customer,prediction\na,yes\na,no\nb,no\n', { id: 'customer' })).rejects.toMatchObject({
    code: 'E_VALUE',
    message: 'p.csv has 1 id more than once: customer a',
  })
  await expect(open('p.jsonl', '{"customer":"a","prediction":1}\n{"prediction":0}\n', { id: 'customer' })).rejects.toMatchObject({
    message: 'p.jsonl: row 2 has no customer',
  })
  await expect(open('p.csv', 'prediction\nyes\n', { id: 'customer' })).rejects.toMatchObject({ code: 'E_COLUMN_MISSING' })
  const predictor = await open('p.csv', 'customer,prediction\na,yes\nb,no\n', { id: 'customer' })
  await expect(predictor.predict(tableFromRows([{ customer: 'a' }, { customer: 'a' }]))).rejects.toMatchObject({
    message: 'the data has 1 id more than once: customer a',
  })
})

test('a file without predictions, or with words for numbers, is refused', async () => {
  await expect(open('p.csv', 'answer\nno\n')).rejects.toMatchObject({
    code: 'E_COLUMN_MISSING',
    hint: expect.stringContaining('answer'),
  })
  await expect(open('p.csv', 'prediction,probability_no\nno,often\n')).rejects.toMatchObject({ code: 'E_VALUE' })
  // The most probable of one class would be that class for every row.
  await expect(open('p.csv', 'probability_no\n0.2\n')).rejects.toMatchObject({ code: 'E_COLUMN_MISSING' })
})

test('a model of unknown kind, or none, is a clear error', async () => {
  await expect(open('model.bin', 'x')).rejects.toMatchObject({ code: 'E_MODEL_FORMAT', hint: expect.stringContaining('.onnx') })
  const options = { cwd: tmpdir(), env: {}, admit: () => Promise.reject(new Error('unused')) }
  await expect(openPredictor('nowhere/model.onnx', options)).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
})
