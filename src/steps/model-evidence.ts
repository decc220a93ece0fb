import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { closing } from '../core/closing.ts'
import { digestOf, type Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import type { StepContext } from '../core/step.ts'
import { displayPath, requirePath, statIfExists } from '../drivers/files.ts'
import { versionName, type ModelVersion } from '../registry/model-version.ts'
import { nameOf } from '../signing/check-stored.ts'
import type { Evidence } from '../signing/evidence.ts'
import { MODEL_SIGNATURE } from '../signing/model-signature.ts'
import { openAttestations } from '../signing/store.ts'

/** Where what was signed is left for others: a CI carries it on, and `plimsoll verify FILE` looks here. */
export const ATTESTATIONS_FOLDER = 'results/attestations'
export const ATTESTATION_SUFFIX = '.sigstore.json'

/** Bundles are small; what is larger is not read. */
const LARGEST_BUNDLE = 64 * 2 ** 20

export interface EvidencePlaces {
  /** Bundles, or folders that hold them. */
  readonly attestations?: readonly string[]
  /** The signature of the model itself. */
  readonly signature?: string | undefined
}

/** Everything that the registry keeps for a version. */
export function storedEvidence(stateDir: string, { name, version }: Pick<ModelVersion, 'name' | 'version'>): Evidence[] {
  const rows = closing(openAttestations(stateDir), (store) => store.list({ model: name, version }))
  return rows.map((row) => ({
    name: nameOf(row),
    text: row.bundle,
    row: { gate: row.gate, subject: row.subject, keyId: row.keyId, publicKey: row.publicKey },
  }))
}

/**
 * What lies in files: where the caller says, or else in the usual places, as far as it is there.
 *
 * @param model absolute path of the model
 * @throws UserError E_FILE_MISSING for a place that was named and is empty
 */
export async function evidenceInFiles(
  { cwd }: Pick<StepContext, 'cwd'>,
  model: string,
  { attestations, signature }: EvidencePlaces,
): Promise<{ readonly evidence: Evidence[]; readonly except: string[] }> {
  const files = new Set<string>()
  const usual = resolve(cwd, ATTESTATIONS_FOLDER)
  const named = await Promise.all((attestations ?? []).map((path) => requirePath(cwd, path, 'The attestations')))
  const places = attestations === undefined ? ((await statIfExists(usual)) ? [usual] : []) : named
  for (const place of places) {
    const found = (await stat(place)).isDirectory() ? await bundlesIn(place) : [place]
    if (found.length === 0 && attestations !== undefined) {
      throw new UserError('E_FILE_MISSING', `There are no attestations in ${displayPath(cwd, place)}`, {
        hint: `They are called *${ATTESTATION_SUFFIX} and ${MODEL_SIGNATURE}.`,
      })
    }
    for (const file of found) files.add(file)
  }
  const own = await signatureOf(cwd, model, signature)
  if (own !== undefined) files.add(own)
  const evidence = await Promise.all(
    [...files].map(async (file) => ({ name: displayPath(cwd, file), text: await readBundle(cwd, file) })),
  )
  return { evidence, except: own === undefined ? [] : [own] }
}

/** Where the signature of a model is kept when nobody says otherwise: in its folder, or beside its file. */
export async function signaturePlace(model: string): Promise<string> {
  return join((await stat(model)).isDirectory() ? model : dirname(model), MODEL_SIGNATURE)
}

async function signatureOf(cwd: string, model: string, given: string | undefined): Promise<string | undefined> {
  if (given !== undefined) return requirePath(cwd, given, 'The signature')
  const place = await signaturePlace(model)
  return (await statIfExists(place))?.isFile() ? place : undefined
}

async function bundlesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  return names
    .filter((name) => name.endsWith(ATTESTATION_SUFFIX) || name.endsWith('.sig'))
    .toSorted()
    .map((name) => join(folder, name))
}

async function readBundle(cwd: string, file: string): Promise<string> {
  const { size } = await stat(file)
  if (size <= LARGEST_BUNDLE) return readFile(file, 'utf8')
  throw new UserError(
    'E_FILE_FORMAT',
    `${displayPath(cwd, file)} is too large to be a signature: ${basename(file)} has ${size} bytes`,
  )
}

/** The registry's entry of a version by the digest of all that it says, without the aliases, which move. */
export function entryOf({ aliases: _aliases, ...entry }: ModelVersion): { readonly name: string; readonly digest: Digest } {
  return { name: versionName(entry), digest: digestOf(entry) }
}
