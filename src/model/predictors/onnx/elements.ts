import type { Datatype } from '../../../core/predictor.ts'
import type { Cell, Column } from '../../../core/table.ts'
import type { EncodedTexts, TensorElements, TensorType } from '../../../drivers/onnx-session-messages.ts'
import { asNumbers, unfit } from '../columns.ts'
import { FLOAT16_OVERFLOW, toFloat16 } from './float16.ts'

/** What the element types of the runtime are called by the Open Inference Protocol. */
export const DATATYPE_OF: Readonly<Record<TensorType, Datatype>> = {
  float32: 'FP32',
  float64: 'FP64',
  float16: 'FP16',
  int8: 'INT8',
  uint8: 'UINT8',
  int16: 'INT16',
  uint16: 'UINT16',
  int32: 'INT32',
  uint32: 'UINT32',
  int64: 'INT64',
  uint64: 'UINT64',
  bool: 'BOOL',
  string: 'BYTES',
}

/** The columns of one input, for a range of rows. */
export interface InputRows {
  /** How errors call the model. */
  readonly model: string
  readonly names: readonly string[]
  readonly columns: readonly Column[]
  /** Range of the rows, `to` exclusive. */
  readonly from: number
  readonly to: number
  /** Rows of the tensor: at least those of the range; the last one is repeated to fill it. */
  readonly rows: number
  /** Memory for the tensor. */
  readonly memory: (bytes: number) => ArrayBuffer
}

/** Rows that are written column by column: few enough to stay in a processor's cache, for the usual widths. */
const BLOCK_ROWS = 1024
/** What rounds to more than the largest single-precision number. */
const FLOAT32_OVERFLOW = 2 ** 128 - 2 ** 103
const INTEGERS = {
  int8: [Int8Array, -0x80, 0x7f],
  uint8: [Uint8Array, 0, 0xff],
  int16: [Int16Array, -0x8000, 0x7fff],
  uint16: [Uint16Array, 0, 0xffff],
  int32: [Int32Array, -0x80000000, 0x7fffffff],
  uint32: [Uint32Array, 0, 0xffffffff],
} as const

/**
 * The elements of a tensor `[rows, columns]` of the given type, row by row. Nothing is cut, rounded to an integer or guessed,
 * and no number becomes infinite.
 *
 * @throws UserError E_MODEL_INPUT that names the column and a row whose value the type cannot hold
 */
export function elementsOf(type: Exclude<TensorType, 'string'>, input: InputRows): TensorElements {
  const { memory } = input
  const size = input.rows * input.columns.length
  switch (type) {
    case 'float32':
      return fill(new Float32Array(memory(4 * size)), input, writeSingles, 'numbers', 'numbers up to 3.4e38 (float32)')
    case 'float64':
      return fill(new Float64Array(memory(8 * size)), input, writeDoubles, 'numbers')
    case 'float16':
      return fill(new Uint16Array(memory(2 * size)), input, writeHalves, 'numbers', 'numbers up to 65504 (float16)')
    case 'bool':
      return fill(new Uint8Array(memory(size)), input, integerWriter(0, 1), 'truth values')
    case 'int64':
    case 'uint64': {
      const elements = type === 'int64' ? new BigInt64Array(memory(8 * size)) : new BigUint64Array(memory(8 * size))
      const lowest = type === 'int64' ? Number.MIN_SAFE_INTEGER : 0
      fill(new Int32Array(elements.buffer), input, longWriter(lowest), `integers (${type}, up to 2^53)`)
      return elements
    }
    default: {
      const [Elements, lowest, highest] = INTEGERS[type]
      return fill(
        new Elements(memory(size * Elements.BYTES_PER_ELEMENT)),
        input,
        integerWriter(lowest, highest),
        `integers (${type})`,
      )
    }
  }
}

/** The texts of a tensor `[rows, columns]`, row by row. @throws UserError E_MODEL_INPUT where a cell is no text */
export function textsOf({ model, names, columns, from, to, rows, memory }: InputRows): EncodedTexts {
  const width = columns.length
  const codes = new Int32Array(memory(4 * rows * width))
  const places = new Map<string, number>()
  for (const [c, column] of columns.entries()) {
    for (let row = from; row < to; row++) {
      const cell = column[row]
      if (typeof cell !== 'string') throw unfit(model, names[c]!, 'text', row, cell)
      let place = places.get(cell)
      if (place === undefined) places.set(cell, (place = places.size))
      codes[(row - from) * width + c] = place
    }
  }
  repeatLastRow(codes, width, to - from)
  return { words: [...places.keys()], codes }
}

/**
 * Writes the numbers `from` to `to` (exclusive) of a column into rows of `width` elements, at `column`. Answers the first that
 * the elements cannot hold, or −1.
 */
type Write<T> = (target: T, numbers: Float64Array, column: number, width: number, from: number, to: number) => number

