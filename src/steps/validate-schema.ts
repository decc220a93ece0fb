import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { stepReport } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { judgeRows } from '../data/row-schema/judge.ts'
import { loadRowSchema } from '../data/row-schema/load.ts'
import { schemaResults, schemaSummary } from '../data/row-schema/results.ts'
import { countRules } from '../data/row-schema/schema.ts'
import { digestPath, displayPath, requireFile } from '../drivers/files.ts'
import { DATA, dataResource, readingOptions, readingParams } from './data-reading.ts'
import { VALIDATION_FILE, validationFile, writeValidationReport } from './validation-report.ts'

const params = z.strictObject({
  input: z.string().meta({ value: 'PATH' }).describe(`The data: ${DATA}`),
  schema: z.string().meta({ value: 'FILE' }).describe('JSON Schema (draft 2020-12) for one row'),
  examples: z.int().min(0).max(1000).default(5).meta({ value: 'N' }).describe('Example rows shown for each broken rule'),
  ...readingParams,
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
  async run(context, { input, schema: schemaPath, examples, output, ...reading }) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const absolute = await requireFile(context.cwd, schemaPath, 'The schema')
    const schema = loadRowSchema(await readFile(absolute, 'utf8'), displayPath(context.cwd, absolute))
    const { cwd, signal } = context
    const judgement = await judgeRows({ cwd, data: input, schema, examples, signal, reading: readingOptions(context, reading) })
    const report = stepReport({
      name: 'validate-schema',
      summary: schemaSummary(schema, judgement),
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: schemaResults(schema, judgement),
      subject: { kind: 'data', name: judgement.data.path, digest: judgement.data.digest },
      details: {
        schema: { file: schema.file, digest: await digestPath(cwd, schemaPath), rules: countRules(schema) },
        rows: judgement.rows,
        brokenRows: judgement.brokenRows,
        columns: judgement.columns,
      },
    })
    await writeValidationReport(cwd, output, report)
    return report
  },
})
