import { UserError } from '../../core/errors.ts'
import type { Label } from '../../core/predictor.ts'
import type { WireTensor } from '../../drivers/onnx-session-messages.ts'
import { fromFloat16 } from './float16.ts'
import { longsAsNumbers } from './onnx-elements.ts'

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

/**
 * Writes the labels of an output into a list from `from` on. 64-bit integers that a number cannot hold become text, digit for
 * digit.
 *
 * @param rename what becomes of an integer, where it is the place of a class
 * @throws UserError E_PREDICTOR unless there are exactly `asked`; the first `rows` count
 */
export function writeLabels(labels: Label[], tensor: WireTensor, { model, from, rows, asked, rename }: LabelRange): void {
  const { type, data } = tensor
  const count = type === 'string' ? data.codes.length : data.length
  if (count !== asked) throw new UserError('E_PREDICTOR', `${model} answered ${count} predictions for ${asked} rows`)
  if (type === 'string') {
    for (let i = 0; i < rows; i++) labels[from + i] = data.words[data.codes[i]!]!
  } else if (type === 'bool') {
    for (let i = 0; i < rows; i++) labels[from + i] = data[i] ? 'true' : 'false'
  } else {
    const numbers = elementsAsNumbers(model, '', tensor)
    for (let i = 0; i < rows; i++) {
      const value = numbers[i]!
      if (rename) labels[from + i] = rename(value)
      else labels[from + i] = Math.abs(value) > Number.MAX_SAFE_INTEGER && typeof data[i] === 'bigint' ? String(data[i]) : value
    }
  }
}

export interface LabelRange {
  readonly model: string
  readonly from: number
  readonly rows: number
  readonly asked: number
  readonly rename: ((place: number) => Label) | undefined
}
