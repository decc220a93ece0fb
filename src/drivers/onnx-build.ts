import { ATTRIBUTE_TYPE, type AttributeProto, type Int64, type NodeProto, type ValueInfoProto } from './onnx-messages.ts'

const utf8 = new TextEncoder()

export const floatAttribute = (name: string, f: number): AttributeProto => ({ name, type: ATTRIBUTE_TYPE.FLOAT, f })
export const intAttribute = (name: string, i: Int64): AttributeProto => ({ name, type: ATTRIBUTE_TYPE.INT, i })
export const stringAttribute = (name: string, text: string): AttributeProto => ({
  name,
  type: ATTRIBUTE_TYPE.STRING,
  s: utf8.encode(text),
})
export const floatsAttribute = (name: string, floats: readonly number[]): AttributeProto => ({
  name,
  type: ATTRIBUTE_TYPE.FLOATS,
  floats,
})
export const intsAttribute = (name: string, ints: readonly Int64[]): AttributeProto => ({
  name,
  type: ATTRIBUTE_TYPE.INTS,
  ints,
})
export const stringsAttribute = (name: string, texts: readonly string[]): AttributeProto => ({
  name,
  type: ATTRIBUTE_TYPE.STRINGS,
  strings: texts.map((text) => utf8.encode(text)),
})

/** One operation: `onnxNode('Concat', ['a', 'b'], ['c'], [intAttribute('axis', 1)])`; the domain `ai.onnx.ml` is given last. */
export function onnxNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attribute: readonly AttributeProto[] = [],
  domain = '',
): NodeProto {
  return { opType, input, output, name: `${opType}_${output.join('_')}`, attribute, domain }
}

/** An input or output of a graph: its name, element type (one of DATA_TYPE) and shape; a text names a size that varies. */
export function tensorInfo(name: string, elemType: number, shape: readonly (number | string)[]): ValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}
