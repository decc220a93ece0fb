import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { UserError } from '../../core/errors.ts'
import type { Datatype } from '../../core/predictor.ts'
import type { Column, Table } from '../../core/table.ts'
import { asNumbers, featureColumns, unfit } from './columns.ts'

type TensorClass = typeof OrtTensor
type Feeds = Record<string, OrtTensor>
type Dimension = number | string

/** How rows become the inputs of a model. */
export interface OnnxInputs {
  readonly features: readonly string[]
  readonly datatypes: Readonly<Record<string, Datatype>>
  /** The number of rows that the model takes at once, where it is fixed. */
  readonly fixedRows: number | null
  /** @throws UserError E_MODEL_INPUT when columns are missing or hold what the model does not take */
  feeds(table: Table): Feeds
}

/** What a tensor element of the runtime is called by the protocol, and how it is filled. */
const ELEMENTS: Readonly<Record<string, { readonly datatype: Datatype; readonly integers?: readonly [number, number] }>> = {
  float32: { datatype: 'FP32' },
  float64: { datatype: 'FP64' },
  int8: { datatype: 'INT8', integers: [-0x80, 0x7f] },
  uint8: { datatype: 'UINT8', integers: [0, 0xff] },
  int16: { datatype: 'INT16', integers: [-0x8000, 0x7fff] },
  uint16: { datatype: 'UINT16', integers: [0, 0xffff] },
  int32: { datatype: 'INT32', integers: [-0x80000000, 0x7fffffff] },
  uint32: { datatype: 'UINT32', integers: [0, 0xffffffff] },
  int64: { datatype: 'INT64', integers: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] },
  uint64: { datatype: 'UINT64', integers: [0, Number.MAX_SAFE_INTEGER] },
  string: { datatype: 'BYTES' },
  bool: { datatype: 'BOOL' },
}

/**
 * Reads off a model's inputs how rows are fed to it: one input per column, or one matrix.
 *
 * @param named column order of a matrix, from the user or the model
 * @throws UserError E_MODEL_INPUT when the inputs are neither
 */
export function onnxInputs(
  Tensor: TensorClass,
  model: string,
  metadata: readonly InferenceSession.ValueMetadata[],
  named: readonly string[] | null,
): OnnxInputs {
  const inputs = metadata.map((input) => {
    if (!input.isTensor || ELEMENTS[input.type] === undefined) {
      const type = input.isTensor ? input.type : 'not a tensor'
      throw new UserError('E_MODEL_INPUT', `${model}: input "${input.name}" is ${type}, which rows cannot be turned into`)
    }
    return input
  })
  const [first] = inputs
  if (first === undefined) throw new UserError('E_MODEL_INPUT', `${model} has no inputs`)
  const fixedRows = typeof first.shape[0] === 'number' && first.shape[0] > 0 ? first.shape[0] : null
  if (inputs.length === 1 && isMatrix(first.shape, named)) {
    return { ...matrixInput(Tensor, model, first, named), fixedRows }
  }
  const wide = inputs.find(({ shape }) => shape.length > 2 || (typeof shape[1] === 'number' && shape[1] > 1))
  if (wide) {
    throw new UserError('E_MODEL_INPUT', `${model}: input "${wide.name}" has shape [${wide.shape.join(', ')}], not one column`, {
      hint: 'Give the model one input per column, of shape [N, 1], or a single matrix of shape [N, columns].',
    })
  }
  return { ...columnInputs(Tensor, model, inputs), fixedRows }
}

function isMatrix(shape: readonly Dimension[], named: readonly string[] | null): boolean {
  if (shape.length !== 2) return false
  return typeof shape[1] === 'number' && shape[1] > 0 ? shape[1] > 1 || named?.length === 1 : named !== null
}

type TensorInput = InferenceSession.TensorValueMetadata

