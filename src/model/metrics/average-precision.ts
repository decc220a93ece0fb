import type { ScoredClasses, ScoredSets } from '../scored.ts'
import { failed } from './define-kind.ts'
import type { Readout } from './metric-kind.ts'
import { bothSides, chosenClasses, isMember, membersOf, scoresOf } from './roc-auc-curves.ts'
import { addPrecisionSlopes, averagePrecision, rankItems, type RankedItems } from './ranked-items.ts'

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
  return {
    title,
    statistic: {
      kind: 'rows',
      rowCount: scored.rowCount,
      at: (weights) => averaged(ranked, weights, average),
      influence: (weights) => influence(scored, ranked, weights, average),
      range: [0, 1],
    },
  }
}

/** The derivative of a weighted mean of average precisions, whose weights move too. */
function influence(
  scored: ScoredClasses | ScoredSets,
  ranked: readonly RankedItems[],
  weights: Float64Array,
  average: 'macro' | 'weighted',
): Float64Array {
  const slopes = new Float64Array(weights.length)
  const parts = ranked.map((items) => averagePrecision(items, weights))
  const total = average === 'macro' ? parts.length : parts.reduce((sum, { support }) => sum + support, 0)
  const whole = averaged(ranked, weights, average)
  for (const [i, { value, support }] of parts.entries()) {
    if (support === 0) continue
    addPrecisionSlopes(ranked[i]!, weights, (average === 'macro' ? 1 : support) / total, slopes)
    if (average === 'macro') continue
    const side = membersOf(scored, chosenClasses(scored)[i]!)
    for (let row = 0; row < side.length; row++) if (side[row] === 1) slopes[row]! += (value - whole) / total
  }
  return slopes.map((slope, row) => slope * weights[row]!)
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
  return {
    title,
    statistic: {
      kind: 'rows',
      rowCount,
      at: (weights) => averagePrecision(items, weights).value,
      influence: (weights) => {
        const slopes = new Float64Array(rowCount)
        addPrecisionSlopes(items, weights, 1, slopes)
        return slopes.map((slope, row) => slope * weights[row]!)
      },
      range: [0, 1],
    },
  }
}
