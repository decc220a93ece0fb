import { UserError } from '../../../core/errors.ts'
import type { Label } from '../../../core/predictor.ts'
import type { WireTensor } from '../../../drivers/onnx-session-messages.ts'
import { fromFloat16 } from './float16.ts'
import { longsAsNumbers } from './elements.ts'

type Answers = Readonly<Record<string, WireTensor>>

/**
 * The numbers of an output, row by row.
 *
 * @throws UserError E_PREDICTOR unless its first dimension is `rows`
 */
export function numbersOf(model: string, name: string, answers: Answers, rows: number): Float64Array | Float32Array {
  const tensor = answers[name]!
  requireRows(model, tensor, rows)
  return elementsAsNumbers(model, name, tensor)
}

/** All elements of an output as numbers. */
export function elementsAsNumbers(model: string, name: string, { type, data }: WireTensor): Float64Array | Float32Array {
  if (type === 'string') throw new UserError('E_MODEL_FORMAT', `${model}: output "${name}" holds text instead of numbers`)
  if (data instanceof Float64Array || data instanceof Float32Array) return data
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return longsAsNumbers(data)
  if (type === 'float16') return Float64Array.from(data, fromFloat16)
  return Float64Array.from(data)
}

/** @throws UserError E_PREDICTOR unless a tensor is for exactly `rows` rows */
export function requireRows(model: string, { dims }: WireTensor, rows: number): void {
  const answered = dims[0] ?? 1
  if (answered !== rows) throw new UserError('E_PREDICTOR', `${model} answered ${answered} predictions for ${rows} rows`)
}

/** The rows that labels are for. */
export interface LabelRange {
  readonly model: string
  /** Where the first goes. */
  readonly from: number
  /** How many count, of those that were asked for. */
  readonly rows: number
  readonly asked: number
  /** What integers and truth values stand for, where they are the numbers of classes that have names. */
  readonly names: ReadonlyMap<number, Label> | null
}

/**
 * Writes the labels of an output into a list. 64-bit integers that a number cannot hold become text, digit for digit.
 *
 * @throws UserError E_PREDICTOR unless there are exactly as many as were asked for, and for a number that is no class
 */
export function writeLabels(labels: Label[], { type, data }: WireTensor, { model, from, rows, asked, names }: LabelRange): void {
  const count = type === 'string' ? data.codes.length : data.length
  if (count !== asked) throw new UserError('E_PREDICTOR', `${model} answered ${count} predictions for ${asked} rows`)
  const named = (label: number): Label => names!.get(label) ?? noClass(model, label, names!.size)
  if (type === 'string') {
    const { words, codes } = data
    for (let i = 0; i < rows; i++) labels[from + i] = words[codes[i]!]!
  } else if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    // Two halves each. Most labels are small, and then the low half says it all, without a bigint for each.
    const halves = new Int32Array(data.buffer, data.byteOffset, 2 * data.length)
    for (let i = 0; i < rows; i++) {
      const low = halves[2 * i]!
      const label = halves[2 * i + 1] === low >> 31 && low >= 0 ? low : wholeLabel(data[i]!)
      labels[from + i] = names === null ? label : named(Number(label))
    }
  } else if (names !== null) {
    for (let i = 0; i < rows; i++) labels[from + i] = named(data[i]!)
  } else if (type === 'bool') {
    for (let i = 0; i < rows; i++) labels[from + i] = data[i] ? 'true' : 'false'
  } else {
    for (let i = 0; i < rows; i++) labels[from + i] = data[i]!
  }
}

function wholeLabel(label: bigint): Label {
  const number = Number(label)
  return Number.isSafeInteger(number) ? number : String(label)
}

function noClass(model: string, label: number, classes: number): never {
  throw new UserError('E_PREDICTOR', `${model} answered class ${label}, but it names only ${classes} classes`)
}
