import { z } from 'zod'

/** Which model a server serves, and as which release. */
export const ServerSpec = z.strictObject({
  releaseId: z.string().min(1),
  modelName: z.string().min(1),
  modelVersion: z.string().min(1),
  /** Absolute. */
  modelPath: z.string().min(1),
  /** `sha256:<hex>`; the server refuses to start on other bytes. */
  modelDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** The Python that loads a Python model. */
  python: z.string().min(1).optional(),
})
export type ServerSpec = z.output<typeof ServerSpec>

/** The command line of `plimsoll serve` for a server under a supervisor. */
export function serveArguments(spec: ServerSpec): string[] {
  const flags: Record<string, string | undefined> = {
    '--model': spec.modelPath,
    '--model-name': spec.modelName,
    '--model-version': spec.modelVersion,
    '--model-digest': spec.modelDigest,
    '--release': spec.releaseId,
    '--port': '0',
    '--python': spec.python,
  }
  return ['serve', ...Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]))]
}
