import { messageOf, UserError } from '../core/errors.ts'
import { checkResult, type CheckResult } from '../core/check.ts'
import { stepReport, type Report, type ReportKind, type ReportOrigin, type Subject } from '../core/report.ts'
import { blocks, worstOf, type InconclusivePolicy } from '../core/verdict.ts'

/** A step, a stage that ended before it had steps, or a part of it, that broke: what was thrown becomes its verdict. */
export function brokenResult(check: string, title: string, thrown: unknown): CheckResult {
  if (!(thrown instanceof UserError)) {
    return checkResult({
      check,
      title,
      verdict: 'error',
      message: `Plimsoll broke: ${messageOf(thrown)}`,
      hint: 'This is a mistake in Plimsoll; please report it with the lines below.',
      findings: [{ severity: 'error', message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) }],
    })
  }
  const { message, hint, location } = thrown
  return checkResult({
    check,
    title,
    verdict: 'error',
    message,
    ...(hint !== undefined && { hint }),
    ...(location && { location }),
  })
}

/** The report of a step that threw. */
export function brokenStep(id: string, thrown: unknown, startedAt: Date, durationMs: number): Report {
  const result = brokenResult(`${id}.error`, id, thrown)
  return stepReport({ name: id, summary: firstLine(result.message), startedAt, durationMs, results: [result] })
}

/** The report of something that was deliberately not run. */
export function notRun(kind: ReportKind, name: string, reason: string, now: Date): Report {
  return {
    schemaVersion: 1,
    kind,
    name,
    verdict: 'skip',
    summary: reason,
    startedAt: now.toISOString(),
    durationMs: 0,
    origin: { from: 'not-run', reason },
    results: [],
    artifacts: [],
    children: [],
  }
}

export interface StageReportParts {
  readonly name: string
  readonly results: readonly CheckResult[]
  readonly children: readonly Report[]
  readonly startedAt: Date
  readonly durationMs: number
  readonly inconclusive: InconclusivePolicy
  readonly details?: Readonly<Record<string, unknown>>
}

/** A stage's verdict is the worst of its steps and of its own results. */
export function stageReport({ name, results, children, startedAt, durationMs, inconclusive, details }: StageReportParts): Report {
  return {
    schemaVersion: 1,
    kind: 'stage',
    name,
    verdict: worstOf([...results, ...children].map(({ verdict }) => verdict)),
    summary: stageSummary(results, children, inconclusive),
    startedAt: startedAt.toISOString(),
    durationMs,
    origin: { from: 'run' },
    results,
    artifacts: children.flatMap(({ artifacts }) => artifacts),
    children,
    ...(details && { details }),
  }
}

/** What stopped the stage, or else what its steps measured. */
function stageSummary(results: readonly CheckResult[], children: readonly Report[], inconclusive: InconclusivePolicy): string {
  const stoppedBy = results.find(({ verdict }) => blocks(verdict, inconclusive))
  if (stoppedBy) return firstLine(stoppedBy.message)
  const blocked = children.find(({ verdict }) => blocks(verdict, inconclusive))
  if (blocked) return `${blocked.name}: ${blocked.summary}`
  const skipped = results.filter(({ verdict }) => verdict === 'skip').map(({ message }) => firstLine(message))
  return [...children.map(({ summary }) => summary), ...skipped].filter(Boolean).join('; ')
}

const firstLine = (text: string) => text.split('\n')[0]!

/** A report with another origin, and the reports below it likewise; those that were not run stay so. */
export function withOrigin(report: Report, origin: ReportOrigin): Report {
  if (report.origin.from === 'not-run') return report
  return { ...report, origin, children: report.children.map((child) => withOrigin(child, origin)) }
}

export interface RunReportParts {
  readonly name: string
  readonly subject: Subject
  readonly stages: readonly Report[]
  readonly startedAt: Date
  readonly durationMs: number
  readonly details: Readonly<Record<string, unknown>>
}

export function runReport({ name, subject, stages, startedAt, durationMs, details }: RunReportParts): Report {
  return {
    schemaVersion: 1,
    kind: 'run',
    name,
    verdict: worstOf(stages.map(({ verdict }) => verdict)),
    summary: runSummary(stages),
    subject,
    startedAt: startedAt.toISOString(),
    durationMs,
    origin: { from: 'run' },
    results: [],
    artifacts: stages.flatMap(({ artifacts }) => artifacts),
    children: stages,
    details,
  }
}

const WORDS = {
  pass: 'passed',
  warn: 'with warnings',
  fail: 'failed',
  inconclusive: 'inconclusive',
  error: 'in error',
  skip: 'skipped',
}

function runSummary(stages: readonly Report[]): string {
  const counts = new Map<string, number>()
  for (const { verdict, origin } of stages) {
    const word = origin.from === 'not-run' ? 'not run' : WORDS[verdict]
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const parts = [...counts].map(([word, count]) => `${count} ${word}`)
  return `${stages.length} ${stages.length === 1 ? 'stage' : 'stages'}: ${parts.join(', ')}`
}
