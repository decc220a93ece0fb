import type { CheckResult } from './check.ts'
import { worstOf, type Verdict } from './verdict.ts'

/** A file that a step produced, by its digest. */
export interface Artifact {
  /** Path relative to the project folder, with forward slashes. */
  readonly path: string
  /** `sha256:<hex>` */
  readonly digest: string
  readonly bytes: number
  readonly mediaType?: string
}

/** What a report is about: a model, a data set, a release, an endpoint. */
export interface Subject {
  readonly kind: 'data' | 'model' | 'endpoint' | 'image' | 'environment' | 'command' | 'release' | 'pipeline' | 'message'
  readonly name: string
  /** `sha256:<hex>` of what was looked at, where it is bytes. */
  readonly digest?: string
}

/** `step` reports hold check results; `stage` reports hold step reports; the `run` report holds stages. */
export type ReportKind = 'run' | 'stage' | 'step'

/** Why a report that did not run, or did not run afresh, looks as it does. */
export type ReportOrigin =
  | { readonly from: 'run' }
  | { readonly from: 'cache'; readonly runId: string; readonly at: string }
  | { readonly from: 'resume' }
  | { readonly from: 'not-run'; readonly reason: string }

/**
 * The one result document. Everything shown to a person or a machine (text, JUnit, Markdown, HTML, GitHub annotations,
 * the dashboard) is a pure function of it.
 */
export interface Report {
  readonly schemaVersion: 1
  readonly kind: ReportKind
  /** The name of the step, the stage or the pipeline. */
  readonly name: string
  readonly verdict: Verdict
  /** One line: what was measured. Shown in summary tables. */
  readonly summary: string
  readonly subject?: Subject
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly durationMs: number
  readonly origin: ReportOrigin
  readonly results: readonly CheckResult[]
  readonly artifacts: readonly Artifact[]
  readonly children: readonly Report[]
  /** Small JSON of the step's own: parameters, lineage, charts' data. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>
}

export interface StepReportParts {
  readonly name: string
  readonly summary: string
  readonly startedAt: Date
  readonly durationMs: number
  readonly results: readonly CheckResult[]
  readonly subject?: Subject
  readonly artifacts?: readonly Artifact[]
  readonly details?: Readonly<Record<string, unknown>>
}

/** A step's report; its verdict is the worst of its results, and `error` when there are none. */
export function stepReport(parts: StepReportParts): Report {
  const { name, summary, startedAt, durationMs, results, subject, artifacts = [], details } = parts
  return {
    schemaVersion: 1,
    kind: 'step',
    name,
    verdict: worstOf(results.map((result) => result.verdict)),
    summary,
    ...(subject && { subject }),
    startedAt: startedAt.toISOString(),
    durationMs,
    origin: { from: 'run' },
    results,
    artifacts,
    children: [],
    ...(details && { details }),
  }
}

/** A report and all those below it. */
export function* allReports(report: Report): Generator<Report> {
  yield report
  for (const child of report.children) yield* allReports(child)
}

/** Every check result in a report and in those below it, with the path of report names that leads to it. */
export function* allResults(
  report: Report,
  path: readonly string[] = [],
): Generator<{ path: readonly string[]; result: CheckResult }> {
  const here = [...path, report.name]
  for (const result of report.results) yield { path: here, result }
  for (const child of report.children) yield* allResults(child, here)
}

/** How many results of each verdict a report holds, itself and below. */
export function countVerdicts(report: Report): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { pass: 0, warn: 0, fail: 0, inconclusive: 0, error: 0, skip: 0 }
  for (const { result } of allResults(report)) counts[result.verdict]++
  return counts
}
