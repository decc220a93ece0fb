import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { stepReport, type Report } from '../core/report.ts'
import { defineStep } from '../core/step.ts'
import { count } from '../core/counts.ts'
import { judgeQuality, QUALITY_RULES, type Severity } from '../data/quality/judge.ts'
import { measureQuality } from '../data/quality/measure.ts'
import { DATA, dataResource, readingOptions, readingParams } from './data-reading.ts'
import { VALIDATION_FILE, validationFile, writeValidationPage, writeValidationReport } from './validation-report.ts'

const share = () => z.number().min(0).max(1).meta({ value: 'SHARE' })
const CHECKS = QUALITY_RULES.map(({ name }) => name)
const checks = () => z.array(z.enum(CHECKS)).default([]).meta({ value: 'CHECKS' })

const params = z.strictObject({
  input: z.string().meta({ value: 'PATH' }).describe(`The data: ${DATA}`),
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
  fail: checks().describe(`Checks that fail, and do not only warn, when their limit is passed: ${CHECKS.join(', ')}`),
  skip: checks().describe('Checks that are not made, by the same names'),
  ...readingParams,
  html: z.string().optional().meta({ value: 'FILE' }).describe('Where a page with columns and findings is written'),
  output: z.string().default(VALIDATION_FILE).meta({ value: 'FILE' }).describe('Where the report goes'),
})
type Params = z.output<typeof params>

export const checkDataQuality = defineStep({
  name: 'check-data-quality',
  summary: 'Look for missing values, duplicates, constant columns and trouble with labels.',
  params,
  examples: [
    'plimsoll check-data-quality --input data/raw/latest.parquet --label deny',
    'plimsoll check-data-quality --input data/raw --max-missing-share 0.2 --fail duplicates,constant',
  ],
  reads: ({ input }) => [dataResource(input)],
  writes: ({ output, html }) => [validationFile(output), ...(html === undefined ? [] : [validationFile(html)])],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { cwd, signal } = context
    const severity = severityOf(params)
    const { input, label, ignore, mostClasses } = params
    const facts = await measureQuality({
      cwd,
      data: input,
      label,
      ignore,
      mostClasses,
      signal,
      reading: readingOptions(context, params),
    })
    const results = judgeQuality(facts, params, severity)
    const report: Report = stepReport({
      name: 'check-data-quality',
      summary: summaryOf(facts, results),
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results,
      subject: { kind: 'data', name: facts.data.path, digest: facts.data.digest },
      details: { rows: facts.rows, columns: facts.columns, ...(facts.label && { label: facts.label }) },
    })
    await writeValidationReport(cwd, params.output, report)
    if (params.html !== undefined) await writeValidationPage(cwd, params.html, report)
    return report
  },
})

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
