import type { AreaStatistic } from '../../stats/statistic.ts'
import type { ScoredClasses, ScoredSets } from '../scored.ts'
import { failed } from './define-kind.ts'
import type { Readout } from './metric-kind.ts'
import { areaSlopes, areaUnderRoc, rankItems } from './ranked-items.ts'

type Curve = AreaStatistic['curves'][number]
type WithClasses = ScoredClasses | ScoredSets

/** Curves times rows beyond which one-versus-one would not fit into memory. */
const MOST_CELLS = 1e9

const scoresOfTwo = new WeakMap<WithClasses, Float64Array>()

/** One column of the probabilities; of two classes the same array each time, so that its order is found once. */
export function scoresOf(scored: WithClasses, k: number): Float64Array {
  const { probabilities, classes, rowCount } = scored
  const isOfTwo = chosenClasses(scored).length === 1
  const known = isOfTwo ? scoresOfTwo.get(scored) : undefined
  if (known) return known
  const scores = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) scores[row] = probabilities![row * classes.length + k]!
  if (isOfTwo) scoresOfTwo.set(scored, scores)
  return scores
}

/** 1 for the rows that truly have the class. */
export function membersOf(scored: WithClasses, k: number): Uint8Array {
  const { truth, classes, rowCount } = scored
  if (scored.task === 'classification') return Uint8Array.from(truth, (label) => (label === k ? 1 : 0))
  return Uint8Array.from({ length: rowCount }, (_, row) => truth[row * classes.length + k]!)
}

/** The one class that is about, of two with a positive one; else all. */
export function chosenClasses(scored: WithClasses): number[] {
  const { classes } = scored
  if (scored.task === 'classification' && classes.length === 2 && scored.positive !== null) return [scored.positive]
  return classes.map((_name, k) => k)
}

/**
 * ROC AUC of the positive class of two; of more, and of sets, the average of each class against the rest, each counting the same
 * (`macro`) or by how many rows have it (`weighted`).
 */
export function rocAucOvr(scored: WithClasses, title: string, average: 'macro' | 'weighted'): Readout {
  const chosen = chosenClasses(scored)
  const sides = chosen.map((k) => membersOf(scored, k))
  const problem = bothSides(scored, title, chosen, sides)
  if (problem) return problem
  const supports = sides.map((side) => (average === 'macro' ? 1 : weightOf(scored, side)))
  const total = supports.reduce((sum, support) => sum + support, 0)
  const curves = chosen.map((k, i): Curve => ({ scores: scoresOf(scored, k), side: sides[i]!, share: supports[i]! / total }))
  return { title, statistic: { kind: 'area', curves } }
}

/** A curve needs rows that have the class and rows that do not. */
export function bothSides(
  scored: WithClasses,
  title: string,
  chosen: readonly number[],
  sides: readonly Uint8Array[],
): Readout | null {
  const { classes, rowCount } = scored
  const members = sides.map((side) => side.reduce((sum, is) => sum + is, 0))
  const whole = members.indexOf(rowCount)
  const empty = members.indexOf(0)
  if (whole === -1 && empty === -1) return null
  if (scored.task === 'classification') {
    const distinct = new Set(scored.truth)
    if (distinct.size === 1) {
      return failed(title, `every row has the label "${classes[scored.truth[0]!]}", and ${title} needs two classes`)
    }
    return failed(title, `no row has the label "${classes[chosen[empty]!]}"`)
  }
  return failed(title, empty === -1 ? `every row has the class "${classes[whole]}"` : `no row has the class "${classes[empty]}"`)
}

export function weightOf({ design }: WithClasses, side: Uint8Array): number {
  let sum = 0
  for (let row = 0; row < side.length; row++) if (side[row] === 1) sum += design.weights?.[row] ?? 1
  return sum
}

/** All decisions, of each row about each class, on one curve. */
export function rocAucMicro(scored: WithClasses, title: string): Readout {
  const { truth, probabilities, classes, rowCount } = scored
  const width = classes.length
  if (scored.task === 'multilabel') {
    const count = scored.truth.reduce((sum, is) => sum + is, 0)
    if (count === 0 || count === truth.length) return failed(title, `${count === 0 ? 'no' : 'every'} row has any of the classes`)
  }
  const items = rankItems(probabilities!, isMember(scored), width)
  return {
    title,
    statistic: {
      kind: 'rows',
      rowCount,
      at: (weights) => areaUnderRoc(items, weights),
      influence: (weights) => areaSlopes(items, weights).map((slope, row) => slope * weights[row]!),
      range: [0, 1],
    },
  }
}

/** Of an item of the flattened probabilities. */
export function isMember(scored: WithClasses): (item: number) => boolean {
  const { truth, classes } = scored
  const width = classes.length
  if (scored.task === 'multilabel') return (item) => truth[item] === 1
  return (item) => truth[Math.floor(item / width)] === item % width
}

/**
 * The mean over pairs of classes of how well the scores of each tell it from the other (Hand and Till 2001); `weighted` by how many rows
 * the pair has.
 */
export function rocAucOvo(scored: ScoredClasses, title: string, average: 'macro' | 'weighted'): Readout {
  const { classes, truth, rowCount } = scored
  const all = classes.map((_name, k) => k)
  const problem = bothSides(
    scored,
    title,
    all,
    all.map((k) => membersOf(scored, k)),
  )
  if (problem) return problem
  const size = classes.length
  if (size * (size - 1) * rowCount > MOST_CELLS) {
    return failed(
      title,
      `one-versus-one of ${size} classes needs ${size * (size - 1)} curves of ${rowCount} rows; take roc-auc instead`,
    )
  }
  const scores = all.map((k) => scoresOf(scored, k))
  const supports = all.map((k) => weightOf(scored, membersOf(scored, k)))
  const pairs = all.flatMap((a) =>
    all.slice(a + 1).map((b) => ({ a, b, weight: average === 'macro' ? 1 : supports[a]! + supports[b]! })),
  )
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0)
  const curveOf = (a: number, b: number, share: number): Curve => ({
    scores: scores[a]!,
    side: Uint8Array.from(truth, (label) => (label === a ? 1 : label === b ? 0 : 2)),
    share,
  })
  const curves = pairs.flatMap(({ a, b, weight }) => [curveOf(a, b, weight / total / 2), curveOf(b, a, weight / total / 2)])
  return { title, statistic: { kind: 'area', curves } }
}
