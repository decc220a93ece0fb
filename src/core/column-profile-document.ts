import { z } from 'zod'
import type { ColumnProfile } from './column-profile.ts'

const HistogramDocument = z
  .strictObject({
    edges: z.array(z.number()).describe('Ascending, one more than counts; for times, milliseconds since 1970 in UTC'),
    counts: z.array(z.int().min(0)),
  })
  .refine(({ edges, counts }) => edges.length === counts.length + 1)
  .meta({ id: 'Histogram' })

/** A column of a data set as a whole, as it stands in `details.columns` of a report. */
export const ColumnProfileDocument: z.ZodType<ColumnProfile> = z
  .strictObject({
    name: z.string(),
    type: z.string(),
    kind: z.enum(['number', 'boolean', 'text', 'time', 'nested', 'binary']),
    rows: z.int().min(0),
    missing: z.int().min(0),
    distinct: z.number().min(0),
    distinctIsEstimate: z.boolean(),
    numbers: z.exactOptional(
      z.strictObject({
        min: z.number(),
        max: z.number(),
        mean: z.number(),
        standardDeviation: z.number(),
        quantiles: z.record(z.string(), z.number()),
        zeros: z.int().min(0),
        infinite: z.int().min(0),
      }),
    ),
    lengths: z.exactOptional(z.strictObject({ min: z.number(), max: z.number(), mean: z.number() })),
    times: z.exactOptional(z.strictObject({ earliest: z.string(), latest: z.string() })),
    histogram: z.exactOptional(HistogramDocument),
    top: z.exactOptional(z.array(z.strictObject({ value: z.string(), rows: z.int().min(0) }))),
    sensitive: z.exactOptional(z.literal(true)),
  })
  .meta({ id: 'ColumnProfile' })

/** The columns that a report describes at length; none where it only names them, or comes from another version. */
export function profilesIn(value: unknown): readonly ColumnProfile[] {
  const parsed = z.array(ColumnProfileDocument).safeParse(value)
  return parsed.success ? parsed.data : []
}
