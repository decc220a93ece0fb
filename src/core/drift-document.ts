import { z } from 'zod'
import { IntervalDocument } from './check-document.ts'

/** Null where the number would tell a value of a masked column. */
const number = z.number().nullable()
const pair = <T extends z.ZodType>(value: T) => z.looseObject({ reference: value, current: value })
const rows = pair(z.int().min(0))

const NumberDriftDocument = z
  .looseObject({
    statistic: z.number().describe('Kolmogorov–Smirnov: the largest difference between the cumulative distributions'),
    at: number.describe('Where that difference is'),
    below: pair(z.number()).describe('The share of values at or below it'),
    pValue: z.number(),
    wasserstein: number.describe('Area between the cumulative distributions, in the unit of the values'),
    wassersteinInDeviations: number.describe('The same in standard deviations of the reference; null when that is 0'),
    psi: z.number().describe('Population stability index, over ranges that hold a tenth of the reference each'),
    jensenShannon: z.number().describe('Jensen–Shannon distance over the same ranges'),
    median: pair(number),
  })
  .meta({ id: 'NumberDrift' })

const CategoryDriftDocument = z
  .looseObject({
    statistic: z.number().describe('Chi-squared test of homogeneity'),
    degrees: z.int().min(0).describe('Its degrees of freedom'),
    pValue: z.number(),
    jensenShannon: z.number().describe('Jensen–Shannon distance'),
    jensenShannonBeyondChance: z.number().describe('What of it is more than chance alone is expected to add'),
    psi: z.number().describe('Population stability index'),
    cramersV: z.number().describe("Cramér's V"),
    top: z
      .array(z.looseObject({ value: z.string(), reference: z.int(), current: z.int() }))
      .describe('The most frequent values of both; none of a masked column'),
    new: z.looseObject({ categories: z.int(), rows: z.int() }).describe('Values that the reference does not have'),
    vanished: z.looseObject({ categories: z.int(), rows: z.int() }).describe('Values that the reference alone has'),
  })
  .meta({ id: 'CategoryDrift' })

const ColumnDriftDocument = z
  .looseObject({
    name: z.string(),
    kind: z.string(),
    comparison: z
      .enum(['numbers', 'categories', 'lengths', 'times', 'identifier', 'presence'])
      .describe('How the column is compared; of times, identifiers and lists only what is missing is tested'),
    isMasked: z.exactOptional(z.literal(true)),
    present: rows.describe('Rows with a value'),
    numbers: NumberDriftDocument.nullable(),
    categories: CategoryDriftDocument.nullable(),
    range: pair(z.looseObject({ earliest: z.string(), latest: z.string() }))
      .nullable()
      .describe('Of times'),
  })
  .meta({ id: 'ColumnDrift' })

const DriftTestDocument = z
  .looseObject({
    question: z.enum(['values', 'missing', 'categories', 'separability']),
    column: z.string().nullable().describe('Null for the question that is asked of all columns together'),
    effect: z.number(),
    effectName: z.string(),
    method: z.string(),
    limit: z.number().describe('The largest effect that is no drift'),
    interval: IntervalDocument,
    pValue: z.number().nullable().describe('Null where there is nothing to test; such a test is not in the family'),
    adjustedPValue: z.number().describe('Corrected for all tests of the family'),
    outcome: z
      .enum(['drift', 'stable', 'inconclusive'])
      .describe('Drift: the effect is above its limit and significant; inconclusive: too few rows to tell'),
  })
  .meta({ id: 'DriftTest' })

/** A comparison of two data sets, as it stands in `details.drift` of a report. What is not listed may change. */
export const DriftDocument = z
  .looseObject({
    paths: pair(z.string()),
    rows,
    columns: z.array(ColumnDriftDocument).describe('The columns that both have'),
    kindChanges: z.array(z.looseObject({ name: z.string(), reference: z.string(), current: z.string() })),
    onlyInReference: z.array(z.string()),
    onlyInCurrent: z.array(z.string()),
    ignored: z.array(z.string()).describe('Columns that were left out on request'),
    separability: z
      .looseObject({
        auc: z.number(),
        interval: IntervalDocument,
        pValue: z.number(),
        columns: z
          .array(z.looseObject({ name: z.string(), share: z.number() }))
          .describe('What the classifier used, by its gain'),
      })
      .nullable()
      .describe('Whether a classifier can tell the rows of the two apart'),
    alpha: z.number().describe('The error rate of the whole family of tests'),
    limits: z.looseObject({}).describe('The limits that were asked for'),
    family: z.int().min(0).describe('Tests that the p-values are corrected for'),
    tests: z.array(DriftTestDocument),
  })
  .meta({ id: 'Drift' })

export type DriftRecord = z.output<typeof DriftDocument>
export type ColumnDriftRecord = z.output<typeof ColumnDriftDocument>
export type DriftTestRecord = z.output<typeof DriftTestDocument>

/** The comparison that a report carries; nothing when it has none, or one of another version. */
export function driftIn(details: Readonly<Record<string, unknown>> | undefined): DriftRecord | undefined {
  const drift = details?.['drift']
  if (drift === undefined) return undefined
  // As it stands in a file: a number that is none is null there.
  const parsed = DriftDocument.safeParse(JSON.parse(JSON.stringify(drift)))
  return parsed.success ? parsed.data : undefined
}
