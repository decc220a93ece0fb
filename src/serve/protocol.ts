import type { Datatype, Label } from '../core/predictor.ts'

/**
 * The JSON documents of the Open Inference Protocol v2 over REST.
 *
 * Two additions of ours, both of which other clients may ignore: `null` in a tensor's data is a missing value, and the
 * server's metadata lists its models.
 *
 * Source: https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly datatype: Datatype
  readonly parameters?: Readonly<Record<string, unknown>>
  /** Row-major; flat, or nested as the shape says. */
  readonly data: readonly unknown[]
}

export interface InferRequest {
  readonly id?: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly inputs: readonly Tensor[]
  readonly outputs?: readonly { readonly name: string }[]
}

export interface InferResponse {
  readonly model_name: string
  readonly model_version?: string
  readonly id?: string
  readonly outputs: readonly Tensor[]
}

export interface TensorMetadata {
  readonly name: string
  readonly datatype: Datatype
  /** -1 is a dimension of any size. */
  readonly shape: readonly number[]
  readonly parameters?: Readonly<Record<string, unknown>>
}

export interface ModelMetadata {
  readonly name: string
  readonly versions: readonly string[]
  readonly platform: string
  readonly inputs: readonly TensorMetadata[]
  readonly outputs: readonly TensorMetadata[]
  /** An extension: what only the model itself knows, for those who judge it through the endpoint. */
  readonly parameters?: { readonly feature_importances: Readonly<Record<string, number>> }
}

export interface ServerMetadata {
  readonly name: string
  readonly version: string
  readonly extensions: readonly string[]
  readonly models: readonly string[]
}

/** Headers that say which release answered. */
export const MODEL_VERSION_HEADER = 'x-model-version'
export const MODEL_DIGEST_HEADER = 'x-model-digest'
export const RELEASE_HEADER = 'x-release-id'

export const LABEL_OUTPUT = 'label'
export const PROBABILITIES_OUTPUT = 'probabilities'

/** The tensor element type that holds these labels. */
export function labelDatatype(labels: readonly Label[]): Datatype {
  if (labels.some((label) => typeof label === 'string')) return 'BYTES'
  return labels.every((label) => Number.isSafeInteger(label)) ? 'INT64' : 'FP64'
}

/** A request that the server refuses: the client is told the message, and nothing else of what happened. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}