function fill<T extends TensorElements>(target: T, input: InputRows, write: Write<T>, wanted: string, limit = wanted): T {
  const { model, names, columns, from, to, rows } = input
  const width = columns.length
  const numbers = columns.map((column, c) => numbersOf(column, from, to) ?? noNumbers(input, c, wanted))
  for (let block = 0; block < to - from; block += BLOCK_ROWS) {
    const end = Math.min(block + BLOCK_ROWS, to - from)
    for (let c = 0; c < width; c++) {
      if (target instanceof Float32Array && c + 4 <= width && writeFourSingles(target, numbers, c, block, end)) {
        c += 3
        continue
      }
      const bad = write(target, numbers[c]!, c, width, block, end)
      if (bad >= 0) throw unfit(model, names[c]!, limit, from + bad, columns[c]![from + bad])
    }
  }
  repeatLastRow(target, target.length / rows, to - from)
  return target
}

function repeatLastRow(target: TensorElements, elements: number, count: number): void {
  for (let at = count * elements; at < target.length; at += elements) target.copyWithin(at, at - elements, at)
}

/** Numbers of a range of rows; undefined when there is text among them. */
function numbersOf(column: Column, from: number, to: number): Float64Array | undefined {
  if (column instanceof Float64Array) return column.subarray(from, to)
  return asNumbers(from === 0 && to === column.length ? column : column.slice(from, to))
}

function noNumbers({ model, names, columns, from }: InputRows, c: number, wanted: string): never {
  const column = columns[c] as readonly Cell[]
  const bad = column.findIndex((cell, row) => row >= from && typeof cell === 'string')
  throw unfit(model, names[c]!, wanted, bad, column[bad])
}

const writeSingles: Write<Float32Array> = (target, numbers, column, width, from, to) => {
  for (let row = from, at = from * width + column; row < to; row++, at += width) {
    const value = numbers[row]!
    if ((value >= FLOAT32_OVERFLOW || value <= -FLOAT32_OVERFLOW) && Number.isFinite(value)) return row
    target[at] = value
  }
  return -1
}

/**
 * Four columns next to each other, which takes half the time of one after the other. Answers whether single precision can hold
 * all; if not, `writeSingles` finds out which it cannot.
 */
function writeFourSingles(
  target: Float32Array,
  numbers: readonly Float64Array[],
  column: number,
  from: number,
  to: number,
): boolean {
  const width = numbers.length
  const [first, second, third, fourth] = numbers.slice(column, column + 4) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let row = from, at = from * width + column; row < to; row++, at += width) {
    const a = first[row]!
    const b = second[row]!
    const c = third[row]!
    const d = fourth[row]!
    // NaN is below; infinity itself is let through by the slow way.
    if (Math.abs(a) >= FLOAT32_OVERFLOW || Math.abs(b) >= FLOAT32_OVERFLOW) return false
    if (Math.abs(c) >= FLOAT32_OVERFLOW || Math.abs(d) >= FLOAT32_OVERFLOW) return false
    target[at] = a
    target[at + 1] = b
    target[at + 2] = c
    target[at + 3] = d
  }
  return true
}

const writeDoubles: Write<Float64Array> = (target, numbers, column, width, from, to) => {
  for (let row = from, at = from * width + column; row < to; row++, at += width) target[at] = numbers[row]!
  return -1
}

const writeHalves: Write<Uint16Array> = (target, numbers, column, width, from, to) => {
  for (let row = from, at = from * width + column; row < to; row++, at += width) {
    const value = numbers[row]!
    if (Math.abs(value) >= FLOAT16_OVERFLOW && Number.isFinite(value)) return row
    target[at] = toFloat16(value)
  }
  return -1
}

function integerWriter(lowest: number, highest: number): Write<TensorElements> {
  return (target, numbers, column, width, from, to) => {
    for (let row = from, at = from * width + column; row < to; row++, at += width) {
      const value = numbers[row]!
      if (!(value >= lowest && value <= highest && Math.trunc(value) === value)) return row
      target[at] = value
    }
    return -1
  }
}

/** 64-bit integers as two halves of 32 bits, the low one first: a bigint for each would take most of the time. */
function longWriter(lowest: number): Write<Int32Array> {
  return (target, numbers, column, width, from, to) => {
    for (let row = from, at = 2 * (from * width + column); row < to; row++, at += 2 * width) {
      const value = numbers[row]!
      if (!(value >= lowest && value <= Number.MAX_SAFE_INTEGER && Math.trunc(value) === value)) return row
      target[at] = value
      target[at + 1] = Math.floor(value / 2 ** 32)
    }
    return -1
  }
}

/** 64-bit integers as numbers, exact up to 2^53. */
export function longsAsNumbers(elements: BigInt64Array | BigUint64Array): Float64Array {
  const words = new Uint32Array(elements.buffer, elements.byteOffset, 2 * elements.length)
  const numbers = new Float64Array(elements.length)
  const isSigned = elements instanceof BigInt64Array
  for (let i = 0; i < numbers.length; i++) {
    const high = words[2 * i + 1]!
    numbers[i] = (isSigned ? high | 0 : high) * 2 ** 32 + words[2 * i]!
  }
  return numbers
}
