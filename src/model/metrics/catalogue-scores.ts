import type { ScoredClasses } from '../scored.ts'
import { scoreInSentence, scoreTitle, type ScoreName } from './class-score.ts'
import { averaged, averageTitle, ofPositive } from './class-scores.ts'
import { always, defineKind } from './define-kind.ts'
import type { MetricKind, MetricParameter } from './metric-kind.ts'
import { setScore } from './set-scores.ts'
import { INTERVALS } from './interval-words.ts'

const BETA: MetricParameter = {
  name: 'beta',
  default: null,
  allowed: 'a number above 0; 2 counts recall twice as much as precision',
  isAllowed: (value) => value > 0 && Number.isFinite(value),
}

const FORMULAS: Readonly<Record<ScoreName, string>> = {
  precision: 'TP / (TP + FP)',
  recall: 'TP / (TP + FN)',
  f1: '2 TP / (2 TP + FP + FN)',
  'f-beta': '(1 + β²) TP / ((1 + β²) TP + β² FN + FP)',
  jaccard: 'TP / (TP + FP + FN)',
}

const FUNCTIONS: Readonly<Record<ScoreName, string>> = {
  precision: 'precision_score',
  recall: 'recall_score',
  f1: 'f1_score',
  'f-beta': 'fbeta_score',
  jaccard: 'jaccard_score',
}

const isBinary = ({ classes }: ScoredClasses): boolean => classes.length === 2

/** What a report that names no metrics shows: of two classes the positive one, of more their averages, of sets the F1 scores. */
const SHOWN_OF_TWO = new Set(['precision', 'recall', 'f1', 'f1-weighted'])
const SHOWN_OF_MANY = new Set(['precision-macro', 'recall-macro', 'f1-macro', 'f1-weighted'])
const SHOWN_OF_SETS = new Set(['f1-micro', 'f1-macro', 'f1-samples'])

function scoresNamed(score: ScoreName): MetricKind[] {
  const parameter = score === 'f-beta' ? { parameter: BETA } : {}
  const ofScore = scoreTitle(score)
  const positive = defineKind({
    name: score,
    title: ofScore,
    summary: `${FORMULAS[score]} of the positive class.`,
    good: 'high',
    ...parameter,
    interval: score === 'f-beta' ? INTERVALS.cells : INTERVALS.rate,
    reference: `sklearn.metrics.${FUNCTIONS[score]}`,
    shown: { classification: (scored) => isBinary(scored) && SHOWN_OF_TWO.has(score) },
    of: { classification: (scored, beta) => ofPositive(scored, score, beta) },
  })
  const averages = (['micro', 'macro', 'weighted'] as const).map((average) => {
    const name = `${score}-${average}`
    const isRate = average === 'micro' || (average === 'weighted' && score === 'recall')
    return defineKind({
      name,
      title: averageTitle(score, average),
      summary: {
        micro: `${ofScore} of all decisions taken together.`,
        macro: `Mean ${scoreInSentence(score)} of the classes, each counting the same.`,
        weighted: `Mean ${scoreInSentence(score)} of the classes, each counting as often as it is true.`,
      }[average],
      good: 'high',
      ...parameter,
      interval: `${isRate ? INTERVALS.rate : INTERVALS.cells}; of sets ${INTERVALS.means}`,
      reference: `sklearn.metrics.${FUNCTIONS[score]}(average='${average}')`,
      shown: {
        classification: (scored) => (isBinary(scored) ? SHOWN_OF_TWO : SHOWN_OF_MANY).has(name),
        multilabel: () => SHOWN_OF_SETS.has(name),
      },
      of: {
        classification: (scored, beta) => averaged(scored, score, average, beta),
        multilabel: (scored, beta) => setScore(scored, score, average, beta),
      },
    })
  })
  const name = `${score}-samples`
  const samples = defineKind({
    name,
    title: averageTitle(score, 'samples'),
    summary: `Mean over the rows of the ${scoreInSentence(score)} of a row's set of classes.`,
    good: 'high',
    ...parameter,
    interval: INTERVALS.means,
    reference: `sklearn.metrics.${FUNCTIONS[score]}(average='samples')`,
    shown: SHOWN_OF_SETS.has(name) ? { multilabel: always } : {},
    of: { multilabel: (scored, beta) => setScore(scored, score, 'samples', beta) },
  })
  return [positive, ...averages, samples]
}

/** Precision, recall, F and Jaccard, of the positive class and averaged. */
export const SCORE_METRICS: readonly MetricKind[] = (['precision', 'recall', 'f1', 'f-beta', 'jaccard'] as const).flatMap(
  scoresNamed,
)
