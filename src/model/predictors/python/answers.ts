import { endianness } from 'node:os'
import { UserError } from '../../../core/errors.ts'
import type { Label, Predictions } from '../../../core/predictor.ts'
import type { Message } from './messages.ts'

export interface Expected {
  /** How errors call the model. */
  readonly name: string
  readonly rowCount: number
  /** Classes that the model declared when it was loaded. */
  readonly declared: readonly Label[] | null
}

/** Puts the answers to batches together. They are added in order, while Python is at the next ones. */
export interface Answers {
  /**
   * Takes what the worker answered (`plimsoll_worker/answers.py`) for so many rows.
   *
   * @throws UserError E_PREDICTOR when it is not about exactly these rows, not as wide as there are classes, or of other classes than
   *   the answers before
   */
  add(message: Message, rows: number): void
  /** When all rows are answered. */
  predictions(): Predictions
}

/** Room for all rows is made once. */
export function collectAnswers({ name, rowCount, declared }: Expected): Answers {
  const labels: Label[] = Array.from({ length: rowCount }, () => 0)
  let classes: readonly Label[] | null | undefined
  let probabilities: Float64Array | null = null
  let indicators: Uint8Array | null = null
  let row = 0

  function agreeOn(answered: readonly Label[] | null): void {
    if (classes === undefined) classes = answered
    else if (classes !== answered && JSON.stringify(classes) !== JSON.stringify(answered)) {
      throw new UserError('E_PREDICTOR', `${name} answered other classes for some rows than for others`)
    }
  }

  return {
    add({ header, payload }, rows) {
      if (header['rows'] !== rows) {
        throw new UserError('E_PREDICTOR', `${name}: predict() answered ${String(header['rows'])} predictions for ${rows} rows`)
      }
      const of = (header['classes'] as Label[] | undefined) ?? declared
      const shape = header['probabilities'] as number[] | undefined
      if (shape !== undefined && (shape.length !== 2 || shape[0] !== rows || shape[1] !== of?.length)) {
        const wanted = of ? `${rows} × ${of.length}` : 'classes_ on the model'
        throw new UserError('E_PREDICTOR', `${name}: predict_proba() answered ${shape.join(' × ')} values; expected ${wanted}`)
      }
      const parts = partsOf(header, payload)
      const several = header['labels'] === 'indicators'
      agreeOn(several || shape ? of : null)
      const width = of?.length ?? 0
      if (several) {
        indicators ??= new Uint8Array(rowCount * width)
        indicators.set(parts[0]!, row * width)
        nameLabels(parts[0]!, of!, labels, row)
      } else fillLabels(header, parts, of, labels, row)
      if (shape) {
        probabilities ??= new Float64Array(rowCount * width)
        probabilities.set(doubles(parts.at(-1)!), row * width)
      }
      row += rows
    },
    predictions: () => ({ rowCount, labels, classes: classes ?? null, probabilities, ...(indicators && { indicators }) }),
  }
}

function partsOf(header: Message['header'], payload: Buffer): Buffer[] {
  let offset = 0
  return (header['parts'] as number[]).map((size) => payload.subarray(offset, (offset += size)))
}

/** Loops over arrays of numbers: this is done for every row, and iterators cost more than all the rest. */
function fillLabels(
  header: Message['header'],
  [first, ends, whole]: readonly Buffer[],
  classes: readonly Label[] | null,
  labels: Label[],
  from: number,
): void {
  switch (header['labels']) {
    case 'numbers': {
      const values = doubles(first!)
      for (let i = 0; i < values.length; i++) labels[from + i] = values[i]!
      return
    }
    case 'codes':
    case 'dictionary': {
      const entries = header['labels'] === 'codes' ? classes! : textsOf(ends!, whole!)
      const codes = integers(first!)
      // A row without a class is one that the model has no answer for.
      for (let i = 0; i < codes.length; i++) labels[from + i] = entries[codes[i]!] ?? Number.NaN
      return
    }
    default:
      throw new Error(`the worker answered labels of an unknown kind: ${String(header['labels'])}`)
  }
}

function textsOf(ends: Buffer, whole: Buffer): string[] {
  let from = 0
  return Array.from(integers(ends), (end) => {
    const text = whole.toString('utf8', from, end)
    from = end
    return text
  })
}

/** The labels that each row was given, joined by commas. */
function nameLabels(indicators: Uint8Array, classes: readonly Label[], labels: Label[], from: number): void {
  const width = classes.length
  for (let i = 0; i < indicators.length / width; i++) {
    labels[from + i] = classes.filter((_name, j) => indicators[i * width + j] === 1).join(',')
  }
}

/** Copies, because the bytes need not lie where numbers may. */
const doubles = (bytes: Buffer): Float64Array => new Float64Array(littleEndian(bytes, 8).buffer)
const integers = (bytes: Buffer): Int32Array => new Int32Array(littleEndian(bytes, 4).buffer)

/** A copy in the order of bytes of this machine. */
function littleEndian(bytes: Buffer, width: 4 | 8): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes)
  if (endianness() === 'BE') Buffer.from(copy.buffer)[width === 8 ? 'swap64' : 'swap32']()
  return copy
}
