import protobuf from 'protobufjs'
import { messageOf, UserError } from '../core/errors.ts'
import { ONNX_DESCRIPTOR } from './onnx-descriptor.ts'
import type { ModelProto } from './onnx-messages.ts'

export * from './onnx-build.ts'
export * from './onnx-messages.ts'

let modelType: protobuf.Type | undefined
/** Built on first use: most commands never touch an ONNX file. */
const model = () => (modelType ??= protobuf.Root.fromJSON(ONNX_DESCRIPTOR).lookupType('ModelProto'))

/**
 * Reads the bytes of an ONNX file. Nothing is executed; tensors of raw data share the memory of `bytes`. Safe on
 * untrusted bytes: lengths are checked, and nesting is limited to 100 messages as in Google's own readers.
 *
 * @throws UserError E_MODEL_FORMAT when the bytes are not an ONNX model
 */
export function decodeOnnx(bytes: Uint8Array): ModelProto {
  let decoded: ModelProto
  try {
    decoded = fromBigints(model().toObject(model().decode(bytes), { longs: BigInt }))
  } catch (error) {
    // protobufjs says no more than that an index is out of range.
    const why =
      error instanceof RangeError ? 'the file ends in the middle of a field; it is cut short or damaged' : messageOf(error)
    throw new UserError('E_MODEL_FORMAT', `Not an ONNX model: ${why}`, { cause: error })
  }
  // Protobuf reads many a random file as a message with unknown fields; a model always has these two.
  if (!decoded.irVersion || decoded.graph === undefined) {
    throw new UserError('E_MODEL_FORMAT', 'Not an ONNX model: it has no IR version or no graph')
  }
  return decoded
}

/** The bytes of an ONNX file. */
export function encodeOnnx(value: ModelProto): Uint8Array {
  return model()
    .encode(model().fromObject(toLongs(value) as Record<string, unknown>))
    .finish()
}

/** The `metadata_props` of a model by key. */
export function onnxMetadata(value: ModelProto): Record<string, string> {
  return Object.fromEntries((value.metadataProps ?? []).map((entry) => [entry.key ?? '', entry.value ?? '']))
}

function fromBigints<T>(value: unknown): T {
  return mapBigints(value, (int) => (int >= Number.MIN_SAFE_INTEGER && int <= Number.MAX_SAFE_INTEGER ? Number(int) : int)) as T
}

const toLongs = (value: unknown) => mapBigints(value, (int) => int.toString())

function mapBigints(value: unknown, map: (int: bigint) => unknown): unknown {
  if (typeof value === 'bigint') return map(value)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  // Lists of weights are long and homogeneous: one look at the first tells that there is nothing to do.
  if (Array.isArray(value)) {
    return typeof value[0] === 'string' ? value : value.map((member) => mapBigints(member, map))
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapBigints(member, map)]))
}
