import { Matrix, solve } from 'ml-matrix'

const MAX_ITERATIONS = 50
const TOLERANCE = 1e-8

/**
 * Fits a weighted logistic regression with an L2 penalty (not on the intercept) by Newton's method, also known as
 * iteratively reweighted least squares. Deterministic: the loss is strictly convex, so there is one answer.
 *
 * Features are standardised inside, so that the penalty treats them alike; the answer is for the raw features.
 * `standardised` holds the coefficients per standard deviation.
 */
export function fitLogisticRegression(rows, labels, { l2, weights = labels.map(() => 1) }) {
  const { means, scales } = moments(rows)
  const x = new Matrix(rows.map((row) => [1, ...row.map((value, j) => (value - means[j]) / scales[j])]))
  const width = x.columns
  let beta = Matrix.zeros(width, 1)
  let iterations = 0
  for (let step = Number.POSITIVE_INFINITY; !(step <= TOLERANCE); iterations++) {
    if (iterations === MAX_ITERATIONS || Number.isNaN(step))
      throw new Error(`The fit did not converge in ${iterations} iterations`)
    const p = x.mmul(beta).to1DArray().map(sigmoid)
    const residual = Matrix.columnVector(labels.map((y, i) => weights[i] * (y - p[i])))
    const gradient = x.transpose().mmul(residual)
    const curvature = x.clone().mulColumnVector(p.map((q, i) => weights[i] * q * (1 - q)))
    const hessian = x.transpose().mmul(curvature)
    for (let j = 1; j < width; j++) {
      gradient.set(j, 0, gradient.get(j, 0) - l2 * beta.get(j, 0))
      hessian.set(j, j, hessian.get(j, j) + l2)
    }
    const delta = solve(hessian, gradient)
    beta = Matrix.add(beta, delta)
    step = Math.max(...delta.to1DArray().map(Math.abs))
  }
  const [bias, ...standardised] = beta.to1DArray()
  const coefficients = standardised.map((value, j) => value / scales[j])
  const intercept = bias - coefficients.reduce((sum, value, j) => sum + value * means[j], 0)
  return { coefficients, intercept, standardised, iterations }
}

/** P(label is 1) for one row of features. */
export function predictProbability({ coefficients, intercept }, row) {
  return sigmoid(row.reduce((sum, value, j) => sum + value * coefficients[j], intercept))
}

/** Mean negative log-likelihood, in nats. */
export function logLoss(labels, probabilities) {
  return labels.reduce((sum, y, i) => sum - Math.log(y === 1 ? probabilities[i] : 1 - probabilities[i]), 0) / labels.length
}

const sigmoid = (z) => 1 / (1 + Math.exp(-z))

function moments(rows) {
  const x = new Matrix(rows)
  const means = x.mean('column')
  const scales = x.standardDeviation('column', { unbiased: false }).map((scale) => (scale > 0 ? scale : 1))
  return { means, scales }
}
