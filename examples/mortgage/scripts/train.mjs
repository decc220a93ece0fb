// Trains the model: node scripts/train.mjs --config configs/training.json. Same config and data, same model file.
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { readParquet } from '../src/dataset.mjs'
import { featuresFrom, featuresOf } from '../src/features.mjs'
import { fitLogisticRegression, logLoss, predictProbability } from '../src/logistic-regression.mjs'
import { onnxModel } from '../src/onnx-model.mjs'

const { values } = parseArgs({ options: { config: { type: 'string', default: 'configs/training.json' } } })
const config = JSON.parse(await readFile(values.config, 'utf8'))

const applications = await readParquet(config.data)
const features = featuresFrom(config.features)
const rows = applications.map((application) => featuresOf(features, application))
for (const [i, row] of rows.entries()) {
  const broken = row.findIndex((value) => !Number.isFinite(value))
  if (broken >= 0) throw new Error(`Row ${i + 1} of ${config.data}: "${features[broken].column}" cannot be read as a feature`)
}
const labels = applications.map((application) => Number(application[config.label] === config.positive))
const weights = applications.map(weightOf)

const candidates = config.l2.map((l2) => ({ l2, loss: crossValidate(l2) }))
const { l2, loss } = candidates.reduce((best, candidate) => (candidate.loss < best.loss ? candidate : best))
const fit = fitLogisticRegression(rows, labels, { l2, weights })
const probabilities = rows.map((row) => predictProbability(fit, row))
const correct = labels.filter((label, i) => label === Number(probabilities[i] > 0.5)).length

const model = onnxModel({
  columns: config.features,
  features,
  classes: ['no', 'yes'],
  coefficients: fit.coefficients,
  intercept: fit.intercept,
  importances: importancesOf(fit.standardised),
})
await write(config.model, model)
await write(
  config.metrics,
  `${JSON.stringify(
    {
      cv_log_loss: round(loss),
      rows: rows.length,
      columns: config.features.length,
      features: features.length,
      l2,
      iterations: fit.iterations,
      training_log_loss: round(logLoss(labels, probabilities)),
      training_accuracy: round(correct / rows.length),
    },
    null,
    2,
  )}\n`,
)
console.log(`Trained on ${rows.length} applications: ${features.length} features of ${config.features.length} columns, L2 ${l2}`)
console.log(`Cross-validated log loss ${loss.toFixed(4)}, accuracy on the training data ${(correct / rows.length).toFixed(4)}`)
console.log(`Wrote ${config.model} (${model.length} bytes) and ${config.metrics}`)

/** The product of the weights of the rules that the application meets; 1 when it meets none. */
function weightOf(application) {
  const met = (config.weights ?? []).filter(({ where }) =>
    Object.entries(where).every(([column, value]) => application[column] === value),
  )
  return met.reduce((product, { weight }) => product * weight, 1)
}

/** Mean log loss on rows that the fit has not seen. Folds are drawn by a hash of the seed and the row number. */
function crossValidate(l2) {
  const fold = rows.map((_row, i) => createHash('sha256').update(`${config.seed}:${i}`).digest().readUInt32LE() % config.folds)
  const losses = Array.from({ length: config.folds }, (_none, k) => {
    const train = [...rows.keys()].filter((i) => fold[i] !== k)
    const held = [...rows.keys()].filter((i) => fold[i] === k)
    const pick = (list, indices) => indices.map((i) => list[i])
    const part = fitLogisticRegression(pick(rows, train), pick(labels, train), { l2, weights: pick(weights, train) })
    const p = pick(rows, held).map((row) => predictProbability(part, row))
    return logLoss(pick(labels, held), p) * held.length
  })
  return losses.reduce((sum, value) => sum + value, 0) / rows.length
}

/** Each column's share of the absolute coefficients per standard deviation. */
function importancesOf(standardised) {
  const total = standardised.reduce((sum, value) => sum + Math.abs(value), 0)
  const importances = Object.fromEntries(config.features.map((column) => [column, 0]))
  for (const [j, { column }] of features.entries()) importances[column] += Math.abs(standardised[j]) / total
  return importances
}

async function write(path, content) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

function round(value) {
  return Number(value.toFixed(6))
}
