import { z } from 'zod'
import { IntervalDocument, LocationDocument, MeasurementDocument, VerdictDocument } from './check-document.ts'

const ExampleDocument = z
  .strictObject({
    file: z.string().describe('Relative to the project folder'),
    row: z.int().min(1).describe('From 1, within the file, the header not counted'),
    line: z.exactOptional(z.int().min(1)).describe('CSV: the line on which the row begins'),
    key: z.exactOptional(z.record(z.string(), z.unknown())).describe('The values of the key columns, where a key is known'),
    value: z.unknown().describe('The offending value; null when it is missing, `***` in a column that is masked'),
  })
  .meta({ id: 'ExampleRow' })

/** One rule of a row schema on one data set. It stands in `details.rules` of the report. */
export const RuleRecordDocument = z
  .strictObject({
    rule: z.string().describe('The keyword, or the kind of rule under `x-plimsoll`: `minimum`, `unique`, …'),
    columns: z.array(z.string()).describe('The columns it is about; none for the row or the table'),
    pointer: z.string().describe('JSON Pointer into the schema'),
    location: LocationDocument.describe('Where it stands in the file of the schema'),
    severity: z.enum(['error', 'warning']),
    mostly: z.exactOptional(z.number()).describe('The share of rows that must hold, where not all must'),
    expected: z.string(),
    found: z.string(),
    verdict: VerdictDocument,
    rows: z.int().min(0).describe('Rows that were judged'),
    broken: z.exactOptional(z.int().min(0)).describe('Rows that break it; absent for rules that name no rows'),
    share: z.exactOptional(z.number()).describe('`broken` divided by `rows`'),
    interval: z.exactOptional(IntervalDocument).describe('What the share tells about more data of the same kind'),
    measurements: z.exactOptional(z.array(MeasurementDocument)).describe('What was measured, for rules that name no rows'),
    answeredBy: z
      .exactOptional(z.enum(['footer', 'type', 'scan', 'kept']))
      .describe('By the metadata of the files, by the type of the column, by reading the rows, or by states kept from before'),
    examples: z.array(ExampleDocument).describe('The first rows that break it'),
  })
  .meta({ id: 'Rule' })

export type RuleRecord = z.output<typeof RuleRecordDocument>
export type RuleExample = z.output<typeof ExampleDocument>

/** The rules that a report carries; none when it has no list of them, or one of another version. */
export function rulesIn(details: Readonly<Record<string, unknown>> | undefined): readonly RuleRecord[] {
  const parsed = z.array(RuleRecordDocument).safeParse(details?.['rules'])
  return parsed.success ? parsed.data : []
}
