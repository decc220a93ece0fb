import type { CheckResult, Interval, Threshold } from '../../core/check.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { Estimate, Evidence, Judgement } from '../../stats/judge.ts'
import { isInside, judge } from '../../stats/judge.ts'

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
  const hint = judgement.price && priceOf(about.title, judgement.price)
  return {
    testName: about.testName,
    passed: verdict === 'pass',
    verdict,
    message: comparison(about.title, estimate.value, threshold) + because(estimate, judgement) + caution,
    metrics: { [about.key]: estimate.value, threshold: threshold.value, ...metrics },
    interval: estimate.interval,
    n: estimate.n,
    threshold,
    ...(hint && { hint }),
  }
}

/** `Accuracy 0.8936 >= threshold 0.8`, with the sign that is true. */
export function comparison(title: string, value: number, threshold: Threshold): string {
  const inside = isInside(value, threshold)
  const sign = threshold.good === 'at-least' ? (inside ? '>=' : '<') : inside ? '<=' : '>'
  return `${title} ${digitsBeside(value, threshold.value)} ${sign} threshold ${threshold.value}`
}

/** Four decimals, or as many as it takes to tell the value from the threshold. */
function digitsBeside(value: number, threshold: number): string {
  let decimals = 4
  while (value !== threshold && Number(value.toFixed(decimals)) === threshold && decimals < 15) decimals++
  return value.toFixed(decimals)
}

/** `[0.867, 0.916]` */
export function formatInterval({ lower, upper }: Interval): string {
  const end = (bound: number | null, open: string): string => (bound === null ? open : bound.toFixed(3))
  return `[${end(lower, '−∞')}, ${end(upper, '∞')}]`
}

export const formatCount = (count: number): string => count.toLocaleString('en-US')
export const formatPercent = (share: number): string => `${Number((share * 100).toFixed(2))} %`

function because({ interval, n }: Estimate, { verdict, rowsNeeded, price }: Judgement): string {
  if (price && price.byInterval !== verdict)
    return ` (judged by this number alone; by its interval it would be ${price.byInterval})`
  if (verdict !== 'inconclusive') return ''
  if (interval === null) return `, but ${formatCount(n)} rows do not tell how sure that is`
  const doubt = `, but the threshold is inside its ${formatPercent(interval.confidence)} interval ${formatInterval(interval)} on ${formatCount(n)} rows`
  return rowsNeeded === null
    ? `${doubt}, and too near for more rows to decide`
    : `${doubt}; about ${formatCount(roundUp(rowsNeeded))} rows would decide`
}

/** Two significant digits: a forecast is no more exact than that. */
function roundUp(rows: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1)
  return Math.ceil(rows / step) * step
}

function priceOf(title: string, price: NonNullable<Judgement['price']>): string | undefined {
  if (price.passesOneInTen === null) return undefined
  return `Judged by the number alone, as \`evidence: point\` asks: a model whose true value (${title}) is ${price.passesOneInTen.toFixed(3)} would pass one time in ten.`
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
