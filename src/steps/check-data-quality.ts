import { z } from 'zod'
import { count } from '../core/counts.ts'
import { UserError } from '../core/errors.ts'
import { stepReport, type Report } from '../core/report.ts'
import { defineStep } from '../core/step.ts'
import { maskingErrors } from '../data/masking.ts'
import { columnDetails } from '../data/quality/column-details.ts'
import { judgeQuality, QUALITY_RULES } from '../data/quality/judge.ts'
import { qualityOf } from '../data/quality/measure.ts'
import type { Severity } from '../data/quality/rule.ts'
import { tellProgress } from '../data/validate/progress.ts'
import { withOpenedData, type OpenedData } from '../drivers/duckdb.ts'
import { displayAddress } from '../drivers/remote/address.ts'
import { compareWithReference, DRIFT } from './compare-with-reference.ts'
import { DATA, dataResource, readingOptions, readingParams } from './data-reading.ts'
import { profileDetails } from './profile-details.ts'
import { VALIDATION_FILE, validationFile, writeValidationPage, writeValidationReport } from './validation-report.ts'

const share = () => z.number().min(0).max(1).meta({ value: 'SHARE' })
const CHECKS = [...QUALITY_RULES.map(({ name }) => name), DRIFT.name]
const columns = () => z.array(z.string()).default([]).meta({ value: 'COLUMNS' })
const checks = () => z.array(z.enum(CHECKS)).default([]).meta({ value: 'CHECKS' })

const params = z.strictObject({
  input: z.string().meta({ value: 'PATH' }).describe(`The data: ${DATA}`),
  label: z.string().optional().meta({ value: 'COLUMN' }).describe('The column to be predicted; enables the checks on labels'),
  reference: z
    .string()
    .optional()
    .meta({ value: 'PATH' })
    .describe('Data to compare with, such as the training data: enables drift, and the checks on rows and keys that both have'),
  ignore: columns().describe('Columns left out when rows or data sets are compared, such as a row id'),
  key: columns().describe('Columns that together identify a row'),
  sensitive: columns().describe('Columns whose values are never shown, beside those in which personal data is found'),
  minRows: z.int().min(1).default(100).meta({ value: 'N' }).describe('Fewest rows'),
  maxMissingShare: share().default(0.05).describe('Largest share of a column that may be missing'),
  maxDuplicateShare: share().default(0.05).describe('Largest share of rows that repeat an earlier row'),
  minClassShare: share().default(0.05).describe('Smallest share of a class'),
  maxConflictingShare: share().default(0.01).describe('Largest share of rows whose features occur with another label too'),
  maxValueShare: share().default(0.99).describe('From this share on, one value makes a column nearly constant'),
  maxLabelScore: share().default(0.95).describe('From this score on, a single feature gives the label away'),
  maxSharedShare: share().default(0.01).describe('Largest share of rows, or of keys, that the reference may have too'),
  outlierReach: z
    .number()
    .min(1)
    .default(3)
    .meta({ value: 'N' })
    .describe('Interquartile ranges beyond the quartiles from which a number is an outlier'),
  mostClasses: z.int().min(2).default(50).meta({ value: 'N' }).describe('More different labels than this are not classes'),
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
  ...readingParams,
  html: z.string().optional().meta({ value: 'FILE' }).describe('Where a page with columns and findings is written'),
  output: z.string().default(VALIDATION_FILE).meta({ value: 'FILE' }).describe('Where the report goes'),
})
type Params = z.output<typeof params>

