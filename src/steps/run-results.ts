import { checkResult, type CheckResult } from '../core/check.ts'
import { messageOf, UserError } from '../core/errors.ts'
import { displayPath } from '../drivers/files.ts'
import { readCoverage, type Covered } from '../drivers/coverage-file.ts'
import { readJUnit, type TestCase } from '../drivers/junit-file.ts'
import { writtenFiles, type WatchedFiles } from './result-files.ts'

/** Test cases that become results of their own; those that passed are left out first. */
const MOST_RESULTS = 2000

const VERDICTS = { passed: 'pass', failed: 'fail', broken: 'error', skipped: 'skip' } as const

export interface TestResults {
  readonly results: readonly CheckResult[]
  readonly counts: Readonly<Record<TestCase['outcome'], number>>
  readonly total: number
}

/**
 * The JUnit files that a command has just written, as results: one for all, and one for each test case.
 *
 * @param expected whether it is a mistake that none were written; not so after a command that failed
 */
export async function testResults(cwd: string, watched: readonly WatchedFiles[], expected: boolean): Promise<TestResults> {
  const counts = { passed: 0, failed: 0, broken: 0, skipped: 0 }
  const results: CheckResult[] = []
  const cases: TestCase[] = []
  const { paths, missing } = await writtenFiles(cwd, watched)
  if (expected) results.push(...missing.map((message) => broken('run.tests', 'Test results', message)))
  for (const path of paths) {
    const display = displayPath(cwd, path)
    try {
      const read = await readJUnit(path, display)
      if (read.length === 0)
        results.push(broken('run.tests', 'Test results', `${display} holds no test case: nothing was tested.`))
      cases.push(...read)
    } catch (error) {
      results.push(unreadable('run.tests', 'Test results', error))
    }
  }
  for (const { outcome } of cases) counts[outcome]++
  if (cases.length > 0) results.push(totals(counts))
  const ordered = [...cases.filter(({ outcome }) => outcome !== 'passed'), ...cases.filter(({ outcome }) => outcome === 'passed')]
  return { counts, total: cases.length, results: [...results, ...ordered.slice(0, MOST_RESULTS).map(caseResult)] }
}

function totals(counts: TestResults['counts']): CheckResult {
  const { passed, failed, broken, skipped } = counts
  const ran = passed + failed + broken
  const verdict = broken > 0 || ran === 0 ? 'error' : failed > 0 ? 'fail' : 'pass'
  return checkResult({
    check: 'run.tests',
    title: 'Tests',
    verdict,
    message: ran === 0 ? `All ${skipped} tests were skipped: nothing was tested.` : describeTests(counts),
    expected: 'every test passes',
    actual: describeTests(counts),
    measurements: Object.entries(counts).map(([name, value]) => ({ name, value, unit: 'tests', n: ran + skipped })),
  })
}

/** `12 tests passed`, `11 of 12 tests passed, 1 failed, 2 skipped`. */
export function describeTests({ passed, failed, broken, skipped }: TestResults['counts']): string {
  const ran = passed + failed + broken
  const parts = [passed === ran ? `${ran} ${ran === 1 ? 'test' : 'tests'} passed` : `${passed} of ${ran} tests passed`]
  if (failed > 0) parts.push(`${failed} failed`)
  if (broken > 0) parts.push(`${broken} in error`)
  if (skipped > 0) parts.push(`${skipped} skipped`)
  return parts.join(', ')
}

function caseResult({ suite, name, outcome, message, durationMs, file, line }: TestCase): CheckResult {
  const title = suite === '' ? name : `${suite} › ${name}`
  return checkResult({
    check: 'run.test',
    title,
    verdict: VERDICTS[outcome],
    message: message === '' ? outcome : message.split('\n')[0]!,
    ...(durationMs !== null && { durationMs }),
    ...(file !== null && { location: { file, ...(line !== null && { line }) } }),
    findings: outcome === 'failed' || outcome === 'broken' ? [{ severity: 'error', message: message || outcome }] : [],
  })
}

export interface CoverageResults {
  readonly results: readonly CheckResult[]
  /** Share of lines, in percent; null when it is not known. */
  readonly lines: number | null
}

/** The coverage files that a command has just written; `minimum` percent of the lines must be covered. */
export async function coverageResults(
  cwd: string,
  watched: readonly WatchedFiles[],
  minimum: number | undefined,
  expected: boolean,
): Promise<CoverageResults> {
  const results: CheckResult[] = []
  let lines: number | null = null
  const { paths, missing } = await writtenFiles(cwd, watched)
  if (expected) results.push(...missing.map((message) => broken('run.coverage', 'Coverage', message)))
  for (const path of paths) {
    const display = displayPath(cwd, path)
    try {
      const covered = await readCoverage(path, display)
      const percent = percentOf(covered.find(({ of }) => of === 'lines') ?? covered[0]!)
      lines = percent === null || lines === null ? percent : Math.min(lines, percent)
      results.push(coverageResult(display, covered, percent, minimum))
    } catch (error) {
      results.push(unreadable('run.coverage', 'Coverage', error))
    }
  }
  return { results, lines }
}

const percentOf = ({ covered, total }: Covered) => (total > 0 ? (100 * covered) / total : null)

function coverageResult(
  display: string,
  covered: readonly Covered[],
  percent: number | null,
  minimum: number | undefined,
): CheckResult {
  const base = {
    check: 'run.coverage',
    title: `Coverage (${display})`,
    measurements: covered.flatMap((kind) => {
      const value = percentOf(kind)
      return value === null ? [] : [{ name: `coverage of ${kind.of}`, value, unit: '%', n: kind.total }]
    }),
  }
  if (percent === null)
    return checkResult({ ...base, verdict: 'error', message: `${display} counts no lines: nothing was measured.` })
  const found = `${percent.toFixed(1)} % of lines`
  // As with the metrics of a model: what was measured and is held against nothing passes, and says so.
  if (minimum === undefined) {
    return checkResult({ ...base, verdict: 'pass', message: `${found} covered; no minimum is set.`, actual: found })
  }
  const expected = `at least ${minimum} % of lines`
  const verdict = percent >= minimum ? 'pass' : 'fail'
  return checkResult({ ...base, verdict, message: `${found} covered, expected ${expected}.`, expected, actual: found })
}

const broken = (check: string, title: string, message: string) => checkResult({ check, title, verdict: 'error', message })

function unreadable(check: string, title: string, error: unknown): CheckResult {
  if (error instanceof UserError) return broken(check, title, messageOf(error))
  throw error
}
