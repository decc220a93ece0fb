import type { Interval, Threshold } from '../../core/check.ts'
import type { Verdict } from '../../core/verdict.ts'
import { judge, type Estimate, type Evidence } from '../../stats/judge.ts'
import { judgedMessage, priceHint } from '../judged-message.ts'
import type { Flips } from './flips.ts'

/** The model's metric minus the champion's, on the same rows. */
export interface Difference {
  readonly value: number
  readonly interval: Interval | null
  /** Two-sided, of the hypothesis that there is no difference. */
  readonly pValue: number | null
  /** `mcnemar-mid-p`, `delong`, …; `same-model` when there was nothing to test. */
  readonly test: string
  /** The metric of either. */
  readonly model: number
  readonly champion: number
}

/** What one test of the suite found. */
export interface TestResult {
  /** `accuracy_threshold`, `f1_score`, … */
  readonly testName: string
  /** True for the verdict `pass` alone. */
  readonly passed: boolean
  readonly verdict: Verdict
  /** `Accuracy 0.8936 >= threshold 0.8`; for other verdicts than pass and fail, what is lacking. */
  readonly message: string
  /** The numbers by name, the threshold among them. */
  readonly metrics: Readonly<Record<string, number | null>>
  /** Of the number that was judged; null where nothing was measured or its uncertainty is unknown. */
  readonly interval: Interval | null
  /** The rows that the judged number rests on; for a model's own importances, the features. */
  readonly n: number
  readonly threshold: Threshold | null
  /** What to do about it, or what the way of judging costs. */
  readonly hint?: string
  /** Of a test against the champion. */
  readonly difference?: Difference
  /** The rows that the champion and the model answer differently well; null for a ranking. */
  readonly flips?: Flips | null
}

/** A test that could not be measured, or was left out for a reason. */
export function unmeasuredTest(
  testName: string,
  verdict: 'error' | 'skip',
  message: string,
  threshold: Threshold | null,
): TestResult {
  const metrics = threshold ? { threshold: threshold.value } : {}
  return { testName, passed: false, verdict, message, metrics, interval: null, n: 0, threshold }
}

/** A number with its interval, held against a threshold. `key` is its name among the metrics, `title` its name in the message. */
export function judgedTest(
  about: {
    readonly testName: string
    readonly key: string
    readonly title: string
    readonly note?: string | undefined
    /** Whether the note keeps the test from passing: then it warns. */
    readonly spoils?: boolean
  },
  estimate: Estimate & { readonly value: number },
  threshold: Threshold,
  evidence: Evidence,
  metrics: Readonly<Record<string, number | null>> = {},
): TestResult {
  const judgement = judge(estimate, threshold, evidence)
  const verdict = judgement.verdict === 'pass' && about.spoils ? 'warn' : judgement.verdict
  const caution = about.note === undefined ? '' : `; ${about.note}`
  const hint = priceHint(estimate, threshold, judgement)
  return {
    testName: about.testName,
    passed: verdict === 'pass',
    verdict,
    message: judgedMessage(about.title, estimate, threshold, judgement) + caution,
    metrics: { [about.key]: estimate.value, threshold: threshold.value, ...metrics },
    interval: estimate.interval,
    n: estimate.n,
    threshold,
    ...(hint && { hint }),
  }
}
