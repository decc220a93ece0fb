import type { TestResult } from './test-result.ts'

/** The text report of a suite: a line per test, then how many passed. Only `pass` counts as passed. */
export function textReport(results: readonly TestResult[]): string {
  const lines = results.map(({ verdict, testName, message }) => `[${verdict.toUpperCase()}] ${testName}: ${message}`)
  return ['Model Test Report', '='.repeat(50), ...lines, '', total(results)].join('\n')
}

function total(results: readonly TestResult[]): string {
  const count = (verdict: TestResult['verdict']): number => results.filter((result) => result.verdict === verdict).length
  const others = (['inconclusive', 'error', 'skip'] as const)
    .map((verdict) => [verdict, count(verdict)] as const)
    .filter(([, n]) => n > 0)
    .map(([verdict, n]) => `${n} ${{ inconclusive: 'inconclusive', error: 'could not be measured', skip: 'skipped' }[verdict]}`)
  const aside = others.length > 0 ? ` (${others.join(', ')})` : ''
  return `Total: ${count('pass')}/${results.length} tests passed${aside}`
}
