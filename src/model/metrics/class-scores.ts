import type { CellStatistic, Rate } from '../../stats/statistic.ts'
import type { ScoredClasses } from '../scored.ts'
import { averageScore, classScore, scoreInSentence, scoreTitle, type Average, type ScoreName } from './class-score.ts'
import { confusionCells, fromMatrix } from './confusion-matrix.ts'
import { failed } from './define-kind.ts'
import type { Readout } from './metric-kind.ts'

/** Precision, recall, F or Jaccard of the positive class. */
export function ofPositive(scored: ScoredClasses, name: ScoreName, beta: number): Readout {
  const { classes, positive } = scored
  const title = scoreTitle(name, beta)
  if (positive === null) {
    const what = classes.length === 1 ? 'there is only one class' : `there are ${classes.length} classes`
    return failed(title, `${what}, and none is named as the positive one; name it, or take an average such as ${name}-macro`)
  }
  const statistic = name === 'f-beta' && beta !== 1 ? fOfPositive(scored, positive, beta) : rateOfPositive(scored, positive, name)
  const nothing = { precision: 'predicted', recall: 'labelled' }[name as string] ?? 'labelled or predicted'
  const counts =
    statistic.kind === 'cells'
      ? statistic.cells.some((cell) => cell !== NEITHER)
      : statistic.counted!.some((counted) => counted === 1)
  return {
    title: `${title} of "${classes[positive]}"`,
    statistic,
    ...(!counts && { note: `no row is ${nothing} "${classes[positive]}"; 0 by convention, as in scikit-learn` }),
  }
}

/**
 * F1 = 2J / (1 + J) with J = TP / (TP + FP + FN), a proportion of the rows that are positive in truth or by prediction, so it is
 * as well known as that rate.
 */
function rateOfPositive({ truth, predicted, rowCount }: ScoredClasses, positive: number, name: ScoreName): Rate {
  const hits = new Uint8Array(rowCount)
  const counted = new Uint8Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const [isTrue, isGuess] = [truth[row] === positive, predicted[row] === positive]
    hits[row] = isTrue && isGuess ? 1 : 0
    counted[row] = (name === 'precision' ? isGuess : name === 'recall' ? isTrue : isTrue || isGuess) ? 1 : 0
  }
  const isF = name === 'f1' || name === 'f-beta'
  return { kind: 'rate', hits, counted, map: (share) => (Number.isNaN(share) ? 0 : isF ? (2 * share) / (1 + share) : share) }
}

/** True positives, false positives, false negatives, and the rest. */
const NEITHER = 3
/** Whether the rows of each of these are positive in truth, whatever a model says. */
const IS_TRUE = Int32Array.of(1, 0, 1, 0)

function fOfPositive({ truth, predicted, rowCount }: ScoredClasses, positive: number, beta: number): CellStatistic {
  const cells = new Int32Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const [isTrue, isGuess] = [truth[row] === positive, predicted[row] === positive]
    cells[row] = isTrue ? (isGuess ? 0 : 2) : isGuess ? 1 : NEITHER
  }
  const score = classScore('f-beta', beta)
  return {
    kind: 'cells',
    cells,
    size: 4,
    groups: IS_TRUE,
    at: ([both, guess, truly]) => score(both!, both! + truly!, both! + guess!),
  }
}

/** The average of a score over the classes that rows mention. */
export function averaged(scored: ScoredClasses, name: ScoreName, average: Exclude<Average, 'samples'>, beta: number): Readout {
  const title = averageTitle(name, average, beta)
  // Taken together, the classes have as many false positives as false negatives: every wrong row is one of each.
  if (average === 'micro')
    return { title, statistic: accuracyRate(scored, name === 'jaccard' ? (share) => share / (2 - share) : undefined) }
  if (average === 'weighted' && name === 'recall') return { title, statistic: accuracyRate(scored) }
  const score = classScore(name, beta)
  return { title, statistic: fromMatrix(confusionCells(scored), (matrix) => averageScore(matrix, score, average)) }
}

export function averageTitle(name: ScoreName, average: Average, beta?: number): string {
  const first = { micro: 'Micro', macro: 'Macro', weighted: 'Weighted', samples: 'Per-row' }[average]
  return `${first} ${scoreInSentence(name, beta)}`
}

export function accuracyRate({ truth, predicted, rowCount }: ScoredClasses, map?: (share: number) => number): Rate {
  const hits = new Uint8Array(rowCount)
  for (let row = 0; row < rowCount; row++) hits[row] = truth[row] === predicted[row] ? 1 : 0
  return { kind: 'rate', hits, counted: null, ...(map && { map }) }
}
