import { extname, join, resolve } from 'node:path'
import { z } from 'zod'
import { closing } from '../core/closing.ts'
import { shortDigest, type Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { file, type Resource, type StepContext } from '../core/step.ts'
import { openBlobs } from '../drivers/blobs.ts'
import { requireFile, statIfExists } from '../drivers/files.ts'
import { versionName, type ModelVersion } from '../registry/model-version.ts'
import { openRegistry } from '../registry/registry.ts'
import { MODEL_DIGEST } from '../release/oci/model-image.ts'
import { verifyLayout } from '../release/oci/verify-layout.ts'
import { releaseOf, type Release } from '../release/release.ts'
import { admitModel, requireAdmitted, scanForAdmission } from './admit-model.ts'
import { MODEL_VERSION_FILE, readModelVersionFile } from './model-version-file.ts'

const IMAGE_FOLDER = 'results/image'
/** The name of a model that has none. Not the file's: clients call the model by name, and must not have to change when a file does. */
const UNREGISTERED = 'model'

/** The parameters that say what to release. Steps that speak of the same release (approve, deploy) have the same ones. */
export const releaseParams = {
  version: z
    .string()
    .optional()
    .meta({ value: 'NAME/VERSION' })
    .describe(`Registered model version: name/3, name@alias or name. Without it, the one that ${MODEL_VERSION_FILE} names`),
  model: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe(
      `A model file instead of a registered version, served under the name "${UNREGISTERED}"; it must pass the security scan`,
    ),
  image: z
    .string()
    .optional()
    .meta({ value: 'FOLDER' })
    .describe(`OCI image layout of the model; ${IMAGE_FOLDER} when that exists`),
  python: z.string().optional().meta({ value: 'PROGRAM' }).describe('The Python that serves a Python model'),
}

export interface ReleaseParams {
  readonly version?: string | undefined
  readonly model?: string | undefined
  readonly image?: string | undefined
  readonly python?: string | undefined
}

/** What the choice of a model depends on. */
export function modelReads({ version, model }: ReleaseParams): Resource[] {
  if (model !== undefined) return [file(model)]
  return [version === undefined ? file(MODEL_VERSION_FILE) : { kind: 'registry', name: version.split(/[/@]/)[0]! }]
}

/** What the choice of a release depends on. */
export function releaseReads(params: ReleaseParams): Resource[] {
  return [...modelReads(params), file(params.image ?? IMAGE_FOLDER)]
}

export interface ChosenModel {
  readonly modelName: string
  readonly modelVersion: string
  readonly modelDigest: Digest
  /** With its dot. */
  readonly modelExtension: string
  /** Its file in the blob store. */
  readonly blob: string
  /** Null for a model that is not registered. */
  readonly version: ModelVersion | null
}

/**
 * The model that the parameters stand for. It is in the blob store afterwards, whole and admitted.
 *
 * @throws UserError E_NOT_FOUND, E_FILE_MISSING, E_MODEL_UNSCANNED, E_CONFLICT
 */
export async function chooseModel(context: StepContext, params: ReleaseParams): Promise<ChosenModel> {
  if (params.version !== undefined && params.model !== undefined) {
    throw new UserError('E_USAGE', 'Both --version and --model name a model', { hint: 'Give one of them.' })
  }
  return params.model === undefined ? registeredModel(context, params.version) : admittedFile(context, params.model)
}

/**
 * The release that the parameters stand for. Its model is in the blob store afterwards, whole and admitted.
 *
 * @throws UserError as `chooseModel`; E_CONFLICT when model and image are not of one piece
 */
export async function chooseRelease(
  context: StepContext,
  params: ReleaseParams,
): Promise<{ release: Release; version: ModelVersion | null }> {
  const { modelName, modelVersion, modelDigest, modelExtension, version } = await chooseModel(context, params)
  const release = releaseOf({
    modelName,
    modelVersion,
    modelDigest,
    modelExtension,
    imageDigest: await imageOf(context, params, modelDigest),
    configDigest: version?.lineage.config?.digest ?? null,
    python: params.python ?? null,
  })
  return { release, version }
}

async function admittedFile(context: StepContext, model: string): Promise<ChosenModel> {
  const path = await requireFile(context.cwd, model, 'The model')
  const admitted = await admitModel(context)(path)
  const blobs = openBlobs(context.stateDir)
  const { digest } = await blobs.putFile(path)
  if (digest !== admitted) throw new UserError('E_CONFLICT', `The model changed while it was looked at: ${model}`)
  return {
    modelName: UNREGISTERED,
    modelVersion: shortDigest(digest),
    modelDigest: digest,
    modelExtension: extname(path),
    blob: await blobs.verified(digest),
    version: null,
  }
}

async function registeredModel(context: StepContext, reference: string | undefined): Promise<ChosenModel> {
  const named =
    reference === undefined ? await readModelVersionFile(context.cwd, MODEL_VERSION_FILE) : { reference, digest: null }
  return closing(openRegistry(context.stateDir), async (registry) => {
    const version = registry.resolve(named.reference)
    if (named.digest !== null && named.digest !== version.digest) {
      throw new UserError('E_CONFLICT', `${MODEL_VERSION_FILE} and the registry disagree on what ${named.reference} is`, {
        hint: 'Run plimsoll register-model again: the file comes from another state folder.',
      })
    }
    const blob = await registry.modelBlob(version)
    // It was scanned when it was registered; by the rules of today, and whatever was written into the registry since.
    const { scan } = await scanForAdmission(context, blob, version.file)
    requireAdmitted(scan, versionName(version), 'deployed')
    if (scan.digest !== version.digest)
      throw new UserError('E_CONFLICT', `The model ${versionName(version)} changed while it was looked at`)
    return {
      modelName: version.name,
      modelVersion: String(version.version),
      modelDigest: version.digest,
      modelExtension: extname(version.file),
      blob,
      version,
    }
  })
}

/** The digest of the image that goes with the model. One that was found and not asked for may be of another model; then it is none. */
async function imageOf(context: StepContext, params: ReleaseParams, modelDigest: Digest): Promise<Digest | null> {
  const folder = resolve(context.cwd, params.image ?? IMAGE_FOLDER)
  if (params.image === undefined && !(await statIfExists(join(folder, 'oci-layout')))) return null
  const { digest, manifest } = await verifyLayout(folder)
  const holds = manifest.annotations?.[MODEL_DIGEST]
  if (holds === modelDigest) return digest
  if (params.image === undefined && (params.version !== undefined || params.model !== undefined)) return null
  throw new UserError('E_CONFLICT', `The image ${params.image ?? IMAGE_FOLDER} holds another model than the one to release`, {
    hint: `It holds ${shortDigest(holds ?? 'none')}, and the release needs ${shortDigest(modelDigest)}. Run plimsoll build-image again.`,
  })
}
