import { UserError } from '../../../core/errors.ts'
import type { Label, Predictions } from '../../../core/predictor.ts'
import type { Message } from './messages.ts'

/** The answer to one batch. */
export interface Answer {
  /** Empty when there are indicators. */
  readonly labels: readonly Label[]
  /** Class order of probabilities and indicators; null when there are neither. */
  readonly classes: readonly Label[] | null
  readonly probabilities: Float64Array | null
  readonly indicators: Uint8Array | null
}

export interface Expected {
  /** How errors call the model. */
  readonly name: string
  readonly rows: number
  /** Classes that the model declared when it was loaded. */
  readonly declared: readonly Label[] | null
}

/**
 * Reads what the worker answered (`plimsoll_worker/answers.py`).
 *
 * @throws UserError E_PREDICTOR when it is not about exactly these rows, or not as wide as there are classes
 */
export function decodeAnswer({ header, payload }: Message, { name, rows, declared }: Expected): Answer {
  const sizes = header['parts'] as number[]
  let offset = 0
  const parts = sizes.map((size) => payload.subarray(offset, (offset += size)))
  if (header['rows'] !== rows) {
    throw new UserError('E_PREDICTOR', `${name}: predict() answered ${String(header['rows'])} predictions for ${rows} rows`)
  }
  const classes = (header['classes'] as Label[] | undefined) ?? declared
  const several = header['labels'] === 'indicators'
  const shape = header['probabilities'] as number[] | undefined
  if (shape !== undefined && (shape.length !== 2 || shape[0] !== rows || shape[1] !== classes?.length)) {
    const wanted = classes ? `${rows} × ${classes.length}` : 'classes_ on the model'
    throw new UserError('E_PREDICTOR', `${name}: predict_proba() answered ${shape.join(' × ')} values; expected ${wanted}`)
  }
  return {
    labels: several ? [] : labelsOf(header, parts, classes),
    classes: several || shape ? classes : null,
    probabilities: shape ? doubles(parts.at(-1)!) : null,
    indicators: several ? new Uint8Array(parts[0]!) : null,
  }
}

function labelsOf(header: Message['header'], parts: readonly Buffer[], classes: readonly Label[] | null): Label[] {
  switch (header['labels']) {
    case 'numbers':
      return [...doubles(parts[0]!)]
    case 'codes':
      return Array.from(integers(parts[0]!), (code) => classes![code]!)
    case 'dictionary': {
      const [codes, ends, whole] = parts
      let from = 0
      const entries = Array.from(integers(ends!), (end) => {
        const entry = whole!.toString('utf8', from, end)
        from = end
        return entry
      })
      // A row without a class is one that the model has no answer for.
      return Array.from(integers(codes!), (code): Label => entries[code] ?? Number.NaN)
    }
    default:
      throw new Error(`the worker answered labels of an unknown kind: ${String(header['labels'])}`)
  }
}

/** Copies, because the bytes need not lie where numbers may, and because a batch's buffer is as large as all that is in it. */
function doubles(bytes: Buffer): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (!isLittleEndian) return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true))
  return new Float64Array(new Uint8Array(bytes).buffer)
}

function integers(bytes: Buffer): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (!isLittleEndian) return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true))
  return new Int32Array(new Uint8Array(bytes).buffer)
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * The answers of all batches as one.
 *
 * @throws UserError E_PREDICTOR when batches do not agree on the classes
 */
export function joinAnswers(answers: readonly Answer[], name: string): Predictions {
  const [first] = answers
  const classes = first?.classes ?? null
  const spelled = JSON.stringify(classes)
  if (answers.some((answer) => JSON.stringify(answer.classes) !== spelled)) {
    throw new UserError('E_PREDICTOR', `${name} answered other classes for some rows than for others`)
  }
  const probabilities = joined(
    Float64Array,
    answers.map((answer) => answer.probabilities),
  )
  const indicators = joined(
    Uint8Array,
    answers.map((answer) => answer.indicators),
  )
  const labels = indicators ? names(indicators, classes!) : answers.flatMap((answer) => answer.labels)
  return { rowCount: labels.length, labels, classes, probabilities, ...(indicators && { indicators }) }
}

/** Null when there is none. */
function joined<A extends Float64Array | Uint8Array>(kind: new (length: number) => A, parts: readonly (A | null)[]): A | null {
  const present = parts.filter((part) => part !== null)
  if (present.length === 0) return null
  if (present.length === 1) return present[0]!
  const whole = new kind(present.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of present) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The labels of each row, joined by commas. */
function names(indicators: Uint8Array, classes: readonly Label[]): string[] {
  const width = classes.length
  return Array.from({ length: indicators.length / width }, (_, row) =>
    classes.filter((_name, i) => indicators[row * width + i] === 1).join(','),
  )
}
