import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import type { Resource, StepContext } from '../core/step.ts'
import { KEY_VARIABLE, PASSWORD_VARIABLE } from '../drivers/child-environment.ts'
import { displayPath, requireFile } from '../drivers/files.ts'
import { signBundle } from '../signing/bundle.ts'
import type { PublicKey, SigningKey } from '../signing/keys.ts'
import { modelStatement, signModel } from '../signing/model-signature.ts'
import type { Manifest } from '../signing/manifest.ts'
import { labelOf, readSigningKey } from '../signing/read-key.ts'
import { encodeStatement, type Statement } from '../signing/statement.ts'

/** The parameters by which steps find what they sign with. */
export const signingParams = {
  key: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe(
      `The key to sign with; that of ${KEY_VARIABLE} when it is set. The password of an encrypted key is in ${PASSWORD_VARIABLE}`,
    ),
  keyless: z
    .boolean()
    .default(false)
    .describe('Sign with the identity of the CI run through Sigstore, without a key; needs the network'),
}

export interface SigningParams {
  readonly key?: string | undefined
  readonly keyless: boolean
}

/** Whether a stage signs, and with what, changes what it leaves. The key itself is looked at by name alone. */
export const signingReads: readonly Resource[] = [{ kind: 'secret', name: KEY_VARIABLE }]

/** What puts a name under statements. */
export interface Signer {
  /** Null when it signs without a key. */
  readonly key: PublicKey | null
  sign(statement: Statement): Promise<string>
  signModel(manifest: Manifest): Promise<string>
}

/**
 * What to sign with; undefined when there is nothing.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_VALUE, E_USAGE; none says anything of the key
 */
export async function findSigner(
  context: Pick<StepContext, 'cwd' | 'env'>,
  { key, keyless }: SigningParams,
): Promise<Signer | undefined> {
  const given = key || context.env[KEY_VARIABLE]
  if (keyless) {
    if (key)
      throw new UserError('E_USAGE', 'Signing is either with a key or keyless', { hint: 'Give one of --key and --keyless.' })
    return keylessSigner()
  }
  return given
    ? keySigner(await readKey(context, given, key ? 'The signing key' : `The signing key of ${KEY_VARIABLE}`))
    : undefined
}

/** @throws UserError E_USAGE when there is nothing to sign with, and as `findSigner` */
export async function requireSigner(context: Pick<StepContext, 'cwd' | 'env'>, params: SigningParams): Promise<Signer> {
  const signer = await findSigner(context, params)
  if (signer) return signer
  throw new UserError('E_USAGE', 'It is not known what to sign with', {
    hint: `Give --key FILE, or set ${KEY_VARIABLE}. plimsoll keys generate makes a key.`,
  })
}

async function readKey({ cwd, env }: Pick<StepContext, 'cwd' | 'env'>, given: string, what: string): Promise<SigningKey> {
  const password = env[PASSWORD_VARIABLE] || undefined
  // A key in a variable may have lost its line ends on the way through a CI's settings.
  if (given.includes('-----BEGIN'))
    return readSigningKey(given.includes('\n') ? given : given.replaceAll('\\n', '\n'), password, what)
  const path = await requireFile(cwd, given, what)
  const pem = await readFile(path, 'utf8')
  return readSigningKey(pem, password, labelOf(pem) === undefined ? displayPath(cwd, path) : `${what} ${displayPath(cwd, path)}`)
}

function keySigner(key: SigningKey): Signer {
  return {
    key: key.public,
    sign: (statement) => Promise.resolve(signBundle(encodeStatement(statement), key, key.public.hints.cosign)),
    signModel: (manifest) => Promise.resolve(signModel(manifest, key)),
  }
}

async function keylessSigner(): Promise<Signer> {
  const { signKeyless } = await import('../signing/keyless.ts')
  const sign = (statement: Statement) => signKeyless(encodeStatement(statement), {})
  return { key: null, sign, signModel: (manifest) => sign(modelStatement(manifest)) }
}
