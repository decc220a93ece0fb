import type { Digest } from '../core/digest.ts'
import type { Report } from '../core/report.ts'
import type { StepContext } from '../core/step.ts'
import { finishedStepReports } from '../pipeline/record.ts'
import type { ReportSummary } from '../registry/model-version.ts'
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
  return reports
    .filter((report) => GATES.has(stepName(report)) && isAbout(report, model))
    .map(({ name, verdict, summary }) => ({ name, verdict, summary }))
}

/** A step that a stage has twice is numbered: `evaluate`, `evaluate-2`. */
const stepName = ({ name }: Report): string => name.replace(/-\d+$/, '')

/** Whether a report says something of this model, by itself or as one of the files that were looked at, and not of another one. */
function isAbout({ subject, details }: Report, model: Digest): boolean {
  if (subject?.kind !== 'model' || subject.digest === undefined || subject.digest === model) return true
  const { files } = (details ?? {}) as { files?: readonly { digest?: unknown }[] }
  return Array.isArray(files) && files.some(({ digest }) => digest === model)
}
