import type { CellStatistic } from '../../stats/statistic.ts'
import type { ScoredClasses } from '../scored.ts'

/** How often each class was predicted as each. `counts` is row-major: row = truth, column = prediction. */
export interface ConfusionMatrix {
  readonly classes: readonly string[]
  readonly counts: Float64Array
  readonly total: number
}

/** Counts the rows, whatever they weigh. Rows without a prediction are in no cell; callers measure nothing while there are any. */
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

/** The cell of each row in the confusion matrix of the classes that are in the truth or among the predictions. */
export interface ConfusionCells {
  readonly cells: Int32Array
  /** The number of those classes; there are `size × size` cells. */
  readonly size: number
  /** Their indices among all the classes. */
  readonly kept: readonly number[]
}

const known = new WeakMap<ScoredClasses, ConfusionCells>()

/** scikit-learn does not average over classes that nobody mentions either. Answers must not be missing. */
export function confusionCells(scored: ScoredClasses): ConfusionCells {
  const found = known.get(scored)
  if (found) return found
  const { classes, truth, predicted, rowCount } = scored
  const mentioned = new Uint8Array(classes.length)
  for (let row = 0; row < rowCount; row++) mentioned[truth[row]!] = mentioned[predicted[row]!] = 1
  const kept = classes.flatMap((_name, k) => (mentioned[k] === 1 ? [k] : []))
  const place = new Int32Array(classes.length)
  for (const [to, from] of kept.entries()) place[from] = to
  const size = kept.length
  const cells = new Int32Array(rowCount)
  for (let row = 0; row < rowCount; row++) cells[row] = place[truth[row]!]! * size + place[predicted[row]!]!
  const result = { cells, size, kept }
  known.set(scored, result)
  return result
}

/** What is computed from a confusion matrix with `margins` already summed. */
export function fromMatrix({ cells, size }: ConfusionCells, at: (matrix: Margins) => number): CellStatistic {
  return { kind: 'cells', cells, size: size * size, at: (counts) => at(margins(counts, size)) }
}

export interface Margins {
  /** Row = truth, column = prediction; counts or shares. */
  readonly counts: Float64Array
  readonly size: number
  /** How often each class is the truth (its support), is predicted, and is both. */
  readonly truths: Float64Array
  readonly guesses: Float64Array
  readonly hits: Float64Array
  readonly total: number
}

function margins(counts: Float64Array, size: number): Margins {
  const [truths, guesses, hits] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)]
  let total = 0
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const count = counts[row * size + column]!
      truths[row]! += count
      guesses[column]! += count
      total += count
    }
    hits[row] = counts[row * size + row]!
  }
  return { counts, size, truths, guesses, hits, total }
}
