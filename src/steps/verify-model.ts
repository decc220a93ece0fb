import { closing } from '../core/closing.ts'
import type { Digest } from '../core/digest.ts'
import type { StepContext } from '../core/step.ts'
import { digestFile } from '../drivers/files.ts'
import { versionName, type ModelVersion } from '../registry/model-version.ts'
import { openRegistry } from '../registry/registry.ts'
import type { VerifyIdentity } from '../signing/evidence.ts'
import { judgeEvidence, type Judgement, type ModelNow } from '../signing/judge-evidence.ts'
import { modelDigest } from '../signing/manifest.ts'
import { evidenceInFiles, entryOf, storedEvidence, type EvidencePlaces } from './model-evidence.ts'
import type { NamedPolicy } from './trust-file.ts'

export interface Verifying {
  readonly policy: NamedPolicy
  readonly places?: EvidencePlaces
  /** Leaves the age of what was measured aside. */
  readonly anyAge?: boolean
}

/** How a model stands to a policy, and the digest of the bytes that were looked at. */
export interface Verified extends Judgement {
  readonly name: string
  readonly digest: Digest
}

/**
 * Verifies a registered version by what the registry keeps for it, and by what lies where `places` says. The bytes are hashed
 * again. Offline, unless a signature was made without a key.
 */
export async function verifyVersion(context: StepContext, version: ModelVersion, verifying: Verifying): Promise<Verified> {
  const path = await closing(openRegistry(context.stateDir), (registry) => registry.modelBlob(version))
  return verifyStored(context, version, path, verifying)
}

/** The same with the path of the version's bytes, as they are: also when they are not what the registry says. */
async function verifyStored(
  context: StepContext,
  version: ModelVersion,
  path: string,
  { places, ...verifying }: Verifying,
): Promise<Verified> {
  const more =
    places?.attestations || places?.signature ? await evidenceInFiles(context, path, { attestations: [], ...places }) : undefined
  const model: ModelNow = {
    name: versionName(version),
    digest: await digestFile(path),
    path,
    except: [],
    entry: entryOf(version),
  }
  return judge(context, model, [...storedEvidence(context.stateDir, version), ...(more?.evidence ?? [])], verifying)
}

/**
 * Verifies a model file or a folder by what lies beside it.
 *
 * @param path absolute
 */
export async function verifyPath(
  context: StepContext,
  path: string,
  name: string,
  { places = {}, ...verifying }: Verifying,
): Promise<Verified> {
  const { evidence, except } = await evidenceInFiles(context, path, places)
  const model: ModelNow = { name, digest: await modelDigest(path, { except }), path, except, entry: null }
  return judge(context, model, evidence, verifying)
}

async function judge(
  { clock }: StepContext,
  model: ModelNow,
  evidence: Awaited<ReturnType<typeof evidenceInFiles>>['evidence'],
  { policy: { policy }, anyAge = false }: Omit<Verifying, 'places'>,
): Promise<Verified> {
  const verifyIdentity: VerifyIdentity = async (bundle) =>
    (await import('../signing/keyless.ts')).identityVerifier(policy.identities)(bundle)
  const judgement = await judgeEvidence({ model, evidence, policy, now: clock.now(), verifyIdentity, anyAge })
  return { ...judgement, name: model.name, digest: model.digest }
}
