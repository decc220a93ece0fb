import type { INamespace } from 'protobufjs'

/** `message('1 name string', '7 *floats float', …)`: number, name (a star: repeated, `*!`: repeated and packed), type. */
function message(...lines: readonly string[]) {
  const fields = lines.map((line) => {
    const [id, name, type] = line.split(' ') as [string, string, string]
    const [, star, bare] = /^(\*?!?)(.*)$/.exec(name)!
    const field = { id: Number(id), type, ...(star && { rule: 'repeated', options: { packed: star === '*!' } }) }
    return [bare, field] as const
  })
  return { edition: 'proto2', fields: Object.fromEntries(fields) }
}

/** A message of which at most one field is set. */
function choice(oneof: readonly string[], rest: readonly string[] = []) {
  return { ...message(...oneof, ...rest), oneofs: { value: { oneof: oneof.map((line) => line.split(' ')[1]!) } } }
}

/**
 * The messages of the ONNX format by their field numbers, which are its wire contract
 * (https://github.com/onnx/onnx/blob/main/docs/IR.md). Enumerations are plain int32 here: an unknown value must survive.
 */
export const ONNX_DESCRIPTOR: INamespace = {
  nested: {
    ModelProto: message(
      '1 irVersion int64',
      '2 producerName string',
      '3 producerVersion string',
      '4 domain string',
      '5 modelVersion int64',
      '6 docString string',
      '7 graph GraphProto',
      '8 *opsetImport OperatorSetIdProto',
      '14 *metadataProps StringStringEntryProto',
      '25 *functions FunctionProto',
    ),
    OperatorSetIdProto: message('1 domain string', '2 version int64'),
    StringStringEntryProto: message('1 key string', '2 value string'),
    GraphProto: message(
      '1 *node NodeProto',
      '2 name string',
      '5 *initializer TensorProto',
      '10 docString string',
      '11 *input ValueInfoProto',
      '12 *output ValueInfoProto',
      '13 *valueInfo ValueInfoProto',
      '15 *sparseInitializer SparseTensorProto',
      '16 *metadataProps StringStringEntryProto',
    ),
    NodeProto: message(
      '1 *input string',
      '2 *output string',
      '3 name string',
      '4 opType string',
      '5 *attribute AttributeProto',
      '6 docString string',
      '7 domain string',
      '8 overload string',
      '9 *metadataProps StringStringEntryProto',
    ),
    AttributeProto: message(
      '1 name string',
      '2 f float',
      '3 i int64',
      '4 s bytes',
      '5 t TensorProto',
      '6 g GraphProto',
      '7 *floats float',
      '8 *ints int64',
      '9 *strings bytes',
      '10 *tensors TensorProto',
      '11 *graphs GraphProto',
      '13 docString string',
      '14 tp TypeProto',
      '15 *typeProtos TypeProto',
      '20 type int32',
      '21 refAttrName string',
      '22 sparseTensor SparseTensorProto',
      '23 *sparseTensors SparseTensorProto',
    ),
    FunctionProto: message(
      '1 name string',
      '4 *input string',
      '5 *output string',
      '6 *attribute string',
      '7 *node NodeProto',
      '8 docString string',
      '9 *opsetImport OperatorSetIdProto',
      '10 domain string',
      '11 *attributeProto AttributeProto',
      '12 *valueInfo ValueInfoProto',
      '13 overload string',
      '14 *metadataProps StringStringEntryProto',
    ),
    TensorProto: message(
      '1 *dims int64',
      '2 dataType int32',
      '4 *!floatData float',
      '5 *!int32Data int32',
      '6 *stringData bytes',
      '7 *!int64Data int64',
      '8 name string',
      '9 rawData bytes',
      '10 *!doubleData double',
      '11 *!uint64Data uint64',
      '12 docString string',
      '13 *externalData StringStringEntryProto',
      '14 dataLocation int32',
      '16 *metadataProps StringStringEntryProto',
    ),
    SparseTensorProto: message('1 values TensorProto', '2 indices TensorProto', '3 *dims int64'),
    ValueInfoProto: message('1 name string', '2 type TypeProto', '3 docString string', '4 *metadataProps StringStringEntryProto'),
    TypeProto: choice(
      [
        '1 tensorType TensorType',
        '4 sequenceType SequenceType',
        '5 mapType MapType',
        '7 opaqueType OpaqueType',
        '8 sparseTensorType TensorType',
        '9 optionalType SequenceType',
      ],
      ['6 denotation string'],
    ),
    TensorType: message('1 elemType int32', '2 shape TensorShapeProto'),
    SequenceType: message('1 elemType TypeProto'),
    MapType: message('1 keyType int32', '2 valueType TypeProto'),
    OpaqueType: message('1 domain string', '2 name string'),
    TensorShapeProto: message('1 *dim DimensionProto'),
    DimensionProto: choice(['1 dimValue int64', '2 dimParam string'], ['3 denotation string']),
  },
}
