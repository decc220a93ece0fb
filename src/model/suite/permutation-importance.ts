import type { Predictor, PredictOptions } from '../../core/predictor.ts'
import type { Column, Table } from '../../core/table.ts'
import { seededRandom, shuffle, type Random } from '../../stats/random.ts'
import { sortedQuantile } from '../../stats/replicates.ts'
import { isColumn, type SetLabels } from '../score-sets.ts'
import { score, type Scored, type ScoredSets, type Task } from '../scored.ts'

const REPEATS = 5
const MOST_ROWS = 5000
const REPLICATES = 1000

export interface Shares {
  readonly features: readonly string[]
  /** Share of each feature in the whole importance; all 0 when no feature matters. */
  readonly shares: readonly number[]
  /** Ends of each share's interval: lower at this confidence, upper corrected for the number of features (Bonferroni). */
  readonly lower: readonly number[]
  readonly upper: readonly number[]
  readonly n: number
}

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): how much worse the model's loss becomes when one
 * column is shuffled, the mean of five shuffles, as a share of the sum over the features. The loss is the squared error of the
 * probabilities (Brier) where there are any, else the error rate; for a regression the squared error. A column whose
 * shuffling helps counts as 0. At most 5,000 rows are used. The intervals come from a bootstrap over rows, so they hold what the choice of
 * test rows does to the shares, not only what the shuffling does.
 */
export async function permutationImportance(options: {
  readonly predictor: Predictor
  readonly table: Table
  readonly labels: SetLabels
  readonly features: readonly string[]
  readonly task: Task
  readonly confidence: number
  readonly seed: number
  readonly signal?: AbortSignal | undefined
}): Promise<Shares> {
  const { predictor, features, confidence, signal } = options
  const random = seededRandom(options.seed)
  const { table, labels } = sample(options.table, options.labels, random)
  const predicting: PredictOptions = signal ? { signal } : {}
  const lossOf = async (rows: Table): Promise<Float64Array> =>
    rowLosses(score(labels, await predictor.predict(rows, predicting), { task: options.task }))

  const base = await lossOf(table)
  const order = Uint32Array.from({ length: table.rowCount }, (_, row) => row)
  const increases: Float64Array[] = []
  for (const feature of features) {
    const increase = new Float64Array(table.rowCount)
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      shuffle(order, random)
      const losses = await lossOf({ ...table, columns: { ...table.columns, [feature]: reorder(table.columns[feature]!, order) } })
      for (let row = 0; row < losses.length; row++) increase[row]! += (losses[row]! - base[row]!) / REPEATS
    }
    increases.push(increase)
  }
  return { features, n: table.rowCount, ...shareIntervals(increases, confidence, random) }
}

function sample(table: Table, labels: SetLabels, random: Random): { table: Table; labels: SetLabels } {
  if (table.rowCount <= MOST_ROWS) return { table, labels }
  const order = Uint32Array.from({ length: table.rowCount }, (_, row) => row)
  shuffle(order, random)
  const chosen = order.subarray(0, MOST_ROWS)
  const reordered = (columns: Readonly<Record<string, Column>>): Record<string, Column> =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, reorder(column, chosen)]))
  return {
    table: { rowCount: MOST_ROWS, columns: reordered(table.columns) },
    labels: isColumn(labels) ? reorder(labels, chosen) : reordered(labels),
  }
}

function reorder(column: Column, order: Uint32Array): Column {
  if (column instanceof Float64Array) return Float64Array.from(order, (row) => column[row]!)
  return Array.from(order, (row) => column[row]!)
}

function rowLosses(scored: Scored): Float64Array {
  if (scored.task === 'regression' || scored.task === 'ranking')
    return scored.predicted.map((value, row) => (value - scored.truth[row]!) ** 2)
  if (scored.task === 'multilabel') return setLosses(scored)
  const { truth, predicted, probabilities, rowCount, classes } = scored
  const width = classes.length
  return Float64Array.from({ length: rowCount }, (_, row) => {
    if (probabilities === null) return predicted[row] === truth[row] ? 0 : 1
    let sum = 0
    for (let k = 0; k < width; k++) sum += (probabilities[row * width + k]! - (truth[row] === k ? 1 : 0)) ** 2
    return sum
  })
}

/** The squared error over the classes of each row. */
function setLosses({ truth, predicted, probabilities, rowCount, classes }: ScoredSets): Float64Array {
  const losses = new Float64Array(rowCount)
  const given = probabilities ?? predicted
  for (let cell = 0; cell < truth.length; cell++) losses[Math.floor(cell / classes.length)]! += (given[cell]! - truth[cell]!) ** 2
  return losses
}

function shareIntervals(
  increases: readonly Float64Array[],
  confidence: number,
  random: Random,
): Pick<Shares, 'shares' | 'lower' | 'upper'> {
  const n = increases[0]?.length ?? 0
  const shares = toShares(increases.map((increase) => increase.reduce((sum, x) => sum + x, 0)))
  const replicates = increases.map(() => new Float64Array(REPLICATES))
  const sums = new Float64Array(increases.length)
  for (let b = 0; b < REPLICATES; b++) {
    sums.fill(0)
    for (let i = 0; i < n; i++) {
      const row = random.integer(n)
      for (let j = 0; j < sums.length; j++) sums[j]! += increases[j]![row]!
    }
    for (const [j, share] of toShares(sums).entries()) replicates[j]![b] = share
  }
  const tail = (1 - confidence) / 2
  const sorted = replicates.map((values) => values.toSorted())
  return {
    shares,
    lower: sorted.map((values, j) => Math.min(shares[j]!, sortedQuantile(values, tail))),
    upper: sorted.map((values, j) => Math.max(shares[j]!, sortedQuantile(values, 1 - tail / increases.length))),
  }
}

/** Each value's share of the sum, negative ones counted as 0. */
export function toShares(values: ArrayLike<number>): number[] {
  const kept = Array.from(values, (value) => Math.max(0, value))
  const total = kept.reduce((sum, value) => sum + value, 0)
  return kept.map((value) => (total > 0 ? value / total : 0))
}
