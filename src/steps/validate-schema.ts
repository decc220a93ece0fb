import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { ColumnProfile } from '../core/column-profile.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { failingRules } from '../data/failing-rows/failing-rules.ts'
import { requireApart, rowFormat } from '../data/failing-rows/target.ts'
import { writeFailingRows } from '../data/failing-rows/write.ts'
import { maskedError, maskingErrors } from '../data/masking.ts'
import { planLines, planSummary } from '../data/plan/plan.ts'
import { keyColumns } from '../data/row-key.ts'
import { profileData } from '../data/profile/profile.ts'
import { loadRowSchema } from '../data/row-schema/load.ts'
import { readTableRules } from '../data/table-rules/read.ts'
import { judgeData } from '../data/validate/judge-data.ts'
import type { Judgement } from '../data/validate/judgement.ts'
import { ruleCountOf, schemaResults, schemaSummary } from '../data/validate/results.ts'
import { ruleRecords } from '../data/validate/rule-records.ts'
import { requireColumns, type DataSource, type OpenOptions } from '../drivers/duckdb.ts'
import { artifactOf, digestPath, displayPath, requireFile } from '../drivers/files.ts'
import { DATA, dataResource, readingOptions, readingParams } from './data-reading.ts'
import { VALIDATION_FILE, validationFile, writeValidationPage, writeValidationReport } from './validation-report.ts'

const params = z.strictObject({
  input: z.string().meta({ value: 'PATH' }).describe(`The data: ${DATA}`),
  schema: z.string().meta({ value: 'FILE' }).describe('JSON Schema (draft 2020-12) for one row'),
  examples: z.int().min(0).max(1000).default(5).meta({ value: 'N' }).describe('Example rows shown for each broken rule'),
  key: z
    .array(z.string())
    .default([])
    .meta({ value: 'COLUMNS' })
    .describe('Columns whose values are shown with each example row; by default the key that the schema names'),
  sensitive: z
    .array(z.string())
    .default([])
    .meta({ value: 'COLUMNS' })
    .describe('Columns whose values are shown nowhere, beside those that the schema marks'),
  failingRows: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe('Where every row that breaks a rule is written, with the rules it breaks: .parquet, .csv or .jsonl'),
  html: z.string().optional().meta({ value: 'FILE' }).describe('Where a page with columns, rules and failing rows is written'),
  explain: z.boolean().default(false).describe('Say how each rule is answered: by metadata, by what is kept, by a scan'),
  footers: z.boolean().default(true).describe('Let the statistics in Parquet footers answer what they can'),
  cache: z.boolean().default(true).describe('Keep what is measured of each file, and measure only files that are new'),
  ...readingParams,
  output: z.string().default(VALIDATION_FILE).meta({ value: 'FILE' }).describe('Where the report goes'),
})

export const validateSchema = defineStep({
  name: 'validate-schema',
  summary: 'Check the rows, columns and keys of a data set against a JSON Schema.',
  params,
  examples: [
    'plimsoll validate-schema --input data/raw/latest.parquet --schema schemas/input.json',
    'plimsoll validate-schema --input "data/raw/*.csv" --schema schemas/input.json --examples 20',
    'plimsoll validate-schema --input data/raw/latest.parquet --schema schemas/input.json --failing-rows results/failing.parquet',
  ],
  reads: ({ input, schema }) => [dataResource(input), file(schema)],
  writes: ({ output, failingRows, html }) => [
    validationFile(output),
    ...(failingRows === undefined ? [] : [file(failingRows)]),
    ...(html === undefined ? [] : [validationFile(html)]),
  ],
  async run(context, params) {
    const { input, schema: schemaPath, examples, failingRows, html } = params
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { cwd, signal } = context
    const absolute = await requireFile(cwd, schemaPath, 'The schema')
    const schema = loadRowSchema(await readFile(absolute, 'utf8'), displayPath(cwd, absolute))
    const table = readTableRules(schema)
    const named = [...params.key, ...params.sensitive]
    const sensitive: ReadonlySet<string> = new Set([...params.sensitive, ...table.sensitive])
    const judgement = await maskingErrors(sensitive, () =>
      judgeData({
        cwd,
        data: input,
        reading: readingOptions(context, params),
        schema,
        tableRules: table.rules,
        settings: (rule) => table.settings(rule),
        examples,
        key: params.key.length > 0 ? params.key : keyColumns(schema.extensions),
        sensitive,
        footers: params.footers,
        stateDir: params.cache ? context.stateDir : null,
        now: startedAt,
        monotonic: () => context.clock.monotonic(),
        say: (line) => context.say(line),
        whenOpen: ({ source }) => requireNamed(source, named, failingRows),
        whenJudged: async (judging, { columns, ...judged }) => {
          if (columns.length > 0) requireColumns(input, named, columns)
          if (failingRows === undefined) return
          const rules = failingRules(judging, { columns, ...judged })
          await writeFailingRows(judging.duckdb, judging.scan, { path: failingRows, rules, sensitive, keys: columns })
        },
        signal,
      }),
    )
    if (params.explain) for (const line of planLines(judgement.plan)) context.say(line)
    const { path, digest } = judgement
    const described = { cwd, data: input, reading: readingOptions(context, params), sensitive, signal }
    const columns = html === undefined ? judgement.columns : await describedColumns(context, judgement, described)
    const report = stepReport({
      name: 'validate-schema',
      summary: schemaSummary(schema, judgement),
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: schemaResults(schema, judgement),
      subject: { kind: 'data', name: path, ...(digest && { digest }) },
      artifacts: failingRows === undefined ? [] : [await artifactOf(cwd, failingRows)],
      details: {
        schema: { file: schema.file, digest: await digestPath(cwd, schemaPath), rules: ruleCountOf(schema, judgement) },
        rows: judgement.rows,
        brokenRows: judgement.brokenRows,
        columns,
        rules: ruleRecords(schema, judgement),
        ...(params.key.length > 0 && { key: params.key }),
        ...(sensitive.size > 0 && { masked: [...sensitive] }),
        plan: { summary: planSummary(judgement.plan), ...judgement.plan },
      },
    })
    await writeValidationReport(cwd, params.output, report)
    if (html !== undefined) await writeValidationPage(cwd, html, report)
    return report
  },
})

interface Described {
  readonly cwd: string
  readonly data: string
  readonly reading: OpenOptions
  readonly sensitive: ReadonlySet<string>
  readonly signal: AbortSignal
}

/** The columns at length, for a page that draws them; only their names where they cannot be described. That takes reading all of the data. */
async function describedColumns(
  context: StepContext,
  { rows, columns }: Judgement,
  { sensitive, ...options }: Described,
): Promise<readonly string[] | readonly ColumnProfile[]> {
  if (rows === 0) return columns
  try {
    const profile = await profileData({ ...options, sensitive: columns.filter((name) => sensitive.has(name)) })
    return profile.columns
  } catch (error) {
    const shown = maskedError(error, sensitive)
    if (!(shown instanceof UserError)) throw shown
    context.say(`The page shows no distributions: ${shown.message}`)
    return columns
  }
}

/** What was named on the command line, checked before anything is read. Which keys documents have is only known after that. */
function requireNamed(source: DataSource, columns: readonly string[], failingRows: string | undefined): void {
  if (source.format !== 'json') {
    requireColumns(
      source.path,
      columns,
      source.columns.map(({ name }) => name),
    )
  }
  if (failingRows === undefined) return
  rowFormat(failingRows)
  requireApart(source, failingRows)
}
