import type { Interval, Threshold } from '../../core/check.ts'
import { functionOfMeansInterval } from '../../stats/function-of-means.ts'
import { clopperPearson, wilson } from '../../stats/proportion.ts'
import { formatCount } from '../../core/counts.ts'
import { formatPercent } from '../judged-message.ts'
import { problemOfAnswers } from '../metrics/usable.ts'
import type { Scored, ScoredClasses } from '../scored.ts'
import { constantAnswer, type ConstantAnswer } from './constant-answer.ts'
import type { Subject, TestOptions } from './subject.ts'
import { judgedTest, unmeasuredTest, type TestResult } from './test-result.ts'

/**
 * The standard deviation of the predictions as numbers (divided by n, as NumPy has it), at most `max`. Of two classes with
 * names, the positive one counts 1 and the other 0; more classes with names have no spread.
 */
export function predictionDistribution({ scored }: Subject, max: number, options: TestOptions): TestResult {
  const testName = 'prediction_distribution'
  const threshold: Threshold = { value: max, good: 'at-most' }
  const constant = constantAnswer(scored)
  if (constant !== null && !constant.ranks) return constantPredictions(testName, constant, scored.rowCount, threshold)
  if (scored.task === 'multilabel') {
    return unmeasuredTest(testName, 'skip', 'the predictions are sets of classes, which have no spread', threshold)
  }
  const values = scored.task === 'classification' ? classesAsNumbers(scored) : scored.predicted
  if (values === null) {
    return unmeasuredTest(testName, 'skip', 'the predictions are names of more than two classes, which have no spread', threshold)
  }
  const missing = values.filter((value) => !Number.isFinite(value)).length
  if (missing > 0) {
    return unmeasuredTest(testName, 'error', `${missing} of ${values.length} predictions are missing or NaN`, threshold)
  }
  const { mean, deviation, interval } = spread(values, options)
  const estimate = { value: deviation, interval, n: values.length }
  const note = deviation === 0 ? 'every prediction is the same' : undefined
  const about = { testName, key: 'std', title: 'Prediction standard deviation', note }
  return judgedTest(about, estimate, threshold, options.evidence, { mean })
}

/** Fewer rows of other labels than this may be missed by a good model too. */
const ENOUGH_OTHERS = 10

/** A model that says the same of every row has no distribution, whatever the limit: it has learned nothing that it could show here. */
function constantPredictions(
  testName: string,
  { caution, others }: ConstantAnswer,
  rowCount: number,
  threshold: Threshold | null,
): TestResult {
  const isClear = others >= ENOUGH_OTHERS
  const of = `${formatCount(others)} of ${formatCount(rowCount)} rows`
  return {
    testName,
    passed: false,
    verdict: isClear ? 'fail' : 'inconclusive',
    message: isClear
      ? `The model tells no rows apart: ${caution}, where ${of} are labelled otherwise`
      : `The model may tell no rows apart: ${caution}; only ${of} are labelled otherwise, too few to say`,
    metrics: { std: 0, ...(threshold && { threshold: threshold.value }) },
    interval: null,
    n: rowCount,
    threshold,
    ...(isClear && {
      hint: 'A limit that such a model reaches is too low, or on a metric that rewards the most frequent answer.',
    }),
  }
}

/** The model does not say the same of every row. Its probabilities count too: they may differ where no answer does. */
export function variedPredictions({ scored }: Subject): TestResult {
  const testName = 'varied_predictions'
  const problem = problemOfAnswers(scored)
  if (problem !== null) return unmeasuredTest(testName, problem.verdict, problem.reason, null)
  const constant = constantAnswer(scored)
  if (constant !== null && !constant.ranks) return constantPredictions(testName, constant, scored.rowCount, null)
  const n = scored.rowCount
  const message = `The predictions of ${formatCount(n)} rows are not all the same, or their labels are`
  return { testName, passed: true, verdict: 'pass', message, metrics: {}, interval: null, n, threshold: null }
}

function classesAsNumbers({ classes, predicted, positive }: ScoredClasses): Float64Array | null {
  const numeric = classes.every((name) => name.trim() !== '' && Number.isFinite(Number(name)))
  if (!numeric && classes.length > 2) return null
  const numbers = classes.map((name, k) => (numeric ? Number(name) : k === (positive ?? 0) ? 1 : 0))
  return Float64Array.from(predicted, (k) => numbers[k] ?? Number.NaN)
}

function spread(values: Float64Array, options: TestOptions): { mean: number; deviation: number; interval: Interval | null } {
  const n = values.length
  const mean = values.reduce((sum, x) => sum + x, 0) / n
  const centred = values.map((x) => x - mean)
  const deviation = Math.sqrt(centred.reduce((sum, x) => sum + x * x, 0) / n)
  const distinct = [...new Set(values)]
  if (distinct.length === 2)
    return { mean, deviation, interval: twoValued(values, distinct[0]!, distinct[1]!, options.confidence) }
  const squares = centred.map((x) => x * x)
  const statistic = (means: Float64Array): number => Math.sqrt(Math.max(0, means[0]! - means[1]! ** 2))
  const interval = functionOfMeansInterval([squares, centred], statistic, options)
  // One class for every row: how often the other may come is what Wilson's interval of none in n says.
  if (interval === null && distinct.length === 1 && (distinct[0] === 0 || distinct[0] === 1)) {
    return { mean, deviation, interval: { ...twoValued(values, distinct[0], 1 - distinct[0], options.confidence), lower: 0 } }
  }
  return { mean, deviation, interval }
}

/** The deviation of two values is a function of the share of one, |b − a| √(p (1 − p)), highest at one half. */
function twoValued(values: Float64Array, a: number, b: number, confidence: number): Interval {
  const share = wilson(values.filter((value) => value === a).length, values.length, confidence)
  const at = (p: number): number => Math.abs(b - a) * Math.sqrt(p * (1 - p))
  const ends = [at(share.lower), at(share.upper)]
  const upper = share.lower <= 0.5 && share.upper >= 0.5 ? at(0.5) : Math.max(...ends)
  return { lower: Math.min(...ends), upper, confidence, method: 'wilson' }
}

function hasNoAnswer(scored: Scored, row: number): boolean {
  if (scored.task === 'classification') return scored.predicted[row]! < 0
  // A set without an answer is one whose probabilities are no numbers, which are looked at anyway.
  return scored.task !== 'multilabel' && !Number.isFinite(scored.predicted[row])
}

/** Every prediction is a class or a finite number, and every probability is a number. A count, not an estimate: one NaN fails. */
export function noNanPredictions({ scored, predictions }: Subject, { confidence }: TestOptions): TestResult {
  const n = scored.rowCount
  const width = predictions.classes?.length ?? 0
  let bad = 0
  for (let row = 0; row < n; row++) {
    const missing = hasNoAnswer(scored, row)
    const ofRow = predictions.probabilities?.subarray(row * width, (row + 1) * width)
    if (missing || ofRow?.some((p) => !Number.isFinite(p))) bad++
  }
  const interval = clopperPearson(bad, n, confidence)
  const passed = bad === 0
  return {
    testName: 'no_nan_predictions',
    passed,
    verdict: passed ? 'pass' : 'fail',
    message: passed
      ? `No NaN in ${formatCount(n)} predictions`
      : `${formatCount(bad)} of ${formatCount(n)} predictions are missing, NaN or infinite (${formatPercent(bad / n)})`,
    metrics: { nan_count: bad },
    interval: { ...interval, lower: interval.lower * n, upper: interval.upper * n },
    n,
    // The gate is on the count, which is exact; the interval says how often it may happen in as many rows again.
    threshold: null,
  }
}
