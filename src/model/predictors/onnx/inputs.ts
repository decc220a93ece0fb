import { UserError } from '../../../core/errors.ts'
import type { Datatype } from '../../../core/predictor.ts'
import type { Table } from '../../../core/table.ts'
import type { Feeds } from '../../../drivers/onnx-session.ts'
import { TENSOR_TYPES, type TensorType, type ValueInfo, type WireTensor } from '../../../drivers/onnx-session-messages.ts'
import { featureColumns } from '../columns.ts'
import { DATATYPE_OF, elementsOf, textsOf, type InputRows } from './elements.ts'

/** The columns of each input: a list for all inputs in their order, or a list for each by its name. */
export type FeatureNames = readonly string[] | Readonly<Record<string, readonly string[]>>

/** How rows become the inputs of a model. */
export interface OnnxInputs {
  readonly features: readonly string[]
  readonly datatypes: Readonly<Record<string, Datatype>>
  /** The number of rows that the model takes at once, where it is fixed. */
  readonly fixedRows: number | null
  /** Values of one row, of all inputs together. */
  readonly width: number
  /** @throws UserError E_MODEL_INPUT when the table lacks columns */
  of(table: Table): OnnxFeeder
}

/**
 * The inputs for the rows `from` to `to` (exclusive), filled up to `rows` rows by repeating the last.
 *
 * @throws UserError E_MODEL_INPUT when a column holds what the model does not take
 */
export type OnnxFeeder = (from: number, to: number, rows: number, memory: (bytes: number) => ArrayBuffer) => Feeds

interface Input {
  readonly name: string
  readonly type: TensorType
  /** Columns; null where the shape does not say. */
  readonly width: number | null
  /** Whether its tensor is `[N]`, without a dimension for columns. */
  readonly isFlat: boolean
  readonly fixedRows: number | null
}

/** An input whose columns are known. */
interface NamedInput extends Input {
  readonly columns: readonly string[]
}

/**
 * Reads off a model's inputs how rows are fed to it. An input of one column, `[N]` or `[N, 1]`, takes the column that is called
 * as it is; the columns of a matrix `[N, columns]` have to be named.
 *
 * @param named from the user or the model; null when neither names columns
 * @throws UserError E_MODEL_INPUT when the inputs cannot be made of columns, or when the names do not fit them
 */
export function onnxInputs(model: string, values: readonly ValueInfo[], named: FeatureNames | null): OnnxInputs {
  if (values.length === 0) throw new UserError('E_MODEL_INPUT', `${model} has no inputs`)
  const inputs = nameColumns(
    model,
    values.map((value) => inputOf(model, value)),
    named,
  )
  const features = inputs.flatMap(({ columns }) => columns)
  return {
    features: [...new Set(features)],
    datatypes: Object.fromEntries(inputs.flatMap(({ type, columns }) => columns.map((name) => [name, DATATYPE_OF[type]]))),
    fixedRows: commonFixedRows(model, inputs),
    width: features.length,
    of(table) {
      const found = featureColumns(table, features, model)
      const sources = inputs.map((input) => ({ input, columns: input.columns.map((name) => found.get(name)!) }))
      return (from, to, rows, memory) =>
        Object.fromEntries(
          sources.map(({ input, columns }) => [
            input.name,
            tensor(input, { model, names: input.columns, columns, from, to, rows, memory }),
          ]),
        )
    },
  }
}

function inputOf(model: string, { name, type, shape }: ValueInfo): Input {
  if (type === null || !isKnown(type)) {
    throw new UserError(
      'E_MODEL_INPUT',
      `${model}: input "${name}" is ${type ?? 'not a tensor'}, which rows cannot be turned into`,
    )
  }
  if (shape.length === 0 || shape.length > 2) {
    throw new UserError('E_MODEL_INPUT', `${model}: input "${name}" has shape [${shape.join(', ')}], which is not that of rows`, {
      hint: 'Give the model inputs of shape [N], [N, 1] or [N, columns], and let it reshape them itself.',
    })
  }
  const width = shape.length === 1 ? 1 : fixedSize(shape[1])
  return { name, type, width, isFlat: shape.length === 1, fixedRows: fixedSize(shape[0]) }
}

