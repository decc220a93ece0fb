/** The element types that ONNX Runtime hands to and takes from Node; `float16` as its 16 bits. */
export const TENSOR_TYPES = [
  'float32',
  'float64',
  'float16',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'bool',
  'string',
] as const
export type TensorType = (typeof TENSOR_TYPES)[number]

export type TensorElements =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>

/** Texts as places in a list of the different ones: a column of categories is a few words and many numbers. */
export interface EncodedTexts {
  readonly words: readonly string[]
  readonly codes: Int32Array<ArrayBuffer>
}

/** A tensor on its way to or from the thread or process that runs the model. */
export type WireTensor =
  | { readonly type: Exclude<TensorType, 'string'>; readonly dims: readonly number[]; readonly data: TensorElements }
  | { readonly type: 'string'; readonly dims: readonly number[]; readonly data: EncodedTexts }

/** The memory that tensors are in, each once. */
export function buffersOf(tensors: Readonly<Record<string, WireTensor>>): ArrayBuffer[] {
  return [...new Set(Object.values(tensors).map(({ type, data }) => (type === 'string' ? data.codes.buffer : data.buffer)))]
}

/** What the runtime says of an input or output. A size that varies is a text; `null` for what is no tensor. */
export interface ValueInfo {
  readonly name: string
  readonly type: string | null
  readonly shape: readonly (number | string)[]
}

export type SessionRequest =
  /** The bytes of a model, or its absolute path where its weights are in files beside it. */
  | { readonly op: 'open'; readonly model: Uint8Array | string }
  | { readonly op: 'run'; readonly feeds: Readonly<Record<string, WireTensor>>; readonly fetches: readonly string[] }
  | { readonly op: 'close' }

/** Answers come in the order of the requests; `close` has none. */
export type SessionAnswer =
  | { readonly kind: 'opened'; readonly inputs: readonly ValueInfo[]; readonly outputs: readonly ValueInfo[] }
  /** `spent`: the memory of the feeds, for those to come. */
  | { readonly kind: 'ran'; readonly outputs: Readonly<Record<string, WireTensor>>; readonly spent: readonly ArrayBuffer[] }
  /** `missing`: onnxruntime-node is not installed, or cannot be loaded. */
  | { readonly kind: 'failed'; readonly message: string; readonly missing?: 'absent' | 'broken' }
