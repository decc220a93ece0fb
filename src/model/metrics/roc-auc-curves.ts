import type { AreaStatistic } from '../../stats/statistic.ts'
import type { ScoredClasses } from '../scored.ts'
import { failed } from './define-kind.ts'
import type { Readout } from './metric-kind.ts'

type Curve = AreaStatistic['curves'][number]

/** One column of the probabilities. */
export function scoresOf(
  { probabilities, classes, rowCount }: Pick<ScoredClasses, 'probabilities' | 'classes' | 'rowCount'>,
  k: number,
): Float64Array {
  const scores = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) scores[row] = probabilities![row * classes.length + k]!
  return scores
}

/**
 * ROC AUC of the positive class of two; of more the average of each against the rest, each counting the same (`macro`) or by its
 * share of the rows (`weighted`).
 */
export function rocAucOvr(scored: ScoredClasses, title: string, average: 'macro' | 'weighted'): Readout {
  const problem = curvesNeed(scored, title)
  if (problem) return problem
  const { classes, positive } = scored
  const chosen = classes.length === 2 && positive !== null ? [positive] : classes.map((_name, k) => k)
  const shares = average === 'weighted' && chosen.length > 1 ? supports(scored) : null
  const curves = chosen.map((k): Curve => ({
    scores: scoresOf(scored, k),
    side: Uint8Array.from(scored.truth, (label) => (label === k ? 1 : 0)),
    share: shares?.[k] ?? 1 / chosen.length,
  }))
  return { title, statistic: { kind: 'area', curves } }
}

/** Every class needs rows of its own and rows of others. */
function curvesNeed({ classes, truth }: ScoredClasses, title: string): Readout | null {
  const present = new Uint8Array(classes.length)
  for (const label of truth) present[label] = 1
  const count = present.reduce((sum, is) => sum + is, 0)
  if (count === 1) return failed(title, `every row has the label "${classes[truth[0]!]}", and a ROC curve needs two classes`)
  if (count < classes.length) return failed(title, `no row has the label "${classes[present.indexOf(0)]}"`)
  return null
}

/** The share of each class among the weighted rows. */
function supports({ classes, truth, design }: ScoredClasses): Float64Array {
  const sums = new Float64Array(classes.length)
  let total = 0
  for (let row = 0; row < truth.length; row++) {
    const weight = design.weights?.[row] ?? 1
    sums[truth[row]!]! += weight
    total += weight
  }
  return sums.map((sum) => sum / total)
}
