import type { CheckResult, Measurement } from '../../core/check.ts'
import { formatInterval } from '../judged-message.ts'
import { flipFindings } from './champion-test.ts'
import type { TestResult } from './test-result.ts'

/** The results of a suite as checks of a report. The rows that flipped are findings of the first test against the champion. */
export function asChecks(results: readonly TestResult[]): CheckResult[] {
  const first = results.find(({ flips }) => flips)
  return results.map((result) => asCheck(result, result === first))
}

function asCheck(result: TestResult, showsFlips: boolean): CheckResult {
  const { testName, verdict, message, metrics, interval, threshold, hint, flips } = result
  const value = Object.entries(metrics).find(([key]) => key !== 'threshold')?.[1]
  const sign = threshold?.good === 'at-least' ? '>=' : '<='
  return {
    check: `model.${testName.replaceAll('_', '-')}`,
    title: title(testName),
    verdict,
    message,
    ...(threshold && { expected: `${sign} ${threshold.value}` }),
    ...(typeof value === 'number' && { actual: interval ? `${value.toFixed(4)} ${formatInterval(interval)}` : value.toFixed(4) }),
    measurements: measurementsOf(result),
    findings: showsFlips && flips ? flipFindings(flips) : [],
    ...(hint !== undefined && { hint }),
  }
}

function measurementsOf({ metrics, interval, n, threshold, difference, flips }: TestResult): Measurement[] {
  const [name, value] = Object.entries(metrics).find(([key]) => key !== 'threshold') ?? []
  if (name === undefined || value === undefined) return []
  const judged: Measurement = {
    name: name.replaceAll('_', '-'),
    value,
    n,
    ...(interval && { interval }),
    ...(threshold && { threshold }),
  }
  if (!difference) return [judged]
  return [
    judged,
    { name: 'model', value: difference.model, n },
    { name: 'champion', value: difference.champion, n },
    { name: 'p-value', value: difference.pValue },
    { name: 'test', value: difference.test },
    ...(flips
      ? [
          { name: 'rows to wrong', value: flips.toWrong },
          { name: 'rows to right', value: flips.toRight },
        ]
      : []),
  ]
}

/** `feature_importance` → `Feature importance`, `f1-vs-champion` → `F1 against the champion`; names of metrics are kept. */
function title(testName: string): string {
  const words = testName
    .replaceAll('_', ' ')
    .replace('nan', 'NaN')
    .replace(/-vs-champion$/, ' against the champion')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