export const checkDataQuality = defineStep({
  name: 'check-data-quality',
  summary: 'Find what is wrong with data without being told what to look for, and what has changed since a reference.',
  params,
  examples: [
    'plimsoll check-data-quality --input data/raw/latest.parquet --label deny',
    'plimsoll check-data-quality --input data/raw/latest.parquet --reference data/train.parquet --fail drift',
    'plimsoll check-data-quality --input data/test.csv --reference data/train.csv --key customer_id --fail shared-rows',
    'plimsoll check-data-quality --input data/raw --max-missing-share 0.2 --fail duplicates,constant',
  ],
  reads: ({ input, reference }) => [input, ...(reference === undefined ? [] : [reference])].map(dataResource),
  writes: ({ output, html }) => [validationFile(output), ...(html === undefined ? [] : [validationFile(html)])],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { cwd, signal } = context
    const { input: data, reference } = params
    const severity = severityOf(params)
    const progress = tellProgress(
      (line) => context.say(line),
      () => context.clock.monotonic(),
    )
    const onPass = (what: string) => progress.reads(`${displayAddress(data)}: ${what}`)
    const measure = async (opened: OpenedData) => {
      const facts = await qualityOf(opened, { ...params, cwd, data, now: startedAt, onPass })
      const masked = facts.columns.filter(({ isMasked }) => isMasked).map(({ name }) => name)
      const both = { opened, data, reference, sensitive: masked }
      if (reference !== undefined) onPass('drift')
      const drift = await compareWithReference(both, params, severity(DRIFT))
      const profile = await profileDetails(both, { rows: facts.rows, isWanted: params.html !== undefined, onPass })
      return { facts, masked, drift, profile }
    }
    const reading = readingOptions(context, params)
    return maskingErrors(new Set(params.sensitive), async () => {
      const opening = { cwd, data, reference, reading, signal, onPass, onProgress: progress.moved }
      const { facts, masked, drift, profile } = await withOpenedData(opening, measure)
      const results = [...judgeQuality(facts, params, severity), ...drift.results]
      const report: Report = stepReport({
        name: 'check-data-quality',
        summary: summaryOf(facts, results, reference),
        startedAt,
        durationMs: context.clock.monotonic() - started,
        results,
        subject: { kind: 'data', name: facts.data.path, digest: facts.data.digest },
        details: {
          rows: facts.rows,
          ...profile,
          quality: facts.columns.map(columnDetails),
          ...(facts.label && { label: facts.label }),
          ...drift.details,
          ...(masked.length > 0 && { masked }),
        },
      })
      await writeValidationReport(cwd, params.output, report)
      if (params.html !== undefined) await writeValidationPage(cwd, params.html, report)
      return report
    })
  },
})

/** Each check has a severity of its own, until the user says otherwise. A gate that cannot be made is a mistake, and no pass. */
function severityOf(params: Params): (rule: { readonly name: string; readonly severity: Severity }) => Severity {
  const { fail, skip, key, reference } = params
  const given = { key: key.length > 0, reference: reference !== undefined }
  const idle = [...QUALITY_RULES, DRIFT].find(({ name, needs }) => fail.includes(name) && needs !== undefined && !given[needs])
  if (idle) {
    throw new UserError('E_VALUE', `The check "${idle.name}" is under --fail, and cannot be made without --${idle.needs}.`, {
      hint: `Give --${idle.needs}, or take the check out of --fail.`,
    })
  }
  const both = fail.find((check) => skip.includes(check))
  if (both)
    throw new UserError('E_VALUE', `The check "${both}" is under both --fail and --skip.`, { hint: 'Keep one of the two.' })
  return ({ name, severity }) => (fail.includes(name) ? 'fail' : skip.includes(name) ? 'skip' : severity)
}

function summaryOf(
  facts: { rows: number; columns: readonly unknown[] },
  results: Report['results'],
  reference: string | undefined,
): string {
  const made = results.filter(({ verdict }) => verdict !== 'skip')
  const noted = made.filter(({ verdict }) => verdict !== 'pass').map(({ title }) => title.toLowerCase())
  const outcome = facts.rows === 0 ? 'nothing was judged' : noted.length === 0 ? 'nothing to note' : noted.join(', ')
  const against = reference === undefined ? '' : `, against ${displayAddress(reference)}`
  return `${count(facts.rows, 'row')}, ${count(facts.columns.length, 'column')}, ${count(made.length, 'check')}${against}: ${outcome}`
}
