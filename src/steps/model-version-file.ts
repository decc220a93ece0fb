import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { firstIssue } from '../core/issues.ts'
import { writeFileAtomic } from '../drivers/files.ts'
import { versionName, type ModelVersion } from '../registry/model-version.ts'

/** Names the version that a pipeline has registered, for the stages after it. It is the same whenever the version is the same. */
export const MODEL_VERSION_FILE = 'results/model-version.json'

const ModelVersionFile = z.looseObject({
  schemaVersion: z.literal(1),
  name: z.string(),
  version: z.int().positive(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
})

export async function writeModelVersionFile(cwd: string, path: string, version: ModelVersion): Promise<void> {
  const { name, digest, file, bytes, lineageDigest, lineage, createdAt } = version
  const content = { schemaVersion: 1, name, version: version.version, digest, file, bytes, lineageDigest, lineage, createdAt }
  await writeFileAtomic(resolve(cwd, path), `${JSON.stringify(content, null, 2)}\n`)
}

/**
 * The version that a stage before this one has registered, as `name/3` with its digest.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT
 */
export async function readModelVersionFile(cwd: string, path: string): Promise<{ reference: string; digest: Digest }> {
  let text: string
  try {
    text = await readFile(resolve(cwd, path), 'utf8')
  } catch (error) {
    throw new UserError('E_FILE_MISSING', `It is not known which model version to take: ${path} does not exist`, {
      hint: 'Run plimsoll register-model first, or name a version with --version, for example --version mortgage/3.',
      cause: error,
    })
  }
  const parsed = ModelVersionFile.safeParse(parseJson(text))
  if (!parsed.success) {
    throw new UserError('E_FILE_FORMAT', `${path} does not name a model version: ${firstIssue(parsed.error)}`, {
      hint: 'Run plimsoll register-model again; it writes this file.',
    })
  }
  return { reference: versionName(parsed.data), digest: parsed.data.digest as Digest }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
