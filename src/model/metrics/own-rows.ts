import type { Scored, ScoredClasses, ScoredSets } from '../scored.ts'

/** A row as a metric of the user's own sees it. */
export interface OwnRow {
  /** From 0, in the order of the data. */
  readonly index: number
  /** The class as the data spell it, the value or relevance as a number, or the names of the classes of a multilabel row. */
  readonly truth: string | number | readonly string[]
  readonly predicted: string | number | readonly string[]
  /** By class; null when the model gives none. */
  readonly probabilities: Readonly<Record<string, number>> | null
}

/** Rows whose parts are made when they are asked for. */
export function ownRows(scored: Scored): OwnRow[] {
  return Array.from({ length: scored.rowCount }, (_, index) => ({
    index,
    get truth() {
      return labelOf(scored, scored.truth, index)
    },
    get predicted() {
      return labelOf(scored, scored.predicted, index)
    },
    get probabilities() {
      return hasClasses(scored) ? probabilitiesOf(scored, index) : null
    },
  }))
}

const hasClasses = (scored: Scored): scored is ScoredClasses | ScoredSets =>
  scored.task === 'classification' || scored.task === 'multilabel'

function labelOf(scored: Scored, labels: ArrayLike<number>, row: number): OwnRow['truth'] {
  if (!hasClasses(scored)) return labels[row]!
  if (scored.task === 'classification') return scored.classes[labels[row]!]!
  return scored.classes.filter((_name, k) => labels[row * scored.classes.length + k] === 1)
}

function probabilitiesOf({ classes, probabilities }: ScoredClasses | ScoredSets, row: number): Record<string, number> | null {
  if (probabilities === null) return null
  return Object.fromEntries(classes.map((name, k) => [name, probabilities[row * classes.length + k]!]))
}
