import { endianness } from 'node:os'
import { UserError } from '../../../core/errors.ts'
import type { Cell, Column, Table } from '../../../core/table.ts'
import { asNumbers, featureColumns, kindOfColumn } from '../columns.ts'

/** What Python is told of a column; its values are in the payload. */
interface ColumnHeader {
  readonly name: string
  readonly kind: 'numbers' | 'booleans' | 'dictionary' | 'text' | 'mixed'
  readonly [size: string]: unknown
}

/** Rows of a table as the worker reads them (`plimsoll_worker/rows.py`). */
export interface EncodedRows {
  readonly header: { readonly rows: number; readonly columns: readonly ColumnHeader[] }
  readonly parts: readonly Uint8Array[]
}

/** A column that can be sent in parts; what it is, is told from all of its rows, so that every part is of one kind. */
interface Sendable {
  slice(from: number, to: number): { header: ColumnHeader; parts: Uint8Array[] }
}

/** Text with more different values than this is sent as it is. */
const MOST_ENTRIES = 4096
/** Characters of one column in a batch: a longer string cannot be made, and offsets have 32 bits. */
const MOST_CHARACTERS = 2 ** 28

/**
 * The columns that a model reads, ready to be sent in batches: numbers as little-endian doubles straight out of the table, truth
 * values as bytes, text in UTF-8 with its ends, or as indices into its different values when these are few.
 *
 * @param features the model's columns in its order; null for all columns of the table
 * @throws UserError E_MODEL_INPUT when the table lacks a column
 */
export function rowEncoder(
  table: Table,
  features: readonly string[] | null,
  model: string,
): (from: number, to: number) => EncodedRows {
  const columns = features ? featureColumns(table, features, model) : new Map(Object.entries(table.columns))
  const sendable = [...columns].map(([name, column]) => prepare(name, column))
  return (from, to) => {
    const slices = sendable.map((column) => column.slice(from, to))
    // Numbers first: side by side they are the block that pandas keeps them in.
    const ordered = [
      ...slices.filter(({ header }) => header.kind === 'numbers'),
      ...slices.filter(({ header }) => header.kind !== 'numbers'),
    ]
    return {
      header: { rows: to - from, columns: slices.map(({ header }) => header) },
      parts: ordered.flatMap(({ parts }) => parts),
    }
  }
}

function prepare(name: string, column: Column): Sendable {
  const kind = kindOfColumn(column)
  if (kind === 'number') return numbers(name, asNumbers(column)!)
  const cells = column as readonly Cell[]
  if (kind === 'boolean') return booleans(name, cells)
  if (kind === 'mixed') return mixed(name, cells)
  const words = cells as readonly (string | null)[]
  return dictionary(name, words) ?? text(name, words)
}

const bytesOf = (array: Float64Array | Int32Array): Uint8Array =>
  littleEndian(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), array.BYTES_PER_ELEMENT)

/** As it is on nearly every machine. */
function littleEndian(bytes: Uint8Array, width: number): Uint8Array {
  if (endianness() === 'LE') return bytes
  const turned = Buffer.from(bytes)
  return width === 8 ? turned.swap64() : turned.swap32()
}

function numbers(name: string, column: Float64Array): Sendable {
  return { slice: (from, to) => ({ header: { name, kind: 'numbers' }, parts: [bytesOf(column.subarray(from, to))] }) }
}

function booleans(name: string, column: readonly Cell[]): Sendable {
  const bytes = Uint8Array.from(column, (cell) => (cell === null ? 2 : Number(cell)))
  return { slice: (from, to) => ({ header: { name, kind: 'booleans' }, parts: [bytes.subarray(from, to)] }) }
}

/** Undefined when the different values are too many to be worth it. */
function dictionary(name: string, column: readonly (string | null)[]): Sendable | undefined {
  const index = new Map<string, number>()
  const codes = new Int32Array(column.length)
  for (const [row, cell] of column.entries()) {
    let code = cell === null ? -1 : index.get(cell)
    if (code === undefined) {
      if (index.size === MOST_ENTRIES) return undefined
      code = index.size
      index.set(cell!, code)
    }
    codes[row] = code
  }
  const entries = texts([...index.keys()], name)
  const header: ColumnHeader = { name, kind: 'dictionary', entries: index.size, length: entries.length }
  return { slice: (from, to) => ({ header, parts: [bytesOf(codes.subarray(from, to)), ...entries.parts] }) }
}

function text(name: string, column: readonly (string | null)[]): Sendable {
  return {
    slice(from, to) {
      const cells = column.slice(from, to)
      const missing = cells.includes(null)
      const { length, parts } = texts(
        cells.map((cell) => cell ?? ''),
        name,
      )
      const kept = missing ? [Uint8Array.from(cells, (cell) => Number(cell !== null))] : []
      return { header: { name, kind: 'text', missing, length }, parts: [...kept, ...parts] }
    },
  }
}

/** Cells of several kinds: the kind of each (0 missing, 1 number, 2 false, 3 true, 4 text), then the numbers, then the texts. */
function mixed(name: string, column: readonly Cell[]): Sendable {
  const kindOf = (cell: Cell): number =>
    cell === null ? 0 : typeof cell === 'number' ? 1 : typeof cell === 'string' ? 4 : cell ? 3 : 2
  return {
    slice(from, to) {
      const cells = column.slice(from, to)
      const values = Float64Array.from(cells.filter((cell) => typeof cell === 'number'))
      const words = cells.filter((cell) => typeof cell === 'string')
      const { length, parts } = texts(words, name)
      const header: ColumnHeader = { name, kind: 'mixed', numbers: values.length, texts: words.length, length }
      return { header, parts: [Uint8Array.from(cells, kindOf), bytesOf(values), ...parts] }
    },
  }
}

/** Where each text ends, in bytes, and all of them in UTF-8 one after the other. */
function texts(values: readonly string[], column: string): { length: number; parts: Uint8Array[] } {
  const ends = new Int32Array(values.length)
  const characters = values.reduce((sum, value) => sum + value.length, 0)
  if (characters > MOST_CHARACTERS) throw tooLong(column)
  const whole = Buffer.from(values.join(''), 'utf8')
  let end = 0
  // A character is a byte exactly when the lengths agree.
  const isAscii = whole.length === characters
  for (const [i, value] of values.entries()) {
    end += isAscii ? value.length : Buffer.byteLength(value, 'utf8')
    ends[i] = end
  }
  return { length: whole.length, parts: [bytesOf(ends), whole] }
}

const tooLong = (column: string): UserError =>
  new UserError('E_MODEL_INPUT', `The text of "${column}" is too long to be sent to Python in one batch`, {
    hint: 'Shorten it, or score fewer rows at once.',
  })
