import type { Rate } from '../../stats/statistic.ts'
import type { ScoredClasses, ScoredSets } from '../scored.ts'
import { precisionMicro, precisionOfClasses } from './average-precision.ts'
import { always, defineKind } from './define-kind.ts'
import { COUNT } from './count-parameter.ts'
import type { MetricKind, Readout } from './metric-kind.ts'
import { rocAucMicro, rocAucOvo, rocAucOvr } from './roc-auc-curves.ts'
import { mean } from './set-scores.ts'
import { INTERVALS } from './interval-words.ts'

type WithClasses = ScoredClasses | ScoredSets

interface Curve {
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly arguments: string
  readonly of: (scored: WithClasses, title: string) => Readout
  readonly shown?: (scored: WithClasses) => boolean
  readonly interval?: string
}

const NOT_MEASURED = 'A class that no row has, or every row has, leaves nothing measured, where scikit-learn answers'
/** One curve per class; more than this takes long and says little. */
const fewClasses = ({ classes }: WithClasses): boolean => classes.length <= 50

const curve =
  (reference: string, standard: string, differs: string) =>
  ({ name, title, summary, arguments: args, of, interval = standard, shown = () => false }: Curve): MetricKind =>
    defineKind({
      name,
      title,
      summary,
      good: 'high',
      reads: 'scores',
      interval,
      reference: `sklearn.metrics.${reference}${args}`,
      differs,
      shown: { classification: shown, multilabel: shown },
      of: { classification: (scored) => of(scored, title), multilabel: (scored) => of(scored, title) },
    })

const roc = curve('roc_auc_score', INTERVALS.area, `${NOT_MEASURED} NaN or raises.`)
const precision = curve('average_precision_score', INTERVALS.rows, `${NOT_MEASURED} 0 or raises.`)

const ROC_METRICS: readonly MetricKind[] = [
  roc({
    name: 'roc-auc',
    title: 'ROC AUC',
    summary:
      'Chance that a row of the class scores above one that is not, ties counted half; of more than two classes, and of sets, the mean over the classes, each against the rest.',
    arguments: "(multi_class='ovr', average='macro')",
    shown: fewClasses,
    of: (scored, title) => rocAucOvr(scored, title, 'macro'),
  }),
  roc({
    name: 'roc-auc-weighted',
    title: 'Weighted ROC AUC',
    summary: 'ROC AUC of each class against the rest, the mean weighted by how many rows have the class.',
    arguments: "(multi_class='ovr', average='weighted')",
    of: (scored, title) => rocAucOvr(scored, title, 'weighted'),
  }),
  roc({
    name: 'roc-auc-micro',
    title: 'Micro ROC AUC',
    summary: 'ROC AUC of all decisions, of each row about each class, on one curve.',
    arguments: "(multi_class='ovr', average='micro')",
    interval: INTERVALS.rows,
    of: (scored, title) => rocAucMicro(scored, title),
  }),
  ...(['macro', 'weighted'] as const).map((average) =>
    defineKind({
      name: average === 'macro' ? 'roc-auc-ovo' : 'roc-auc-ovo-weighted',
      title: average === 'macro' ? 'ROC AUC, one versus one' : 'Weighted ROC AUC, one versus one',
      summary: `How well scores tell each class from each other one, the mean over the pairs${average === 'macro' ? '' : ', weighted by how many rows they have'} (Hand and Till 2001).`,
      good: 'high',
      reads: 'scores',
      interval: INTERVALS.area,
      reference: `sklearn.metrics.roc_auc_score(multi_class='ovo', average='${average}')`,
      differs: 'Takes row weights, which scikit-learn refuses here.',
      of: {
        classification: (scored) =>
          rocAucOvo(scored, average === 'macro' ? 'ROC AUC, one versus one' : 'Weighted ROC AUC, one versus one', average),
      },
    }),
  ),
]

const PRECISION_METRICS: readonly MetricKind[] = [
  precision({
    name: 'average-precision',
    title: 'Average precision',
    summary:
      'Area under the precision-recall curve, Σ (Rₙ − Rₙ₋₁) Pₙ; of more than two classes, and of sets, the mean over the classes, each against the rest.',
    arguments: "(average='macro')",
    shown: (scored) => (scored.task === 'multilabel' ? fewClasses(scored) : scored.classes.length === 2),
    of: (scored, title) => precisionOfClasses(scored, title, 'macro'),
  }),
  precision({
    name: 'average-precision-weighted',
    title: 'Weighted average precision',
    summary: 'Average precision of each class against the rest, the mean weighted by how many rows have the class.',
    arguments: "(average='weighted')",
    of: (scored, title) => precisionOfClasses(scored, title, 'weighted'),
  }),
  precision({
    name: 'average-precision-micro',
    title: 'Micro average precision',
    summary: 'Average precision of all decisions, of each row about each class, in one ranking.',
    arguments: "(average='micro')",
    of: (scored, title) => precisionMicro(scored, title),
  }),
]

const topK = defineKind({
  name: 'top-k-accuracy',
  title: 'Top-k accuracy',
  summary: 'Share of rows whose true class is among the k that score highest.',
  good: 'high',
  reads: 'scores',
  parameter: COUNT,
  interval: INTERVALS.rate,
  reference: 'sklearn.metrics.top_k_accuracy_score',
  of: {
    classification: (scored, k) => ({
      title: `Top-${k} accuracy`,
      statistic: amongHighest(scored, k),
      ...(k >= scored.classes.length && { note: `there are only ${scored.classes.length} classes, so that every row is right` }),
    }),
  },
})

/** Of equal scores the later class goes first, as in scikit-learn; of two classes the second only when it scores higher. */
function amongHighest({ probabilities, truth, classes, rowCount }: ScoredClasses, k: number): Rate {
  const width = classes.length
  const hits = new Uint8Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const label = truth[row]!
    const score = probabilities![row * width + label]!
    let above = 0
    for (let other = 0; other < width; other++) {
      const rival = probabilities![row * width + other]!
      if (rival > score || (rival === score && (width === 2 ? other < label : other > label))) above++
    }
    hits[row] = above < k ? 1 : 0
  }
  return { kind: 'rate', hits, counted: null }
}

const lrap = defineKind({
  name: 'label-ranking-average-precision',
  title: 'Label ranking average precision',
  summary: 'Mean over the rows and their true classes of how many of the classes that score as high are true.',
  good: 'high',
  reads: 'scores',
  interval: INTERVALS.means,
  reference: 'sklearn.metrics.label_ranking_average_precision_score',
  shown: { multilabel: always },
  of: { multilabel: (scored) => ({ title: 'Label ranking average precision', statistic: mean(labelRankings(scored), [0, 1]) }) },
})

function labelRankings({ truth, probabilities, classes, rowCount }: ScoredSets): Float64Array {
  const width = classes.length
  const order = classes.map((_name, k) => k)
  return Float64Array.from({ length: rowCount }, (_, row) => {
    const from = row * width
    const scores = probabilities!.subarray(from, from + width)
    order.sort((a, b) => scores[b]! - scores[a]!)
    let [above, relevant, sum, tied] = [0, 0, 0, 0]
    for (const [i, k] of order.entries()) {
      above++
      tied += truth[from + k]!
      if (i + 1 < width && scores[order[i + 1]!] === scores[k]) continue
      relevant += tied
      sum += (tied * relevant) / above
      tied = 0
    }
    return relevant === 0 || relevant === width ? 1 : sum / relevant
  })
}

/** Metrics of how scores rank rows and classes. */
export const RANK_METRICS: readonly MetricKind[] = [...ROC_METRICS, ...PRECISION_METRICS, topK, lrap]
