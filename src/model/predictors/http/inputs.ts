import type { Datatype } from '../../../core/predictor.ts'
import type { Column, Table } from '../../../core/table.ts'
import { asNumbers, kindOfColumn, unfit } from '../columns.ts'
import type { InputTensor, Metadata } from './protocol.ts'

const isText = (datatype: string) => datatype === 'BYTES'
const isLogical = (datatype: string) => datatype === 'BOOL'

export function matrixInput({ inputs }: Metadata): InputTensor | undefined {
  const [first] = inputs
  return inputs.length === 1 && first!.shape.length === 2 && first!.shape[1] !== 1 ? first : undefined
}

export function datatypesOf({ inputs }: Metadata, features: readonly string[] | null): Record<string, Datatype> | null {
  if (features === null) return null
  const declared = inputs.filter(({ parameters }) => parameters?.['any_datatype'] !== true)
  if (matrixInput({ inputs, outputs: [] })) {
    return Object.fromEntries(features.map((feature) => [feature, inputs[0]!.datatype as Datatype]))
  }
  return Object.fromEntries(declared.map((input) => [input.name, input.datatype as Datatype]))
}

export function encodeColumns({ inputs }: Metadata, columns: ReadonlyMap<string, Column>, name: string) {
  const declared = new Map(inputs.map((input) => [input.name, input]))
  return [...columns].map(([feature, column]) => {
    const input = declared.get(feature)
    const open = input === undefined || input.parameters?.['any_datatype'] === true
    const datatype = open ? naturalDatatype(column) : input.datatype
    const shape = input?.shape.length === 2 ? [column.length, 1] : [column.length]
    return { name: feature, datatype, shape, data: encodeCells(column, datatype, feature, name) }
  })
}

export function encodeMatrix(input: InputTensor, columns: ReadonlyMap<string, Column>, { rowCount }: Table, name: string) {
  const encoded = [...columns].map(([feature, column]) => encodeCells(column, input.datatype, feature, name))
  const data = Array.from({ length: rowCount * encoded.length }, (_none, i) => {
    return encoded[i % encoded.length]![Math.floor(i / encoded.length)]
  })
  return { name: input.name, datatype: input.datatype, shape: [rowCount, encoded.length], data }
}

function naturalDatatype(column: Column): Datatype {
  const kind = kindOfColumn(column)
  return kind === 'number' ? 'FP64' : kind === 'boolean' ? 'BOOL' : 'BYTES'
}

/** The cells as JSON carries them; what is missing is null. */
function encodeCells(column: Column, datatype: string, feature: string, name: string): unknown[] {
  if (isText(datatype)) {
    const bad = column.findIndex((cell) => cell !== null && typeof cell !== 'string')
    if (bad >= 0) throw unfit(name, feature, 'text', bad, column[bad])
    return Array.from(column)
  }
  const numbers = asNumbers(column)
  if (numbers === undefined) {
    const bad = column.findIndex((cell) => typeof cell === 'string')
    throw unfit(name, feature, isLogical(datatype) ? 'truth values' : 'numbers', bad, column[bad])
  }
  return Array.from(numbers, (value) => (Number.isNaN(value) ? null : isLogical(datatype) ? value !== 0 : value))
}