function columnInputs(Tensor: TensorClass, model: string, inputs: readonly TensorInput[]): Omit<OnnxInputs, 'fixedRows'> {
  const features = inputs.map(({ name }) => name)
  return {
    features,
    datatypes: Object.fromEntries(inputs.map(({ name, type }) => [name, ELEMENTS[type]!.datatype])),
    feeds(table) {
      const columns = featureColumns(table, features, model)
      return Object.fromEntries(
        inputs.map(({ name, type, shape }) => {
          const dims = shape.length === 1 ? [table.rowCount] : [table.rowCount, 1]
          return [name, tensor(Tensor, type, elementsOf(model, name, type, columns.get(name)!), dims)]
        }),
      )
    },
  }
}

function matrixInput(
  Tensor: TensorClass,
  model: string,
  { name, type, shape }: TensorInput,
  named: readonly string[] | null,
): Omit<OnnxInputs, 'fixedRows'> {
  const width = typeof shape[1] === 'number' ? shape[1] : named?.length
  if (named === null || named.length !== width) {
    const found = named === null ? 'their names are not known' : `${named.length} are named`
    throw new UserError('E_MODEL_INPUT', `${model} takes a matrix of ${width} columns; ${found}`, {
      hint: 'Name them in order with --features, or in the model: metadata_props "feature_names", a JSON list.',
    })
  }
  return {
    features: named,
    datatypes: Object.fromEntries(named.map((feature) => [feature, ELEMENTS[type]!.datatype])),
    feeds(table) {
      const columns = [...featureColumns(table, named, model)].map(([feature, column]) =>
        elementsOf(model, feature, type, column),
      )
      const matrix = Array.from({ length: table.rowCount * width }, (_none, i) => columns[i % width]![Math.floor(i / width)]!)
      return { [name]: tensor(Tensor, type, matrix, [table.rowCount, width]) }
    },
  }
}

type Elements = ArrayLike<number | string | boolean>

/** The values of a column in the element type of an input; nothing is cut, rounded to an integer or guessed. */
function elementsOf(model: string, name: string, type: string, column: Column): Elements {
  if (type === 'string') {
    const bad = column.findIndex((cell) => typeof cell !== 'string')
    if (bad >= 0) throw unfit(model, name, 'text', bad, column[bad])
    return column as readonly string[]
  }
  const numbers = asNumbers(column)
  if (numbers === undefined) {
    const bad = column.findIndex((cell) => typeof cell === 'string')
    throw unfit(model, name, type === 'bool' ? 'truth values' : 'numbers', bad, column[bad])
  }
  if (type === 'bool') {
    const bad = numbers.findIndex((value) => value !== 0 && value !== 1)
    if (bad >= 0) throw unfit(model, name, 'truth values', bad, column[bad])
    return Array.from(numbers, Boolean)
  }
  const { integers } = ELEMENTS[type]!
  if (integers) {
    const bad = numbers.findIndex((value) => !Number.isInteger(value) || value < integers[0] || value > integers[1])
    if (bad >= 0) throw unfit(model, name, `integers (${type})`, bad, column[bad])
  }
  return numbers
}

function tensor(Tensor: TensorClass, type: string, elements: Elements, dims: readonly number[]): OrtTensor {
  if (type === 'string') return new Tensor('string', Array.from(elements as ArrayLike<string>), dims)
  if (type === 'bool') return new Tensor('bool', Array.from(elements as ArrayLike<boolean>), dims)
  const numbers = elements as ArrayLike<number>
  switch (type) {
    case 'float32':
      return new Tensor('float32', Float32Array.from(numbers), dims)
    case 'float64':
      return new Tensor('float64', Float64Array.from(numbers), dims)
    case 'int8':
      return new Tensor('int8', Int8Array.from(numbers), dims)
    case 'uint8':
      return new Tensor('uint8', Uint8Array.from(numbers), dims)
    case 'int16':
      return new Tensor('int16', Int16Array.from(numbers), dims)
    case 'uint16':
      return new Tensor('uint16', Uint16Array.from(numbers), dims)
    case 'int32':
      return new Tensor('int32', Int32Array.from(numbers), dims)
    case 'uint32':
      return new Tensor('uint32', Uint32Array.from(numbers), dims)
    case 'uint64':
      return new Tensor('uint64', BigUint64Array.from(Array.from(numbers, BigInt)), dims)
    default:
      return new Tensor('int64', BigInt64Array.from(Array.from(numbers, BigInt)), dims)
  }
}
