import type { ServerSpec } from '../core/supervisor.ts'

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
