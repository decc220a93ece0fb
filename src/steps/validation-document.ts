import { z } from 'zod'
import { ColumnProfileDocument } from '../core/column-profile-document.ts'
import { reportDocument } from '../core/report-document.ts'
import { RuleRecordDocument } from '../core/rule-record.ts'

const columns = z.union([z.array(z.string()), z.array(ColumnProfileDocument), z.array(z.looseObject({ name: z.string() }))])

/** What the data steps say beside their checks. Each step may say more. */
const Details = z.looseObject({
  rows: z.exactOptional(z.int().min(0)).describe('Rows that were judged: all there are'),
  brokenRows: z.exactOptional(z.int().min(0)).describe('Rows that break at least one rule'),
  columns: z.exactOptional(columns).describe('The columns of the data, by name or at length'),
  rules: z.exactOptional(z.array(RuleRecordDocument)).describe('Every rule of the schema: what was expected and what was found'),
  key: z.exactOptional(z.array(z.string())).describe('The columns whose values are shown with example rows'),
  masked: z.exactOptional(z.array(z.string())).describe('The columns whose values are not shown'),
  reference: z
    .exactOptional(z.looseObject({ columns: z.exactOptional(columns) }))
    .describe('The data that this data was compared with'),
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
