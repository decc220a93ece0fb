import { z } from 'zod'
import type { CheckResult } from './check.ts'
import { VERDICTS } from './verdict.ts'

/** The parts of a report as they stand in a file, for what reads one and for the schemas that are published. */
export const VerdictDocument = z.enum(VERDICTS).meta({ id: 'Verdict' })

export const IntervalDocument = z
  .strictObject({
    lower: z.number().nullable().describe('Null where the interval is open'),
    upper: z.number().nullable().describe('Null where the interval is open'),
    confidence: z.number().describe('For example 0.95'),
    method: z.string().describe('`wilson`, `clopper-pearson`, `bootstrap-t`, …'),
  })
  .meta({ id: 'Interval' })

export const LocationDocument = z
  .strictObject({
    file: z.string(),
    line: z.exactOptional(z.int().min(1)),
    column: z.exactOptional(z.int().min(1)),
    byteOffset: z.exactOptional(z.int().min(0)),
    byteLength: z.exactOptional(z.int().min(0)),
    stream: z.exactOptional(z.string()),
  })
  .meta({ id: 'Location' })

export const MeasurementDocument = z
  .strictObject({
    name: z.string(),
    value: z.union([z.number(), z.string(), z.boolean(), z.null()]),
    unit: z.exactOptional(z.string()),
    interval: z.exactOptional(IntervalDocument),
    n: z.exactOptional(z.number()).describe('How many rows the value rests on'),
    slice: z.exactOptional(z.record(z.string(), z.string())).describe('The part of the data that was measured'),
    threshold: z.exactOptional(z.strictObject({ value: z.number(), good: z.enum(['at-least', 'at-most']) })),
  })
  .meta({ id: 'Measurement' })

const FindingDocument = z
  .strictObject({
    message: z.string(),
    severity: z.enum(['error', 'warning', 'note']),
    rule: z.exactOptional(z.string()),
    location: z.exactOptional(LocationDocument),
    evidence: z.exactOptional(z.unknown()),
  })
  .meta({ id: 'Finding' })

export const CheckDocument: z.ZodType<CheckResult> = z
  .strictObject({
    check: z.string().describe('Stable identifier, for example `schema.column`'),
    title: z.string(),
    verdict: VerdictDocument,
    message: z.string(),
    expected: z.exactOptional(z.string()),
    actual: z.exactOptional(z.string()),
    measurements: z.array(MeasurementDocument),
    findings: z.array(FindingDocument),
    hint: z.exactOptional(z.string()),
    location: z.exactOptional(LocationDocument),
    durationMs: z.exactOptional(z.number()),
  })
  .meta({ id: 'Check' })
