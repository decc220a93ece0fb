import type { Digest } from './digest.ts'
import { UserError } from './errors.ts'
import type { Table } from './table.ts'

/** A class of a classifier, as the model and the data spell it. */
export type Label = string | number

/** The element type of a model's input, by its name in the Open Inference Protocol. */
export const DATATYPES = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const
export type Datatype = (typeof DATATYPES)[number]

/** What a predictor says of rows, in their order. */
export interface Predictions {
  readonly rowCount: number
  /** The predicted class of each row; for a regression or a ranking, the value as a number; for a multilabel model, the names joined by commas. */
  readonly labels: readonly Label[]
  /** Class order of `probabilities` and `indicators`; null when the model gives labels alone. */
  readonly classes: readonly Label[] | null
  /** Row-major, `rowCount × classes.length`. */
  readonly probabilities: Float64Array | null
  /** Of a multilabel model, row-major, `rowCount × classes.length`: 1 where the row was given the class, 0 where not. */
  readonly indicators?: Uint8Array | null
}

export interface PredictOptions {
  readonly signal?: AbortSignal
  /** Rows per call of the model. */
  readonly batchSize?: number
}

/**
 * Anything that turns rows into predictions. `predict` answers exactly one prediction per row, in order, or throws a
 * UserError E_PREDICTOR: a short answer, a crash or a hang is never a result.
 */
export interface Predictor {
  readonly kind: 'onnx' | 'python' | 'http' | 'file' | 'object'
  /** What it was made from, as the user wrote it. */
  readonly name: string
  /** Digest of the model's bytes; null for an endpoint that does not tell. */
  readonly digest: Digest | null
  /** Columns that it reads, in the model's order; null when it takes whatever it is given. */
  readonly features: readonly string[] | null
  /** The element type of each feature, where the model declares it. */
  readonly datatypes?: Readonly<Record<string, Datatype>> | null
  /** The model's own importance of each feature, non-negative, where it has them. */
  readonly importances: Readonly<Record<string, number>> | null
  predict(table: Table, options?: PredictOptions): Promise<Predictions>
  close(): Promise<void>
}

/** The predictions of some rows. */
export function slicePredictions(predictions: Predictions, from: number, to: number): Predictions {
  const { labels, classes, probabilities, indicators } = predictions
  const width = classes?.length ?? 0
  return {
    rowCount: to - from,
    labels: labels.slice(from, to),
    classes,
    probabilities: probabilities?.subarray(from * width, to * width) ?? null,
    ...(indicators && { indicators: indicators.subarray(from * width, to * width) }),
  }
}

/** The predictions of the rows of these indices, in their order. */
export function takePredictions(predictions: Predictions, rows: readonly number[]): Predictions {
  const { labels, classes, probabilities, indicators } = predictions
  const width = classes?.length ?? 0
  const taken = <T extends Float64Array | Uint8Array>(from: T, to: T): T => {
    for (const [i, row] of rows.entries()) to.set(from.subarray(row * width, (row + 1) * width), i * width)
    return to
  }
  return {
    rowCount: rows.length,
    labels: rows.map((row) => labels[row]!),
    classes,
    probabilities: probabilities && taken(probabilities, new Float64Array(rows.length * width)),
    ...(indicators && { indicators: taken(indicators, new Uint8Array(rows.length * width)) }),
  }
}

/**
 * The one check of row accounting: there is exactly one prediction for each of `rows` rows, and one probability for each of its
 * classes. Every predictor is held to it, whoever made it.
 *
 * @param name of the predictor
 * @throws UserError E_PREDICTOR
 */
export function requireWhole(predictions: Predictions, rows: number, name: string): Predictions {
  const { rowCount, labels, classes, probabilities, indicators } = predictions
  const refuse = (what: string) => new UserError('E_PREDICTOR', `${name} gave ${what} for ${rows} rows`)
  if (labels.length !== rows || rowCount !== rows)
    throw refuse(`${labels.length === rows ? rowCount : labels.length} predictions`)
  const width = classes?.length ?? 0
  for (const [what, array] of [
    ['probabilities', probabilities],
    ['indicators', indicators],
  ] as const) {
    if (array && width === 0) throw refuse(`${what} of no classes`)
    if (array && array.length !== rows * width) throw refuse(`${array.length} ${what} of ${width} classes`)
  }
  return predictions
}
