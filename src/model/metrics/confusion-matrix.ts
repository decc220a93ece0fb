import type { ScoredClasses } from '../scored.ts'

/** How often each class was predicted as each. `counts` is row-major: row = truth, column = prediction. */
export interface ConfusionMatrix {
  readonly classes: readonly string[]
  readonly counts: Float64Array
  readonly total: number
}

/** Counts the rows. Rows without a prediction are in no cell; callers measure nothing while there are any. */
export function confusionMatrix({ classes, truth, predicted }: ScoredClasses): ConfusionMatrix {
  const size = classes.length
  const counts = new Float64Array(size * size)
  let total = 0
  for (let row = 0; row < truth.length; row++) {
    const guess = predicted[row]!
    if (guess < 0) continue
    counts[truth[row]! * size + guess]!++
    total++
  }
  return { classes, counts, total }
}

/**
 * The matrix without the classes that are neither in the truth nor among the predictions, over which scikit-learn does not
 * average either.
 */
export function compact({ classes, counts, total }: ConfusionMatrix): ConfusionMatrix {
  const size = classes.length
  const kept = classes.flatMap((_name, k) => (rowSum(counts, size, k) + columnSum(counts, size, k) > 0 ? [k] : []))
  return {
    classes: kept.map((k) => classes[k]!),
    counts: Float64Array.from(kept.flatMap((row) => kept.map((column) => counts[row * size + column]!))),
    total,
  }
}

/** How often class `k` is the truth: its support. */
export function rowSum(counts: Float64Array, size: number, k: number): number {
  let sum = 0
  for (let column = 0; column < size; column++) sum += counts[k * size + column]!
  return sum
}

/** How often class `k` is predicted. */
export function columnSum(counts: Float64Array, size: number, k: number): number {
  let sum = 0
  for (let row = 0; row < size; row++) sum += counts[row * size + k]!
  return sum
}

/** Share of the diagonal. Works on counts and on shares alike, as do the averages below. */
export function accuracyOf(counts: Float64Array, size: number): number {
  let right = 0
  let total = 0
  for (const [cell, count] of counts.entries()) {
    total += count
    if (cell % (size + 1) === 0) right += count
  }
  return right / total
}

export type ClassScore = 'precision' | 'recall' | 'f1'

/** Precision, recall or F1 of one class; 0 where scikit-learn would divide zero by zero. */
export function classScore(counts: Float64Array, size: number, k: number, kind: ClassScore): number {
  const hits = counts[k * size + k]!
  const truths = rowSum(counts, size, k)
  const guesses = columnSum(counts, size, k)
  const whole = kind === 'precision' ? guesses : kind === 'recall' ? truths : (truths + guesses) / 2
  return whole > 0 ? hits / whole : 0
}

/** The mean of a score over the classes: each the same (`macro`), or each by its support (`weighted`). */
export function averageScore(counts: Float64Array, size: number, kind: ClassScore, average: 'macro' | 'weighted'): number {
  let sum = 0
  let weights = 0
  for (let k = 0; k < size; k++) {
    const weight = average === 'macro' ? 1 : rowSum(counts, size, k)
    sum += weight * classScore(counts, size, k, kind)
    weights += weight
  }
  return sum / weights
}

/** The mean recall of the classes `present`, those that the truth holds. */
export function balancedAccuracyOf(counts: Float64Array, size: number, present: readonly number[]): number {
  return present.reduce((sum, k) => sum + classScore(counts, size, k, 'recall'), 0) / present.length
}
