import type { Label } from '../../core/predictor.ts'

/** The most probable class of each row; NaN for a row whose probabilities are not all numbers, so that no gate mistakes it for a class. */
export function mostProbable(probabilities: Float64Array, classes: readonly Label[]): Label[] {
  const width = classes.length
  return Array.from({ length: probabilities.length / width }, (_none, row) => {
    const best = placeOfHighest(probabilities, row * width, width)
    return best < 0 ? Number.NaN : classes[best]!
  })
}

/** The place of the highest of `width` values from `start` on, the first among equals; −1 when one is no number. */
export function placeOfHighest(values: Float64Array, start: number, width: number): number {
  let best = 0
  for (let k = 0; k < width; k++) {
    const value = values[start + k]!
    if (Number.isNaN(value)) return -1
    if (value > values[start + best]!) best = k
  }
  return best
}

/** `[1 - p, p]` per row, from the probability of the second of two classes. */
export function bothClasses(positive: Float64Array): Float64Array {
  const both = new Float64Array(2 * positive.length)
  for (const [row, p] of positive.entries()) both.set([1 - p, p], 2 * row)
  return both
}