const isKnown = (type: string): type is TensorType => (TENSOR_TYPES as readonly string[]).includes(type)

/** A size that the model fixes. Exporters write 0 and −1 too for one that varies. */
const fixedSize = (size: number | string | undefined): number | null => (typeof size === 'number' && size > 0 ? size : null)

function commonFixedRows(model: string, inputs: readonly Input[]): number | null {
  const [first = null, second] = [...new Set(inputs.flatMap(({ fixedRows }) => fixedRows ?? []))]
  if (second === undefined) return first
  throw new UserError('E_MODEL_INPUT', `${model}: its inputs take different numbers of rows, ${first} and ${second}`)
}

function nameColumns(model: string, inputs: readonly Input[], named: FeatureNames | null): NamedInput[] {
  const byName = named === null || isList(named) ? listPerInput(model, inputs, named) : named
  const unknown = Object.keys(byName).find((name) => !inputs.some((input) => input.name === name))
  if (unknown !== undefined) {
    throw new UserError('E_MODEL_INPUT', `${model} has no input "${unknown}", for which "feature_names" names columns`, {
      hint: `Its inputs: ${inputs.map(described).join(', ')}.`,
    })
  }
  return inputs.map((input) => {
    const columns = Object.hasOwn(byName, input.name) ? byName[input.name]! : input.width === 1 ? [input.name] : null
    if (columns === null) throw unnamed(model, input, 'their names are not known')
    if (input.width !== null && columns.length !== input.width) throw unnamed(model, input, `${columns.length} are named`)
    return { ...input, columns }
  })
}

const isList = (named: FeatureNames): named is readonly string[] => Array.isArray(named)

/** Deals a list of names to the inputs, in their order. */
function listPerInput(
  model: string,
  inputs: readonly Input[],
  named: readonly string[] | null,
): Readonly<Record<string, readonly string[]>> {
  if (named === null) return {}
  const isPerColumn = inputs.every(({ width, isFlat }) => width === 1 || isFlat)
  // Inputs that are called as the columns need no order.
  if (isPerColumn && inputs.every(({ name }) => named.includes(name))) return {}
  const [open, ...more] = inputs.filter(({ width }) => width === null)
  if (more.length > 0) {
    const list = [open!, ...more].map(({ name }) => `"${name}"`).join(', ')
    throw new UserError('E_MODEL_INPUT', `${model}: how many columns the inputs ${list} have is not known`, {
      hint: 'Write it into the model: metadata_props "feature_names", a JSON object with a list of columns for each input.',
    })
  }
  const known = inputs.reduce((sum, { width }) => sum + (width ?? 0), 0)
  const rest = named.length - known
  if (open ? rest < 1 : rest !== 0) {
    const [only] = inputs
    if (inputs.length === 1) throw unnamed(model, only!, `${named.length} are named`)
    throw new UserError(
      'E_MODEL_INPUT',
      `${model} takes ${open ? `more than ${known}` : known} columns; ${named.length} are named: ${shortList(named)}`,
      { hint: `Its inputs, in order: ${inputs.map(described).join(', ')}.` },
    )
  }
  let at = 0
  return Object.fromEntries(inputs.map(({ name, width }) => [name, named.slice(at, (at += width ?? rest))]))
}

function unnamed(model: string, input: Input, found: string): UserError {
  const columns = input.width === null ? 'columns' : input.width === 1 ? '1 column' : `${input.width} columns`
  return new UserError('E_MODEL_INPUT', `${model} takes "${input.name}", a matrix of ${columns}; ${found}`, {
    hint: 'Name them in order with --features, or in the model: metadata_props "feature_names", a JSON list.',
  })
}

const described = ({ name, type, width }: Input): string =>
  `${name} (${type}, ${width ?? 'any number of'} column${width === 1 ? '' : 's'})`

const shortList = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ')

function tensor({ type, isFlat }: NamedInput, rows: InputRows): WireTensor {
  const dims = isFlat ? [rows.rows] : [rows.rows, rows.columns.length]
  if (type === 'string') return { type, dims, data: textsOf(rows) }
  return { type, dims, data: elementsOf(type, rows) }
}
