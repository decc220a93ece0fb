import type { ScoredClasses } from '../scored.ts'
import { accuracyRate } from './class-scores.ts'
import { confusionCells, fromMatrix, type Margins } from './confusion-matrix.ts'
import { always, defineKind, failed } from './define-kind.ts'
import { expectedCost } from './expected-cost.ts'
import type { MetricKind, Readout } from './metric-kind.ts'
import { hammingLoss, subsetAccuracy } from './set-scores.ts'
import { INTERVALS } from './interval-words.ts'

const accuracy = defineKind({
  name: 'accuracy',
  title: 'Accuracy',
  summary: 'Share of right answers; of sets, of rows whose whole set is right (subset accuracy).',
  good: 'high',
  interval: INTERVALS.rate,
  reference: 'sklearn.metrics.accuracy_score',
  shown: { classification: always, multilabel: always },
  of: {
    classification: (scored) => ({ title: 'Accuracy', statistic: accuracyRate(scored) }),
    multilabel: (scored) => ({ title: 'Subset accuracy', statistic: subsetAccuracy(scored) }),
  },
})

const balancedAccuracy = defineKind({
  name: 'balanced-accuracy',
  title: 'Balanced accuracy',
  summary: 'Mean recall of the classes that the labels hold.',
  good: 'high',
  interval: INTERVALS.cells,
  reference: 'sklearn.metrics.balanced_accuracy_score',
  shown: { classification: always },
  of: {
    classification: (scored) => ({
      title: 'Balanced accuracy',
      statistic: fromMatrix(confusionCells(scored), meanRecall),
      ...(scored.truth.every((label) => label === scored.truth[0]) && { note: 'every row has the same label' }),
    }),
  },
})

function meanRecall({ hits, truths, size }: Margins): number {
  let [sum, present] = [0, 0]
  for (let k = 0; k < size; k++) {
    if (truths[k] === 0) continue
    sum += hits[k]! / truths[k]!
    present++
  }
  return sum / present
}

const specificity = defineKind({
  name: 'specificity',
  title: 'Specificity',
  summary: 'TN / (TN + FP): the share of the rows that are not positive which are not taken for positive.',
  good: 'high',
  interval: INTERVALS.rate,
  reference: 'sklearn.metrics.recall_score(pos_label=…) of the other class',
  of: { classification: ofNegatives },
})

function ofNegatives({ truth, predicted, positive, classes, rowCount }: ScoredClasses): Readout {
  if (positive === null) return failed('Specificity', 'no class is named as the positive one')
  const hits = new Uint8Array(rowCount)
  const counted = new Uint8Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    counted[row] = truth[row] === positive ? 0 : 1
    hits[row] = truth[row] !== positive && predicted[row] !== positive ? 1 : 0
  }
  const none = counted.every((counts) => counts === 0)
  return {
    title: 'Specificity',
    statistic: { kind: 'rate', hits, counted, map: (share) => (Number.isNaN(share) ? 0 : share) },
    ...(none && { note: `every row is labelled "${classes[positive]}"; 0 by convention, as in scikit-learn` }),
  }
}

const mcc = defineKind({
  name: 'mcc',
  title: "Matthews' correlation",
  summary: 'Correlation of answers and labels, −1 to 1, of any number of classes (Gorodkin 2004); 0 when either is constant.',
  good: 'high',
  interval: INTERVALS.cells,
  reference: 'sklearn.metrics.matthews_corrcoef',
  of: {
    classification: (scored) => ({
      title: "Matthews' correlation",
      statistic: fromMatrix(confusionCells(scored), correlation),
      ...(confusionCells(scored).size === 1 && {
        note: 'labels and answers are all the same; 0 by convention, as in scikit-learn',
      }),
    }),
  },
})

function correlation({ hits, truths, guesses, total }: Margins): number {
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, k) => sum + x * b[k]!, 0)
  const right = hits.reduce((sum, x) => sum + x, 0)
  const spread = (total ** 2 - dot(guesses, guesses)) * (total ** 2 - dot(truths, truths))
  // Shares that come out of a sum are not exactly 1 where all rows are of one class.
  return spread > total ** 4 * 1e-24 ? (right * total - dot(truths, guesses)) / Math.sqrt(spread) : 0
}

const kappa = (
  name: string,
  title: string,
  summary: string,
  weights: string,
  distance: (a: number, b: number) => number,
): MetricKind =>
  defineKind({
    name,
    title,
    summary,
    good: 'high',
    interval: INTERVALS.cells,
    reference: `sklearn.metrics.cohen_kappa_score${weights}`,
    of: {
      classification: (scored) =>
        confusionCells(scored).size === 1
          ? failed(title, 'labels and answers are all the same, and agreement by chance leaves nothing to compare with')
          : { title, statistic: fromMatrix(confusionCells(scored), (matrix) => agreement(matrix, distance)) },
    },
  })

function agreement({ counts, truths, guesses, size, total }: Margins, distance: (a: number, b: number) => number): number {
  let [observed, expected] = [0, 0]
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      observed += distance(a, b) * counts[a * size + b]!
      expected += (distance(a, b) * truths[a]! * guesses[b]!) / total
    }
  }
  return expected > 0 ? 1 - observed / expected : Number.NaN
}

const ORDERED = 'the classes in their order, numbers by value'

/** Metrics of the answers alone, beside the scores of classes. */
export const ANSWER_METRICS: readonly MetricKind[] = [
  accuracy,
  balancedAccuracy,
  specificity,
  mcc,
  kappa('cohen-kappa', "Cohen's kappa", 'Agreement beyond chance: 1 − observed / expected disagreement.', '', (a, b) =>
    a === b ? 0 : 1,
  ),
  kappa(
    'cohen-kappa-linear',
    "Cohen's kappa, linear",
    `Cohen's kappa where an answer weighs by how many classes it is off: ${ORDERED}.`,
    "(weights='linear')",
    (a, b) => Math.abs(a - b),
  ),
  kappa(
    'cohen-kappa-quadratic',
    "Cohen's kappa, quadratic",
    `Cohen's kappa where an answer weighs by the square of how many classes it is off: ${ORDERED}.`,
    "(weights='quadratic')",
    (a, b) => (a - b) ** 2,
  ),
  expectedCost,
  defineKind({
    name: 'hamming-loss',
    title: 'Hamming loss',
    summary: 'Share of wrong answers over all rows and classes.',
    good: 'low',
    interval: INTERVALS.means,
    reference: 'sklearn.metrics.hamming_loss',
    shown: { multilabel: always },
    of: { multilabel: (scored) => ({ title: 'Hamming loss', statistic: hammingLoss(scored) }) },
  }),
]
