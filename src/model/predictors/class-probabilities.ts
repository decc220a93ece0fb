import type { Label } from '../../core/predictor.ts'

/** The most probable class of each row; NaN for a row whose probabilities are not all numbers, so that no gate mistakes it for a class. */
export function mostProbable(probabilities: Float64Array, classes: readonly Label[]): Label[] {
  const width = classes.length
  return Array.from({ length: probabilities.length / width }, (_none, row) => {
    let best = 0
    for (let k = 0; k < width; k++) {
      const probability = probabilities[row * width + k]!
      if (Number.isNaN(probability)) return Number.NaN
      if (probability > probabilities[row * width + best]!) best = k
    }
    return classes[best]!
  })
}

/** `[1 - p, p]` per row, from the probability of the second of two classes. */
export function bothClasses(positive: Float64Array): Float64Array {
  const both = new Float64Array(2 * positive.length)
  for (const [row, p] of positive.entries()) both.set([1 - p, p], 2 * row)
  return both
}
