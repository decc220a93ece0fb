import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tableFromRows } from '../../core/table.ts'
import { openPredictor } from './open.ts'

async function open(name: string, content: string) {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-predictions-'))
  await writeFile(join(cwd, name), content)
  return openPredictor(name, { cwd, env: {}, admit: () => Promise.reject(new Error('data needs no admission')) })
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

test('a file without predictions, or with gaps, is refused', async () => {
  await expect(open('p.csv', 'answer\nno\n')).rejects.toMatchObject({
    code: 'E_COLUMN_MISSING',
    hint: expect.stringContaining('answer'),
  })
  await expect(open('p.jsonl', '{"prediction":"no"}\n{"prediction":null}\n')).rejects.toMatchObject({ code: 'E_VALUE' })
  await expect(open('p.csv', 'prediction,probability_no\nno,often\n')).rejects.toMatchObject({ code: 'E_VALUE' })
  // The most probable of one class would be that class for every row.
  await expect(open('p.csv', 'probability_no\n0.2\n')).rejects.toMatchObject({ code: 'E_COLUMN_MISSING' })
})

test('a model of unknown kind, or none, is a clear error', async () => {
  await expect(open('model.bin', 'x')).rejects.toMatchObject({ code: 'E_MODEL_FORMAT', hint: expect.stringContaining('.onnx') })
  const options = { cwd: tmpdir(), env: {}, admit: () => Promise.reject(new Error('unused')) }
  await expect(openPredictor('nowhere/model.onnx', options)).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
})
