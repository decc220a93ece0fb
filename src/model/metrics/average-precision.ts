import type { RowStatistic } from '../../stats/statistic.ts'
import type { ScoredClasses, ScoredSets } from '../scored.ts'
import { failed } from './define-kind.ts'
import type { Readout } from './metric-kind.ts'
import { bothSides, chosenClasses, isMember, membersOf, scoresOf } from './roc-auc-curves.ts'
import { averagePrecision, rankItems, type RankedItems } from './sorted-scores.ts'

/**
 * Average precision of the positive class of two; of more, and of sets, the average over the classes: each counting the same
 * (`macro`) or by how many rows have it (`weighted`).
 */
export function precisionOfClasses(scored: ScoredClasses | ScoredSets, title: string, average: 'macro' | 'weighted'): Readout {
  const chosen = chosenClasses(scored)
  const sides = chosen.map((k) => membersOf(scored, k))
  const problem = bothSides(scored, title, chosen, sides)
  if (problem) return problem
  const ranked = chosen.map((k, i) => rankItems(scoresOf(scored, k), (row) => sides[i]![row] === 1))
  return { title, statistic: ofRows(scored.rowCount, (weights) => averaged(ranked, weights, average)) }
}

function averaged(ranked: readonly RankedItems[], weights: Float64Array, average: 'macro' | 'weighted'): number {
  let [sum, total] = [0, 0]
  for (const items of ranked) {
    const { value, support } = averagePrecision(items, weights)
    const counts = average === 'macro' ? 1 : support
    // A class that a weighted average does not count needs no value.
    if (counts > 0) sum += counts * value
    total += counts
  }
  return sum / total
}

/** All decisions, of each row about each class, in one ranking. */
export function precisionMicro(scored: ScoredClasses | ScoredSets, title: string): Readout {
  const { probabilities, classes, rowCount, truth } = scored
  if (scored.task === 'multilabel' && truth.every((is) => is === 0)) return failed(title, 'no row has any of the classes')
  const items = rankItems(probabilities!, isMember(scored), classes.length)
  return { title, statistic: ofRows(rowCount, (weights) => averagePrecision(items, weights).value) }
}

const ofRows = (rowCount: number, at: (weights: Float64Array) => number): RowStatistic => ({
  kind: 'rows',
  rowCount,
  at,
  range: [0, 1],
})
