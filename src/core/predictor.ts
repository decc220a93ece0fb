import type { Digest } from './digest.ts'
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
