import { z } from 'zod'
import { checkResult } from '../core/check.ts'
import { UserError } from '../core/errors.ts'
import { stepReport, type Report } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { count } from '../core/counts.ts'
import { driftDetails } from '../data/drift/details.ts'
import { judgeDrift } from '../data/drift/judge.ts'
import { measureDrift } from '../data/drift/measure.ts'
import { judgeQuality, QUALITY_RULES, type Severity } from '../data/quality/judge.ts'
import { measureQuality } from '../data/quality/measure.ts'
import { digestPath } from '../drivers/files.ts'
import { VALIDATION_FILE, validationFile, writeValidationReport } from './validation-report.ts'

const share = () => z.number().min(0).max(1).meta({ value: 'SHARE' })
const CHECKS = [...QUALITY_RULES.map(({ name }) => name), 'drift']
const checks = () => z.array(z.enum(CHECKS)).default([]).meta({ value: 'CHECKS' })

const params = z.strictObject({
  input: z.string().meta({ value: 'PATH' }).describe('The data: Parquet, CSV, TSV or JSON Lines; a file, a folder or a glob'),
  label: z.string().optional().meta({ value: 'COLUMN' }).describe('The column to be predicted; enables the checks on labels'),
  ignore: z
    .array(z.string())
    .default([])
    .meta({ value: 'COLUMNS' })
    .describe('Columns left out when rows are compared, such as a row id'),
  minRows: z.int().min(1).default(100).meta({ value: 'N' }).describe('Fewest rows'),
  maxMissingShare: share().default(0.05).describe('Largest share of a column that may be missing'),
  maxDuplicateShare: share().default(0.05).describe('Largest share of rows that repeat an earlier row'),
  minClassShare: share().default(0.05).describe('Smallest share of a class'),
  maxConflictingShare: share().default(0.01).describe('Largest share of rows whose features occur with another label too'),
  mostClasses: z.int().min(2).default(50).meta({ value: 'N' }).describe('More different labels than this are not classes'),
  reference: z
    .string()
    .optional()
    .meta({ value: 'PATH' })
    .describe('Earlier data to compare with, such as the training data of the model; enables the checks on drift'),
  maxDrift: share()
    .default(0.1)
    .describe('Largest drift of a column: Kolmogorov–Smirnov statistic of numbers, Jensen–Shannon distance of categories'),
  maxMissingDrift: share().default(0.05).describe("Largest change of a column's share of missing values"),
  maxNewShare: share().default(0.01).describe('Largest share of rows with a category that the reference does not have'),
  maxDriftAuc: z
    .number()
    .min(0.53)
    .max(1)
    .default(0.55)
    .meta({ value: 'AUC' })
    .describe('Largest AUC of a classifier that tells the current rows from the reference'),
  driftCorrection: z
    .enum(['holm', 'bh'])
    .default('holm')
    .describe('Correction for many tests: holm bounds the chance of any false alarm, bh the share of false ones among alarms'),
  fail: checks().describe(`Checks that fail, and do not only warn, when their limit is passed: ${CHECKS.join(', ')}`),
  skip: checks().describe('Checks that are not made, by the same names'),
  output: z.string().default(VALIDATION_FILE).meta({ value: 'FILE' }).describe('Where the report goes'),
})
type Params = z.output<typeof params>

export const checkDataQuality = defineStep({
  name: 'check-data-quality',
  summary: 'Look for missing values, duplicates, constant columns, trouble with labels, and drift from earlier data.',
  params,
  examples: [
    'plimsoll check-data-quality --input data/raw/latest.parquet --label deny',
    'plimsoll check-data-quality --input data/raw/latest.parquet --reference data/train.parquet --fail drift',
    'plimsoll check-data-quality --input data/raw --max-missing-share 0.2 --fail duplicates,constant',
  ],
  reads: ({ input, reference }) => [file(input), ...(reference === undefined ? [] : [file(reference)])],
  writes: ({ output }) => [validationFile(output)],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { cwd, signal } = context
    const severity = severityOf(params)
    const { input, label, ignore, mostClasses } = params
    const facts = await measureQuality({ cwd, data: input, label, ignore, mostClasses, signal })
    const drift = await compareWithReference(params, severity('drift'), cwd, signal)
    const results = [...judgeQuality(facts, params, severity), ...drift.results]
    const report: Report = stepReport({
      name: 'check-data-quality',
      summary: summaryOf(facts, results),
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results,
      subject: { kind: 'data', name: input, digest: await digestPath(cwd, input) },
      details: { rows: facts.rows, columns: facts.columns, ...(facts.label && { label: facts.label }), ...drift.details },
    })
    await writeValidationReport(cwd, params.output, report)
    return report
  },
})

/** Nothing without a reference. */
async function compareWithReference(
  params: Params,
  severity: Severity,
  cwd: string,
  signal: AbortSignal,
): Promise<{ results: Report['results']; details: Record<string, unknown> }> {
  const { reference, input, ignore } = params
  if (reference === undefined) return { results: [], details: {} }
  if (severity === 'skip') {
    const message = 'Switched off by --skip.'
    return { results: [checkResult({ check: 'data.drift', title: 'Drift', verdict: 'skip', message })], details: {} }
  }
  const facts = await measureDrift({ cwd, reference, current: input, ignore, signal })
  return { results: judgeDrift(facts, params, severity), details: { drift: driftDetails(facts, params) } }
}

/** Every limit is a matter of the data at hand, so passing one is a warning until the user says that it is not. */
function severityOf({ fail, skip }: Params): (check: string) => Severity {
  const both = fail.find((check) => skip.includes(check))
  if (both)
    throw new UserError('E_VALUE', `The check "${both}" is under both --fail and --skip.`, { hint: 'Keep one of the two.' })
  return (check) => (fail.includes(check) ? 'fail' : skip.includes(check) ? 'skip' : 'warn')
}

function summaryOf(facts: { rows: number; columns: readonly unknown[] }, results: Report['results']): string {
  const made = results.filter(({ verdict }) => verdict !== 'skip')
  const noted = made.filter(({ verdict }) => verdict !== 'pass').map(({ title }) => title.toLowerCase())
  const outcome = facts.rows === 0 ? 'nothing was judged' : noted.length === 0 ? 'nothing to note' : noted.join(', ')
  return `${count(facts.rows, 'row')}, ${count(facts.columns.length, 'column')}, ${count(made.length, 'check')}: ${outcome}`
}
