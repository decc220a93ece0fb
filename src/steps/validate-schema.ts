import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { stepReport } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { loadRowSchema } from '../data/row-schema/load.ts'
import { schemaResults, schemaSummary } from '../data/row-schema/results.ts'
import { countRules } from '../data/row-schema/schema.ts'
import { planLines, planSummary } from '../data/plan/plan.ts'
import { judgeData } from '../data/validate/judge-data.ts'
import { digestPath, displayPath, requireFile } from '../drivers/files.ts'
import { DATA, dataResource, readingOptions, readingParams } from './data-reading.ts'
import { VALIDATION_FILE, validationFile, writeValidationReport } from './validation-report.ts'

const params = z.strictObject({
  input: z.string().meta({ value: 'PATH' }).describe(`The data: ${DATA}`),
  schema: z.string().meta({ value: 'FILE' }).describe('JSON Schema (draft 2020-12) for one row'),
  examples: z.int().min(0).max(1000).default(5).meta({ value: 'N' }).describe('Example rows shown for each broken rule'),
  ...readingParams,
  explain: z.boolean().default(false).describe('Say how each rule is answered: by metadata, by what is kept, by a scan'),
  footers: z.boolean().default(true).describe('Let the statistics in Parquet footers answer what they can'),
  cache: z.boolean().default(true).describe('Keep what is measured of each file, and measure only files that are new'),
  output: z.string().default(VALIDATION_FILE).meta({ value: 'FILE' }).describe('Where the report goes'),
})

export const validateSchema = defineStep({
  name: 'validate-schema',
  summary: 'Check every row of a data set against a JSON Schema.',
  params,
  examples: [
    'plimsoll validate-schema --input data/raw/latest.parquet --schema schemas/input.json',
    'plimsoll validate-schema --input "data/raw/*.csv" --schema schemas/input.json --examples 20',
  ],
  reads: ({ input, schema }) => [dataResource(input), file(schema)],
  writes: ({ output }) => [validationFile(output)],
  async run(context, { input, schema: schemaPath, examples, explain, footers, cache, output, ...reading }) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const absolute = await requireFile(context.cwd, schemaPath, 'The schema')
    const schema = loadRowSchema(await readFile(absolute, 'utf8'), displayPath(context.cwd, absolute))
    const { cwd, signal } = context
    const judgement = await judgeData({
      cwd,
      data: input,
      schema,
      examples,
      reading: readingOptions(context, reading),
      footers,
      stateDir: cache ? context.stateDir : null,
      now: startedAt,
      monotonic: () => context.clock.monotonic(),
      say: (line) => context.say(line),
      signal,
    })
    if (explain) for (const line of planLines(judgement.plan)) context.say(line)
    const { digest } = judgement
    const report = stepReport({
      name: 'validate-schema',
      summary: schemaSummary(schema, judgement),
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: schemaResults(schema, judgement),
      subject: { kind: 'data', name: judgement.path, ...(digest && { digest }) },
      details: {
        schema: { file: schema.file, digest: await digestPath(cwd, schemaPath), rules: countRules(schema) },
        rows: judgement.rows,
        brokenRows: judgement.brokenRows,
        columns: judgement.columns,
        plan: { summary: planSummary(judgement.plan), ...judgement.plan },
      },
    })
    await writeValidationReport(cwd, output, report)
    return report
  },
})
