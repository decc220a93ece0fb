import type { CheckResult } from '../core/check.ts'
import type { Digest } from '../core/digest.ts'
import type { Report } from '../core/report.ts'
import type { StepContext } from '../core/step.ts'
import { finishedStepReports } from '../pipeline/record.ts'
import { worstOf, type Verdict } from '../core/verdict.ts'
import type { KeptCheck, ReportSummary } from '../registry/model-version.ts'
import { readValidationReports } from './validation-report.ts'

/** The steps whose verdicts belong to a model version: what was found of its data and of itself. */
const GATES: ReadonlySet<string> = new Set([
  'validate-schema',
  'check-data-quality',
  'evaluate',
  'validate-model',
  'check-fairness',
  'security-scan',
])

/**
 * What the gates before have said of a model and its data. In a run it is what the steps of that run have said, those from the
 * cache too; a command of its own finds what the data steps have left in their file.
 */
export async function gateReports({ cwd, stateDir, run }: StepContext, model: Digest): Promise<ReportSummary[]> {
  const reports = run === null ? await readValidationReports(cwd) : finishedStepReports(stateDir, run.id)
  return reports.filter((report) => GATES.has(stepName(report)) && isAbout(report, model)).map(kept)
}

/** A step that a stage has twice is numbered: `evaluate`, `evaluate-2`. */
const stepName = ({ name }: Report): string => name.replace(/-\d+$/, '')

/** Whether a report says something of this model, by itself or as one of the files that were looked at, and not of another one. */
function isAbout({ subject, details }: Report, model: Digest): boolean {
  if (subject?.kind !== 'model' || subject.digest === undefined || subject.digest === model) return true
  const { files } = (details ?? {}) as { files?: readonly { digest?: unknown }[] }
  return Array.isArray(files) && files.some(({ digest }) => digest === model)
}

/** A version keeps so much of a report, so that it stays small whatever was looked at. */
const MOST_CHECKS = 100
const MOST_MEASUREMENTS = 60
const LONGEST_TEXT = 400

/** What a gate says of the data and the evidence that it used; each is small. */
const ABOUT = ['data', 'label', 'rows', 'task', 'positive', 'schema', 'evidence', 'confidence', 'limits', 'brokenRows']

/** The report as a version keeps it: its numbers, and none of the rows. */
function kept({ name, verdict, summary, details = {}, results }: Report): ReportSummary {
  const about = Object.fromEntries(ABOUT.flatMap((key) => (details[key] === undefined ? [] : [[key, details[key]]])))
  const sorted = results.toSorted((a, b) => rank(a.verdict) - rank(b.verdict))
  const checks = sorted.slice(0, MOST_CHECKS).map(keptCheck)
  return {
    name,
    verdict,
    summary,
    ...(Object.keys(about).length > 0 && { about }),
    ...(checks.length > 0 && { checks }),
    ...(sorted.length > MOST_CHECKS && { left: sorted.length - MOST_CHECKS }),
  }
}

function keptCheck({ check, title, verdict, message, measurements }: CheckResult): KeptCheck {
  return { check, title: cut(title), verdict, message: cut(message), measurements: measurements.slice(0, MOST_MEASUREMENTS) }
}

const cut = (text: string): string => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text)

/** The worst first; what was not measured comes last. */
function rank(verdict: Verdict): number {
  if (verdict === 'skip') return 9
  return ['error', 'fail', 'inconclusive', 'warn', 'pass'].indexOf(worstOf([verdict]))
}
