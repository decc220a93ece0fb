import { problemOfAnswers } from '../metrics/usable.ts'
import type { Scored } from '../scored.ts'

/** That a model says the same of every row, where the labels differ. */
export interface ConstantAnswer {
  /** `every prediction is "no"` */
  readonly caution: string
  /** Rows whose label is another one. */
  readonly others: number
  /** Whether the probabilities still tell rows apart. */
  readonly ranks: boolean
}

/** What a model always says; null when it says different things or nothing at all, or when all labels are the same too. */
export function constantAnswer(scored: Scored): ConstantAnswer | null {
  const width = scored.task === 'multilabel' ? scored.classes.length : 1
  const { truth, predicted, rowCount } = scored
  const isSameAsFirst = (cells: ArrayLike<number>, row: number): boolean => {
    for (let k = 0; k < width; k++) if (cells[row * width + k] !== cells[k]) return false
    return true
  }
  const every = (cells: ArrayLike<number>): boolean => {
    for (let row = 1; row < rowCount; row++) if (!isSameAsFirst(cells, row)) return false
    return true
  }
  if (rowCount < 2 || problemOfAnswers(scored) !== null || !every(predicted) || every(truth)) return null
  let others = 0
  for (let row = 0; row < rowCount; row++) {
    for (let k = 0; k < width; k++) {
      if (truth[row * width + k] === predicted[row * width + k]) continue
      others++
      break
    }
  }
  return { caution: `every prediction is ${said(scored)}`, others, ranks: probabilitiesDiffer(scored) }
}

function said(scored: Scored): string {
  switch (scored.task) {
    case 'classification':
      return `"${scored.classes[scored.predicted[0]!] ?? 'missing'}"`
    case 'multilabel': {
      const names = scored.classes.filter((_name, k) => scored.predicted[k] === 1)
      return names.length === 0 ? 'the empty set' : `"${names.join(',')}"`
    }
    default:
      return String(scored.predicted[0])
  }
}

function probabilitiesDiffer(scored: Scored): boolean {
  if (!('probabilities' in scored) || scored.probabilities === null) return false
  const { probabilities, classes } = scored
  const width = classes.length
  return probabilities.some((share, i) => share !== probabilities[i % width])
}
