import { normalCdf } from '../../stats/normal.ts'
import { seededRandom, shuffle } from '../../stats/random.ts'
import { aucInterval, rocAuc } from '../../stats/roc-auc.ts'
import { trainBoostedTrees } from './boosted-trees.ts'
import type { Pair, Separability } from './facts.ts'
import type { Feature } from './features.ts'

/** Fewer rows of either data set are too few to learn from and to be judged by. */
export const LEAST_ROWS = 50

/**
 * Trains a classifier to tell the reference's rows (first in each feature) from the current ones on a random half of both, and takes the AUC on
 * the other half: a two-sample test (Lopez-Paz and Oquab, "Revisiting classifier two-sample tests", 2017). Given the classifier, the
 * scores of the other half are independent, so DeLong's interval and the variance of Mann and Whitney hold as they stand. Several folds would
 * not do: classifiers that are trained on each other's rows make the fold's AUCs depend on each other, and their mean is then above 0.5
 * two to three times as often as it should be.
 */
export function separate(features: readonly Feature[], rows: Pair, seed = 1): Separability | null {
  if (features.length === 0 || Math.min(rows.reference, rows.current) < LEAST_ROWS) return null
  const size = rows.reference + rows.current
  const isCurrent = Uint8Array.from({ length: size }, (_, row) => (row < rows.reference ? 0 : 1))
  const half = randomHalf(rows, seed)
  const isTraining = (_value: unknown, row: number): boolean => half[row] === 0
  const isHeld = (_value: unknown, row: number): boolean => half[row] === 1
  const model = trainBoostedTrees(rowsOf(features, isTraining), isCurrent.filter(isTraining))
  const held = rowsOf(features, isHeld)
  const truth = isCurrent.filter(isHeld)
  const scores = Float64Array.from(truth, (_one, row) => model.score(held, row))
  const measured = rocAuc(scores, (row) => truth[row] === 1)!
  const { auc, negatives, positives } = measured
  const gain = model.gains.reduce((a, b) => a + b, 0)
  return {
    auc,
    interval: aucInterval(measured),
    pValue: normalCdf((0.5 - auc) / Math.sqrt(exchangeableVariance(negatives, positives))),
    trainedOn: { reference: rows.reference - negatives, current: rows.current - positives },
    judgedOn: { reference: negatives, current: positives },
    columns: features
      .map(({ name }, i) => ({ name, share: gain > 0 ? model.gains[i]! / gain : 0 }))
      .toSorted((a, b) => b.share - a.share),
  }
}

const rowsOf = (features: readonly Feature[], isWanted: (value: unknown, row: number) => boolean): Feature[] =>
  features.map((feature) => ({ ...feature, bins: feature.bins.filter(isWanted) }))

/** The variance of an AUC of rows that are exchangeable (Mann and Whitney 1947); with ties it is smaller. */
const exchangeableVariance = (n: number, m: number): number => (n + m + 1) / (12 * n * m)

/** 0 or 1 for each row, half of each data set. */
function randomHalf({ reference, current }: Pair, seed: number): Uint8Array {
  const random = seededRandom(seed)
  const halves = (size: number): Uint8Array => {
    const ofRows = Uint8Array.from({ length: size }, (_, i) => i % 2)
    shuffle(ofRows, random)
    return ofRows
  }
  return Uint8Array.from([...halves(reference), ...halves(current)])
}
