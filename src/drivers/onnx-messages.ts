/** A 64-bit integer: read as a number where that is exact, else as a bigint. */
export type Int64 = number | bigint

/** Element types of tensors (`TensorProto.DataType`). */
export const DATA_TYPE = {
  UNDEFINED: 0,
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  STRING: 8,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
  BFLOAT16: 16,
} as const

/** Kinds of node attributes (`AttributeProto.AttributeType`). */
export const ATTRIBUTE_TYPE = {
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  GRAPH: 5,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
  TENSORS: 9,
  GRAPHS: 10,
  SPARSE_TENSOR: 11,
  SPARSE_TENSORS: 12,
  TYPE_PROTO: 13,
  TYPE_PROTOS: 14,
} as const

/** `TensorProto.dataLocation` of a tensor whose values are in another file, which `externalData` names. */
export const EXTERNAL_DATA = 1

export interface ModelProto {
  readonly irVersion?: Int64
  readonly producerName?: string
  readonly producerVersion?: string
  readonly domain?: string
  readonly modelVersion?: Int64
  readonly docString?: string
  readonly graph?: GraphProto
  readonly opsetImport?: readonly OperatorSetIdProto[]
  readonly metadataProps?: readonly StringStringEntryProto[]
  readonly functions?: readonly FunctionProto[]
}

export interface OperatorSetIdProto {
  readonly domain?: string
  readonly version?: Int64
}

export interface StringStringEntryProto {
  readonly key?: string
  readonly value?: string
}

export interface GraphProto {
  readonly name?: string
  readonly docString?: string
  readonly node?: readonly NodeProto[]
  readonly input?: readonly ValueInfoProto[]
  readonly output?: readonly ValueInfoProto[]
  readonly valueInfo?: readonly ValueInfoProto[]
  readonly initializer?: readonly TensorProto[]
  readonly sparseInitializer?: readonly SparseTensorProto[]
  readonly metadataProps?: readonly StringStringEntryProto[]
}

export interface NodeProto {
  readonly name?: string
  readonly opType?: string
  /** Empty for the standard operators, `ai.onnx.ml` for classical machine learning. */
  readonly domain?: string
  readonly overload?: string
  readonly input?: readonly string[]
  readonly output?: readonly string[]
  readonly attribute?: readonly AttributeProto[]
  readonly docString?: string
  readonly metadataProps?: readonly StringStringEntryProto[]
}

/** `type` (one of ATTRIBUTE_TYPE) says which of the value fields counts. */
export interface AttributeProto {
  readonly name?: string
  readonly type?: number
  readonly f?: number
  readonly i?: Int64
  readonly s?: Uint8Array
  readonly t?: TensorProto
  readonly g?: GraphProto
  readonly tp?: TypeProto
  readonly sparseTensor?: SparseTensorProto
  readonly floats?: readonly number[]
  readonly ints?: readonly Int64[]
  readonly strings?: readonly Uint8Array[]
  readonly tensors?: readonly TensorProto[]
  readonly graphs?: readonly GraphProto[]
  readonly typeProtos?: readonly TypeProto[]
  readonly sparseTensors?: readonly SparseTensorProto[]
  readonly refAttrName?: string
  readonly docString?: string
}

export interface FunctionProto {
  readonly name?: string
  readonly domain?: string
  readonly overload?: string
  readonly input?: readonly string[]
  readonly output?: readonly string[]
  readonly attribute?: readonly string[]
  readonly attributeProto?: readonly AttributeProto[]
  readonly node?: readonly NodeProto[]
  readonly opsetImport?: readonly OperatorSetIdProto[]
  readonly valueInfo?: readonly ValueInfoProto[]
  readonly docString?: string
  readonly metadataProps?: readonly StringStringEntryProto[]
}

/** The values are in the field of the data type, or little-endian in `rawData`, or in another file. */
export interface TensorProto {
  readonly name?: string
  readonly dims?: readonly Int64[]
  readonly dataType?: number
  readonly floatData?: readonly number[]
  readonly int32Data?: readonly number[]
  readonly stringData?: readonly Uint8Array[]
  readonly int64Data?: readonly Int64[]
  readonly doubleData?: readonly number[]
  readonly uint64Data?: readonly Int64[]
  readonly rawData?: Uint8Array
  readonly externalData?: readonly StringStringEntryProto[]
  readonly dataLocation?: number
  readonly docString?: string
  readonly metadataProps?: readonly StringStringEntryProto[]
}

export interface SparseTensorProto {
  readonly values?: TensorProto
  readonly indices?: TensorProto
  readonly dims?: readonly Int64[]
}

export interface ValueInfoProto {
  readonly name?: string
  readonly type?: TypeProto
  readonly docString?: string
  readonly metadataProps?: readonly StringStringEntryProto[]
}

/** Exactly one of the `…Type` fields is set. */
export interface TypeProto {
  readonly tensorType?: TensorTypeProto
  readonly sequenceType?: { readonly elemType?: TypeProto }
  readonly mapType?: { readonly keyType?: number; readonly valueType?: TypeProto }
  readonly opaqueType?: { readonly domain?: string; readonly name?: string }
  readonly sparseTensorType?: TensorTypeProto
  readonly optionalType?: { readonly elemType?: TypeProto }
  readonly denotation?: string
}

export interface TensorTypeProto {
  readonly elemType?: number
  readonly shape?: { readonly dim?: readonly DimensionProto[] }
}

/** A fixed size, or the name of a size that is only known when the model runs. */
export interface DimensionProto {
  readonly dimValue?: Int64
  readonly dimParam?: string
  readonly denotation?: string
}
