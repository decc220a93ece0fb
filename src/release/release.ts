import { digestOf, shortDigest, type Digest } from '../core/digest.ts'

/** All that decides what an environment serves. Equal content is the same release, with the same id. */
export interface ReleaseContent {
  readonly modelName: string
  /** The registry's number, or a short digest for a model that is not registered. */
  readonly modelVersion: string
  readonly modelDigest: Digest
  /** Extension of the model's file with its dot; it decides how the model is loaded. */
  readonly modelExtension: string
  /** The OCI image, which also holds the row schema and configuration that belong to the model. */
  readonly imageDigest: Digest | null
  /** The training configuration. */
  readonly configDigest: Digest | null
  /** The Python that serves the model; null for models that need none, or for the one on the PATH. */
  readonly python: string | null
}

/** What is deployed: immutable, and named by its content. */
export interface Release extends ReleaseContent {
  /** The first twelve hex digits of the content's digest. */
  readonly id: string
}

export function releaseOf(content: ReleaseContent): Release {
  return { id: shortDigest(digestOf(content)), ...content }
}

/** `mortgage/3 (release 0123456789ab)` */
export function describeRelease({ modelName, modelVersion, id }: Release): string {
  return `${modelName}/${modelVersion} (release ${id})`
}
