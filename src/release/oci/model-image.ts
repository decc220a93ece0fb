import type { Digest } from '../../core/digest.ts'
import { writeLayout, MANIFEST_TYPE, type Descriptor, type Manifest } from './layout.ts'
import { tar } from './tar.ts'

// Media types of the CNCF ModelPack specification (modelpack/model-spec, specs-go/v1/mediatype.go).
export const MODEL_ARTIFACT_TYPE = 'application/vnd.cncf.model.manifest.v1+json'
const CONFIG_TYPE = 'application/vnd.cncf.model.config.v1+json'
const WEIGHTS_TYPE = 'application/vnd.cncf.model.weight.v1.tar'
const WEIGHT_CONFIG_TYPE = 'application/vnd.cncf.model.weight.config.v1.tar'
const FILEPATH = 'org.cncf.model.filepath'
/** Annotation of our own: the digest of the model file inside the weights layer. */
export const MODEL_DIGEST = 'io.plimsoll.model.digest'

/** All that determines the bytes of an image. */
export interface ModelImage {
  readonly name: string
  readonly version: string
  readonly modelDigest: Digest
  /** The model's file: where it is, and what it is called in the image. */
  readonly model: { readonly file: string; readonly path: string }
  /** Files that belong to the model: the schema of its rows, its training configuration. They come in a layer of their own. */
  readonly files: readonly { readonly file: string; readonly path: string }[]
  /** `onnx`, `pickle`, … */
  readonly format: string
  /** The commit that the model was made from. */
  readonly revision: string | null
  /** Where the source code is. */
  readonly source: string | null
  /** Seconds since 1970: SOURCE_DATE_EPOCH, or 0. Never the time of the build, so that the same input gives the same digest. */
  readonly createdEpoch: number
}

/**
 * Writes a model as an OCI artifact (ModelPack) into an image layout. The weights are a layer of their own, uncompressed:
 * they hardly compress, compressors differ between machines, and a retrained model changes this layer alone.
 */
export async function writeModelImage(
  folder: string,
  image: ModelImage,
): Promise<{ descriptor: Descriptor; manifest: Manifest }> {
  let written: Manifest | undefined
  const descriptor = await writeLayout(folder, image.version, async (writer) => {
    const weights = await writer.stream(WEIGHTS_TYPE, tar([{ path: image.model.path, source: { file: image.model.file } }]), {
      [FILEPATH]: image.model.path,
    })
    const layers = [weights]
    if (image.files.length > 0) {
      const files = image.files.map(({ file, path }) => ({ path, source: { file } }))
      layers.push(await writer.stream(WEIGHT_CONFIG_TYPE, tar(files), { [FILEPATH]: files.map(({ path }) => path).join(',') }))
    }
    const config = await writer.json(CONFIG_TYPE, modelConfig(image, layers))
    written = {
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      artifactType: MODEL_ARTIFACT_TYPE,
      config,
      layers,
      annotations: annotationsOf(image),
    }
    return written
  })
  return { descriptor, manifest: written! }
}

/** The ModelPack configuration (modelpack/model-spec, schema/config-schema.json). */
function modelConfig(image: ModelImage, layers: readonly Descriptor[]): object {
  return {
    descriptor: {
      createdAt: createdAt(image),
      name: image.name,
      version: image.version,
      ...(image.revision !== null && { revision: image.revision }),
      ...(image.source !== null && { sourceURL: image.source }),
    },
    config: { format: image.format },
    modelfs: { type: 'layers', diffIds: layers.map(({ digest }) => digest) },
  }
}

/** Keys of image-spec, annotations.md. */
function annotationsOf(image: ModelImage): Record<string, string> {
  return {
    'org.opencontainers.image.created': createdAt(image),
    ...(image.revision !== null && { 'org.opencontainers.image.revision': image.revision }),
    ...(image.source !== null && { 'org.opencontainers.image.source': image.source }),
    'org.opencontainers.image.title': image.name,
    'org.opencontainers.image.version': image.version,
    [MODEL_DIGEST]: image.modelDigest,
  }
}

const createdAt = ({ createdEpoch }: ModelImage): string => new Date(createdEpoch * 1000).toISOString().replace('.000Z', 'Z')
