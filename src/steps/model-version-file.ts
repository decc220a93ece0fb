import { resolve } from 'node:path'
import { z } from 'zod'
import type { Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { firstIssue } from '../core/issues.ts'
import { readJsonFile, statIfExists, writeFileAtomic } from '../drivers/files.ts'
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
  if (!(await statIfExists(resolve(cwd, path)))) {
    throw new UserError('E_FILE_MISSING', `It is not known which model version to take: ${path} does not exist`, {
      hint: 'Run plimsoll register-model first, or name a version with --version, for example --version mortgage/3.',
    })
  }
  const parsed = ModelVersionFile.safeParse(await readJsonFile(cwd, path, 'The file of the model version'))
  if (!parsed.success) {
    throw new UserError('E_FILE_FORMAT', `${path} does not name a model version: ${firstIssue(parsed.error)}`, {
      hint: 'Run plimsoll register-model again; it writes this file.',
    })
  }
  return { reference: versionName(parsed.data), digest: parsed.data.digest as Digest }
}
