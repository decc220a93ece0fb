import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { digestOf, type Digest } from '../core/digest.ts'
import { messageOf, UserError } from '../core/errors.ts'
import type { StepContext } from '../core/step.ts'
import { displayPath, requireFile, statIfExists } from '../drivers/files.ts'
import { noteIssues } from '../pipeline/config-issues.ts'
import { readConfigSource, type ConfigSource } from '../pipeline/config-source.ts'
import { toParamNames } from '../pipeline/param-names.ts'
import { shortKeyId, type PublicKey } from '../signing/keys.ts'
import { readPublicKey } from '../signing/read-key.ts'
import { TrustDocument, type TrustedKey, type TrustPolicy, type TrustSettings } from '../signing/trust-policy.ts'

/** Who is trusted, and what a model must show before it is deployed. */
export const TRUST_FILE = 'trust.yaml'

export const trustParam = z
  .string()
  .optional()
  .meta({ value: 'FILE' })
  .describe(`Who is trusted and what a model must show; ${TRUST_FILE} when that exists`)

/** A policy with what it is called, and a digest of all that it says. */
export interface NamedPolicy {
  readonly policy: TrustPolicy
  readonly name: string
  readonly digest: Digest
}

/**
 * The policy that applies: the file that is named, or the project's own; null when there is none.
 *
 * @throws UserError E_FILE_MISSING, E_CONFIG with the place of every mistake
 */
export async function findPolicy(context: Pick<StepContext, 'cwd'>, trust: string | undefined): Promise<NamedPolicy | null> {
  const { cwd } = context
  if (trust === undefined && !(await statIfExists(resolve(cwd, TRUST_FILE)))) return null
  const path = await requireFile(cwd, trust ?? TRUST_FILE, 'The trust policy')
  const name = displayPath(cwd, path)
  const source = readConfigSource(await readFile(path, 'utf8'), name, {})
  const settings = readSettings(source)
  const keys = await Promise.all(settings.keys.map((entry, index) => trustedKey(entry, index, source, dirname(path))))
  source.throwMistakes()
  const found = keys.filter((key) => key !== undefined)
  if (found.length === 0 && settings.identities.length === 0) {
    source.mistake('Nobody is trusted: name at least one key under "keys".', ['keys'], 'key')
    source.throwMistakes()
  }
  const identities = settings.identities.map((identity) => ({ ...identity, for: identity.for ?? null }))
  const policy: TrustPolicy = { ...settings, keys: found, identities }
  return { policy, name, digest: digestOf({ ...settings, keys: found.map(({ key, for: gates }) => [key.id, gates]) }) }
}

/** A policy of keys alone: whatever there is must be signed by one of them, and nothing in particular must be there. */
export async function policyOfKeys({ cwd }: Pick<StepContext, 'cwd'>, files: readonly string[]): Promise<NamedPolicy> {
  const keys = await Promise.all(
    files.map(async (file): Promise<TrustedKey> => {
      const path = await requireFile(cwd, file, 'The public key')
      const name = displayPath(cwd, path)
      return { key: readPublicKey(await readFile(path, 'utf8'), name), name, for: null }
    }),
  )
  const policy: TrustPolicy = { ...TrustDocument.parse({ require: [] }), keys, identities: [] }
  return { policy, name: keys.map(({ name }) => name).join(', '), digest: digestOf(keys.map(({ key }) => key.id)) }
}

function readSettings(source: ConfigSource): TrustSettings {
  const value = toParamNames(source.value ?? {}, TrustDocument, (key, right, path) =>
    source.mistake(`"${key}" is written ${right} here.`, path, 'key'),
  )
  source.throwMistakes()
  const parsed = TrustDocument.safeParse(value, { reportInput: true })
  if (parsed.success) return parsed.data
  noteIssues(source, parsed.error.issues, [], TrustDocument)
  source.throwMistakes()
  throw new Error('a trust policy was refused without a mistake')
}

async function trustedKey(
  entry: TrustSettings['keys'][number],
  index: number,
  source: ConfigSource,
  folder: string,
): Promise<TrustedKey | undefined> {
  const [file, gates] = typeof entry === 'string' ? [entry, null] : [entry.file, entry.for]
  const at = typeof entry === 'string' ? ['keys', index] : ['keys', index, 'file']
  try {
    const key: PublicKey = readPublicKey(await readFile(resolve(folder, file), 'utf8'), file)
    return { key, name: file, for: gates }
  } catch (error) {
    const why = error instanceof UserError ? messageOf(error) : `The key ${file} cannot be read: ${messageOf(error)}`
    source.mistake(why, at)
    return undefined
  }
}

/** `key ci.pub (0123456789ab)` for each key of a policy. */
export const describeKeys = ({ keys }: TrustPolicy): string =>
  keys.map(({ name, key }) => `${name} (${shortKeyId(key)})`).join(', ')
