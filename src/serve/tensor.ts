import type { Datatype } from '../core/predictor.ts'
import type { Cell, Column } from '../core/table.ts'
import { RequestError } from './protocol.ts'

/** The integers that a datatype holds and JSON can carry without losing digits. */
const INTEGERS: Readonly<Partial<Record<Datatype, readonly [number, number]>>> = {
  UINT8: [0, 0xff],
  UINT16: [0, 0xffff],
  UINT32: [0, 0xffffffff],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
  INT8: [-0x80, 0x7f],
  INT16: [-0x8000, 0x7fff],
  INT32: [-0x80000000, 0x7fffffff],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
}

/** What the cells of a column are, whatever their width. */
export type Kind = 'number' | 'string' | 'boolean'

export function kindOf(datatype: Datatype): Kind {
  if (datatype === 'BYTES') return 'string'
  return datatype === 'BOOL' ? 'boolean' : 'number'
}

/**
 * The elements of a tensor's data as one column. `null` is a missing value: NaN among numbers, null elsewhere.
 *
 * @param data flat, or nested in lists of one element
 * @param kind what the model wants; truth values become 0 and 1 where it wants numbers
 * @throws RequestError 400 that names the input and the first element that does not fit
 */
export function decodeColumn(name: string, datatype: Datatype, data: readonly unknown[], kind: Kind): Column {
  const given = kindOf(datatype)
  if (given !== kind && !(given === 'boolean' && kind === 'number')) {
    throw new RequestError(400, `input "${name}" takes ${plural(kind)}, not ${datatype}`)
  }
  const flat = data.length > 0 && Array.isArray(data[0]) ? data.map((row) => single(name, row)) : data
  if (kind === 'number') return given === 'boolean' ? truthAsNumbers(name, flat) : decodeNumbers(name, datatype, flat)
  const wanted = kind === 'string' ? 'string' : 'boolean'
  for (const [index, element] of flat.entries()) {
    if (element !== null && typeof element !== wanted) throw unfit(name, datatype, element, index)
  }
  return flat as readonly Cell[]
}

function decodeNumbers(name: string, datatype: Datatype, data: readonly unknown[]): Float64Array {
  const numbers = new Float64Array(data.length)
  const range = INTEGERS[datatype]
  for (let i = 0; i < data.length; i++) {
    const element = data[i]
    if (element === null) numbers[i] = Number.NaN
    else if (typeof element !== 'number' || (range && !isWithin(element, range))) throw unfit(name, datatype, element, i)
    else numbers[i] = datatype === 'FP32' ? Math.fround(element) : element
  }
  return numbers
}

function truthAsNumbers(name: string, data: readonly unknown[]): Float64Array {
  return Float64Array.from(data, (element, index) => {
    if (element === null) return Number.NaN
    if (typeof element !== 'boolean') throw unfit(name, 'BOOL', element, index)
    return element ? 1 : 0
  })
}

function isWithin(value: number, [lowest, highest]: readonly [number, number]): boolean {
  return Number.isInteger(value) && value >= lowest && value <= highest
}

function single(name: string, row: unknown): unknown {
  if (Array.isArray(row) && row.length === 1) return row[0] as unknown
  throw new RequestError(400, `input "${name}": nested data must hold one element per row`)
}

function unfit(name: string, datatype: Datatype, element: unknown, index: number): RequestError {
  const shown = JSON.stringify(element)
  const short = shown.length > 40 ? `${shown.slice(0, 40)}…` : shown
  return new RequestError(400, `input "${name}", element ${index}: ${short} is not ${datatype}`)
}

function plural(kind: Kind): string {
  return kind === 'string' ? 'text (BYTES)' : kind === 'number' ? 'numbers' : 'truth values (BOOL)'
}
