import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { readParquet } from '../../src/dataset.mjs'
import { featuresFrom, featuresOf } from '../../src/features.mjs'
import { predictProbability } from '../../src/logistic-regression.mjs'
import { onnxModel } from '../../src/onnx-model.mjs'

const columns = ['pirat', 'hirat', 'lvrat', 'chist', 'mhist', 'phist', 'unemp', 'selfemp', 'insurance', 'condomin', 'hschool']
const features = featuresFrom(columns)
const fit = { coefficients: features.map((_feature, j) => ((-1) ** j * (j + 1)) / 10), intercept: -0.4 }
const bytes = onnxModel({ columns, features, classes: ['no', 'yes'], ...fit, importances: {} })

async function run(applications) {
  const session = await InferenceSession.create(bytes)
  const shape = [applications.length, 1]
  const feeds = Object.fromEntries(
    session.inputMetadata.map(({ name, type }) => {
      const values = applications.map((application) => application[name])
      return [
        name,
        type === 'string' ? new Tensor('string', values, shape) : new Tensor('float32', Float32Array.from(values), shape),
      ]
    }),
  )
  return session.run(feeds)
}

test('the model file and the feature code agree on every application', async () => {
  const applications = await readParquet('data/test/applications.parquet')
  const { label, probabilities } = await run(applications)
  for (const [i, application] of applications.entries()) {
    const expected = predictProbability(fit, featuresOf(features, application))
    const actual = probabilities.data[2 * i + 1]
    assert.ok(Math.abs(actual - expected) < 1e-5, `application ${i}: ${actual} instead of ${expected}`)
    assert.equal(label.data[i], actual > 0.5 ? 'yes' : 'no')
  }
})

test('an answer that is neither yes nor no comes out as NaN', async () => {
  const [application] = await readParquet('data/test/applications.parquet')
  const { probabilities } = await run([application, { ...application, phist: 'maybe' }])
  assert.ok(probabilities.data[1] > 0)
  assert.ok(Number.isNaN(probabilities.data[3]))
})
