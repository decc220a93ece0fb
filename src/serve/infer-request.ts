import { DATATYPES, type Datatype } from '../core/predictor.ts'
import { didYouMean } from '../core/suggest.ts'
import type { Column, Table } from '../core/table.ts'
import { LABEL_OUTPUT, PROBABILITIES_OUTPUT, RequestError } from './protocol.ts'
import { decodeColumn, kindOf, type Kind } from './tensor.ts'

/** What a model takes. */
export interface Signature {
  /** Its columns in order; null when it takes whatever it is given. */
  readonly features: readonly string[] | null
  readonly datatypes: Readonly<Record<string, Datatype>>
}

/** A request that has been found good: only rows that the model can take are ever queued. */
export interface Inference {
  readonly id: string | undefined
  readonly table: Table
  /** Inferences with the same layout may share a call of the model. */
  readonly layout: string
  /** Outputs that were asked for; undefined for all. */
  readonly outputs: ReadonlySet<string> | undefined
}

interface RawTensor {
  name: string
  datatype: Datatype
  rows: number
  data: readonly unknown[]
}

const DATATYPE_NAMES: ReadonlySet<unknown> = new Set(DATATYPES)

/**
 * Reads the body of an infer request and checks all of it.
 *
 * @throws RequestError 400 that says what is wrong where, 413 for too many rows
 */
export function decodeInferRequest(body: string, signature: Signature, maxRows: number): Inference {
  const request = asObject(parse(body), 'the request')
  const { id, inputs, outputs } = request
  if (id !== undefined && typeof id !== 'string') throw new RequestError(400, '"id" must be text')
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new RequestError(400, '"inputs" must be a list with one tensor per feature')
  }
  const tensors = new Map<string, RawTensor>()
  for (const [index, input] of inputs.entries()) {
    const tensor = readTensor(input, index)
    if (tensors.has(tensor.name)) throw new RequestError(400, `input "${tensor.name}" is given twice`)
    tensors.set(tensor.name, tensor)
  }
  const rowCount = commonRows(tensors.values(), maxRows)
  checkNames(tensors, signature.features)

  const columns: Record<string, Column> = {}
  let layout = ''
  for (const name of signature.features ?? tensors.keys()) {
    const { datatype, data } = tensors.get(name)!
    const declared = signature.datatypes[name]
    const kind: Kind = kindOf(declared ?? datatype)
    columns[name] = decodeColumn(name, datatype, data, kind)
    // Where the model declares everything, all requests look alike and need no telling apart.
    if (declared === undefined) layout += `${JSON.stringify(name)}:${kind} `
  }
  return { id, table: { rowCount, columns }, layout, outputs: readOutputs(outputs) }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    throw new RequestError(400, 'the body is not JSON (NaN and Infinity are not JSON; a missing value is null)')
  }
}

function asObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new RequestError(400, `${what} must be a JSON object`)
}

function readTensor(input: unknown, index: number): RawTensor {
  const { name, shape, datatype, data, parameters } = asObject(input, `inputs[${index}]`)
  if (typeof name !== 'string' || name === '' || name === '__proto__')
    throw new RequestError(400, `inputs[${index}] has no "name"`)
  if (!DATATYPE_NAMES.has(datatype)) {
    throw new RequestError(
      400,
      `input "${name}" has an unknown datatype ${JSON.stringify(datatype)}; known: ${DATATYPES.join(', ')}`,
    )
  }
  if (typeof parameters === 'object' && parameters !== null && 'binary_data_size' in parameters) {
    throw new RequestError(400, `input "${name}": binary tensors are not supported; send the data as JSON`)
  }
  if (!Array.isArray(data)) throw new RequestError(400, `input "${name}" has no "data" list`)
  const rows = readShape(name, shape)
  if (data.length !== rows) {
    throw new RequestError(
      400,
      `input "${name}" has ${data.length} elements, but its shape ${JSON.stringify(shape)} asks for ${rows}`,
    )
  }
  return { name, datatype: datatype as Datatype, rows, data }
}

/** The number of rows of a shape `[n]` or `[n, 1]`. */
function readShape(name: string, shape: unknown): number {
  const isColumn =
    Array.isArray(shape) &&
    (shape.length === 1 || (shape.length === 2 && shape[1] === 1)) &&
    Number.isSafeInteger(shape[0]) &&
    (shape[0] as number) >= 0
  if (!isColumn)
    throw new RequestError(400, `input "${name}" must have shape [n] or [n, 1], not ${JSON.stringify(shape) ?? 'none'}`)
  return shape[0] as number
}

function commonRows(tensors: Iterable<RawTensor>, maxRows: number): number {
  let first: RawTensor | undefined
  for (const tensor of tensors) {
    first ??= tensor
    if (tensor.rows !== first.rows) {
      throw new RequestError(400, `input "${tensor.name}" has ${tensor.rows} rows, but "${first.name}" has ${first.rows}`)
    }
  }
  const rows = first?.rows ?? 0
  if (rows === 0) throw new RequestError(400, 'the request has no rows')
  if (rows > maxRows) throw new RequestError(413, `the request has ${rows} rows; at most ${maxRows} are taken at once`)
  return rows
}

function checkNames(tensors: ReadonlyMap<string, unknown>, features: readonly string[] | null): void {
  if (features === null) return
  const missing = features.filter((name) => !tensors.has(name))
  if (missing.length > 0) throw new RequestError(400, `missing input: ${missing.map((name) => `"${name}"`).join(', ')}`)
  if (tensors.size === features.length) return
  const known = new Set(features)
  const unknown = [...tensors.keys()].find((name) => !known.has(name))!
  throw new RequestError(400, `the model has no input "${unknown}". ${didYouMean(unknown, features)}`)
}

function readOutputs(outputs: unknown): ReadonlySet<string> | undefined {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0)) return undefined
  if (!Array.isArray(outputs)) throw new RequestError(400, '"outputs" must be a list')
  const names = new Set<string>()
  for (const output of outputs as unknown[]) {
    const { name } = asObject(output, 'an entry of "outputs"')
    if (name !== LABEL_OUTPUT && name !== PROBABILITIES_OUTPUT) {
      throw new RequestError(
        400,
        `the model has no output ${JSON.stringify(name)}; it has "${LABEL_OUTPUT}" and "${PROBABILITIES_OUTPUT}"`,
      )
    }
    names.add(name)
  }
  return names
}
