import { normalCdf } from '../../stats/normal.ts'
import { seededRandom, shuffle } from '../../stats/random.ts'
import { rocAuc } from '../../stats/roc-auc.ts'
import { trainBoostedTrees } from './boosted-trees.ts'
import type { Pair, Separability } from './facts.ts'
import type { Feature } from './features.ts'

const FOLDS = 5
/** Fewer rows of either data set leave folds that are too small to say anything. */
const LEAST_ROWS = 50

/**
 * Trains a classifier to tell the reference's rows (first in each feature) from the current ones, in five folds that hold the same share of
 * both, and takes the mean of the AUC on each fold's rows. Scores of different folds come from different classifiers and are never
 * compared with each other. The variance is that of LeDell, Petersen and van der Laan, "Computationally efficient confidence intervals for
 * cross-validated area under the ROC curve estimates" (Electronic Journal of Statistics 9 (2015)): DeLong's within folds; but no smaller than
 * that of rows that cannot be told apart, which keeps the error rate (verified by simulation: bench/honesty/drift.mjs).
 */
export function separate(features: readonly Feature[], rows: Pair, seed = 1): Separability | null {
  if (features.length === 0 || Math.min(rows.reference, rows.current) < LEAST_ROWS) return null
  const size = rows.reference + rows.current
  const isCurrent = Uint8Array.from({ length: size }, (_, row) => (row < rows.reference ? 0 : 1))
  const foldOf = assignFolds(rows, seed)
  const gains = new Float64Array(features.length)
  let [sum, variance] = [0, 0]
  for (let fold = 0; fold < FOLDS; fold++) {
    const isTraining = (_value: unknown, row: number): boolean => foldOf[row] !== fold
    const isHeld = (_value: unknown, row: number): boolean => foldOf[row] === fold
    const model = trainBoostedTrees(rowsOf(features, isTraining), isCurrent.filter(isTraining))
    const held = rowsOf(features, isHeld)
    const truth = isCurrent.filter(isHeld)
    const scores = Float64Array.from(truth, (_one, row) => model.score(held, row))
    const measured = rocAuc(scores, (row) => truth[row] === 1)!
    sum += measured.auc
    variance += measured.variance
    for (const [i, gain] of model.gains.entries()) gains[i]! += gain
  }
  const auc = sum / FOLDS
  const { reference: n, current: m } = rows
  const standardError = Math.sqrt(Math.max(variance / FOLDS ** 2, exchangeableVariance(n, m)))
  const allGain = gains.reduce((a, b) => a + b, 0)
  return {
    auc,
    standardError,
    pValue: normalCdf((0.5 - auc) / standardError),
    folds: FOLDS,
    rows,
    columns: features
      .map(({ name }, i) => ({ name, share: allGain > 0 ? gains[i]! / allGain : 0 }))
      .toSorted((a, b) => b.share - a.share),
  }
}

const rowsOf = (features: readonly Feature[], isWanted: (value: unknown, row: number) => boolean): Feature[] =>
  features.map((feature) => ({ ...feature, bins: feature.bins.filter(isWanted) }))

/** The variance of an AUC of rows that are exchangeable (Mann and Whitney 1947). */
const exchangeableVariance = (n: number, m: number): number => (n + m + 1) / (12 * n * m)

function assignFolds({ reference, current }: Pair, seed: number): Uint8Array {
  const random = seededRandom(seed)
  const folds = (size: number): Uint8Array => {
    const ofRows = Uint8Array.from({ length: size }, (_, i) => i % FOLDS)
    shuffle(ofRows, random)
    return ofRows
  }
  return Uint8Array.from([...folds(reference), ...folds(current)])
}
