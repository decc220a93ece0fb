import { z } from 'zod'
import { CheckDocument, VerdictDocument } from './check-document.ts'

const SUBJECTS = ['data', 'model', 'endpoint', 'image', 'environment', 'command', 'release', 'pipeline', 'message'] as const
const Details: z.ZodType<Readonly<Record<string, unknown>>> = z.looseObject({})

/** The report of a step as it stands in a file. What is in `details` is the step's own, and can be given. */
export function reportDocument(details: z.ZodType<Readonly<Record<string, unknown>>> = Details) {
  return z.strictObject({
    schemaVersion: z.literal(1),
    kind: z.literal('step'),
    name: z.string(),
    verdict: VerdictDocument,
    summary: z.string(),
    subject: z.exactOptional(z.strictObject({ kind: z.enum(SUBJECTS), name: z.string(), digest: z.exactOptional(z.string()) })),
    startedAt: z.iso.datetime(),
    durationMs: z.number().min(0),
    origin: z.looseObject({ from: z.enum(['run', 'cache', 'resume', 'not-run']) }),
    results: z.array(CheckDocument),
    artifacts: z.array(
      z.strictObject({
        path: z.string(),
        digest: z.string(),
        bytes: z.int().min(0),
        mediaType: z.exactOptional(z.string()),
      }),
    ),
    children: z.array(z.never()),
    details: z.exactOptional(details),
  })
}
