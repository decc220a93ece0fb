import type { CheckResult, Interval, Threshold } from '../../core/check.ts'
import type { Verdict } from '../../core/verdict.ts'
import { judge, type Estimate, type Evidence } from '../../stats/judge.ts'
import { formatInterval, judgedMessage, priceHint } from '../judged-message.ts'

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
  about: { readonly testName: string; readonly key: string; readonly title: string; readonly note?: string | undefined },
  estimate: Estimate & { readonly value: number },
  threshold: Threshold,
  evidence: Evidence,
  metrics: Readonly<Record<string, number | null>> = {},
): TestResult {
  const judgement = judge(estimate, threshold, evidence)
  const { verdict } = judgement
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

/** A test's result as a check of a report. */
export function asCheck(result: TestResult): CheckResult {
  const { testName, verdict, message, metrics, interval, n, threshold, hint } = result
  const [name, value] = Object.entries(metrics).find(([key]) => key !== 'threshold') ?? []
  const sign = threshold?.good === 'at-least' ? '>=' : '<='
  return {
    check: `model.${testName.replaceAll('_', '-')}`,
    title: title(testName),
    verdict,
    message,
    ...(threshold && { expected: `${sign} ${threshold.value}` }),
    ...(typeof value === 'number' && { actual: interval ? `${value.toFixed(4)} ${formatInterval(interval)}` : value.toFixed(4) }),
    measurements:
      name === undefined || value === undefined
        ? []
        : [{ name: name.replaceAll('_', '-'), value, n, ...(interval && { interval }), ...(threshold && { threshold }) }],
    findings: [],
    ...(hint && { hint }),
  }
}

/** `feature_importance` → `Feature importance`; names of metrics are kept. */
function title(testName: string): string {
  const words = testName.replaceAll('_', ' ').replace('nan', 'NaN')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
