import { z } from 'zod'
import type { CheckResult, Measurement } from '../../core/check.ts'
import type { Report } from '../../core/report.ts'
import { worstOf, type Verdict } from '../../core/verdict.ts'
import type { TestGate } from '../gate.ts'
import type { ResourceDescriptor } from '../statement.ts'

/** One check with what it measured: the value, its interval, its sample size. Rows of data are left out. */
interface MeasuredCheck {
  readonly test: string
  readonly verdict: Verdict
  readonly message: string
  readonly measurements: readonly Measurement[]
}

/**
 * The predicate "test result" of in-toto, with what Plimsoll measured in fields of its own:
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
 */
export interface TestResult {
  readonly result: 'PASSED' | 'WARNED' | 'FAILED'
  readonly configuration: readonly ResourceDescriptor[]
  readonly passedTests: readonly string[]
  readonly warnedTests: readonly string[]
  readonly failedTests: readonly string[]
  readonly plimsoll_gate: TestGate
  readonly plimsoll_skippedTests: readonly string[]
  /** When the oldest of the results was measured; ISO 8601, UTC. */
  readonly plimsoll_measuredAt: string
  readonly plimsoll_tool: { readonly name: 'plimsoll'; readonly version: string }
  readonly plimsoll_checks: readonly MeasuredCheck[]
}

export interface TestResultParts {
  readonly gate: TestGate
  /** The reports of the steps that make up the gate; at least one. */
  readonly reports: readonly Report[]
  readonly configuration: readonly ResourceDescriptor[]
  readonly toolVersion: string
}

/** What is read of a test result by who verifies it. */
export const TestResultDocument = z.looseObject({
  result: z.enum(['PASSED', 'WARNED', 'FAILED']),
  plimsoll_measuredAt: z.iso.datetime(),
  plimsoll_tool: z.looseObject({ version: z.string() }),
})

export function testResult({ gate, reports, configuration, toolVersion }: TestResultParts): TestResult {
  const checks = reports.flatMap((report) => report.results.map((result) => measured(report.name, result)))
  const named = (...verdicts: Verdict[]) => checks.filter(({ verdict }) => verdicts.includes(verdict)).map(({ test }) => test)
  return {
    result: RESULTS[worstOf(reports.map(({ verdict }) => verdict))],
    configuration: [...configuration, ...reports.flatMap(looked)],
    passedTests: named('pass'),
    warnedTests: named('warn'),
    failedTests: named('fail', 'inconclusive', 'error'),
    plimsoll_gate: gate,
    plimsoll_skippedTests: named('skip'),
    plimsoll_measuredAt: reports.map(measuredAt).toSorted()[0]!,
    plimsoll_tool: { name: 'plimsoll', version: toolVersion },
    plimsoll_checks: checks,
  }
}

/** Only what was measured and found good has passed. */
const RESULTS: Readonly<Record<Verdict, TestResult['result']>> = {
  pass: 'PASSED',
  warn: 'WARNED',
  fail: 'FAILED',
  inconclusive: 'FAILED',
  error: 'FAILED',
  skip: 'FAILED',
}

function measured(step: string, { check, title, verdict, message, measurements }: CheckResult): MeasuredCheck {
  return { test: `${step}: ${check}: ${title}`, verdict, message, measurements }
}

/** What a step looked at, where it is known by its digest. */
function looked({ name, subject }: Report): ResourceDescriptor[] {
  if (subject?.digest === undefined) return []
  const hex = subject.digest.replace(/^sha256:/, '')
  return [{ name: subject.name, digest: { sha256: hex }, annotations: { step: name, kind: subject.kind } }]
}

/** A result from the cache is as old as the run that measured it. */
const measuredAt = ({ origin, startedAt }: Report): string => (origin.from === 'cache' ? origin.at : startedAt)
