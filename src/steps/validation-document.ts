import { z } from 'zod'
import { ColumnProfileDocument } from '../core/column-profile-document.ts'
import { DriftDocument } from '../core/drift-document.ts'
import { reportDocument } from '../core/report-document.ts'
import { RuleRecordDocument } from '../core/rule-record.ts'

const columns = z.union([z.array(z.string()), z.array(ColumnProfileDocument), z.array(z.looseObject({ name: z.string() }))])

const QualityDocument = z
  .looseObject({
    name: z.string(),
    type: z.string(),
    kind: z.string(),
    missing: z.int().min(0).describe('Rows without a value'),
    distinct: z.number().min(0).describe('Different values'),
    distinctIsEstimate: z.boolean(),
    identifier: z.exactOptional(z.string()).describe('The kind of identifier that its values look like'),
    personalData: z.exactOptional(z.array(z.unknown())).describe('Kinds of personal data that were found in it'),
    sensitive: z.exactOptional(z.literal(true)).describe('Its values are not shown; what would tell one is left out'),
    onlyValue: z.exactOptional(z.unknown()).describe('The value of a constant column, else null'),
    top: z.exactOptional(z.array(z.unknown())).describe('The most frequent values'),
    numbers: z.exactOptional(z.looseObject({})).describe('Of number columns: bounds, quantiles, sentinels'),
    times: z.exactOptional(z.looseObject({})).describe('Of times: their range'),
    lengths: z.exactOptional(z.looseObject({})).describe('Of text: its lengths in code points'),
    text: z.exactOptional(z.looseObject({})).describe('Of text: what it reads as, padding, and variants of spelling'),
  })
  .meta({ id: 'ColumnQuality' })

/** What the data steps say beside their checks. Each step may say more. */
const Details = z.looseObject({
  rows: z.exactOptional(z.int().min(0)).describe('Rows that were judged: all there are'),
  brokenRows: z.exactOptional(z.int().min(0)).describe('Rows that break at least one rule'),
  columns: z
    .exactOptional(columns)
    .describe(
      'The columns of the data: by name, or at length where a page was asked for, and by check-data-quality up to a million rows',
    ),
  rules: z.exactOptional(z.array(RuleRecordDocument)).describe('Every rule of the schema: what was expected and what was found'),
  key: z.exactOptional(z.array(z.string())).describe('The columns whose values are shown with example rows'),
  masked: z.exactOptional(z.array(z.string())).describe('The columns whose values are not shown'),
  schema: z
    .exactOptional(z.looseObject({ file: z.string(), digest: z.string(), rules: z.int().min(0) }))
    .describe('validate-schema: the schema, and how many rules it has'),
  plan: z
    .exactOptional(z.looseObject({ summary: z.string() }))
    .describe('validate-schema: how the rules were answered, by metadata, by what is kept, by a scan'),
  quality: z.exactOptional(z.array(QualityDocument)).describe('check-data-quality: what its checks rest on, column by column'),
  label: z.exactOptional(z.looseObject({})).describe('check-data-quality: the column to be predicted and its classes'),
  reference: z
    .exactOptional(
      z.looseObject({ path: z.exactOptional(z.string()), rows: z.exactOptional(z.int()), columns: z.exactOptional(columns) }),
    )
    .describe('check-data-quality: the data that this data was compared with'),
  drift: z.exactOptional(DriftDocument).describe('check-data-quality: how the data differs from the reference'),
})

/** `results/validation.json`: the last report of each data step. */
export const ValidationDocument = z.strictObject({
  schemaVersion: z.literal(1),
  reports: z.record(z.string(), reportDocument(Details)).describe('By the name of the step'),
})

/** The JSON Schema (draft 2020-12) of `results/validation.json`. */
export function validationSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(ValidationDocument, { io: 'output', target: 'draft-2020-12' })
  return {
    $schema,
    title: 'Plimsoll validation report',
    description: 'What validate-schema and check-data-quality write to results/validation.json.',
    ...schema,
  }
}
