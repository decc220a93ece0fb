import type { Digest } from '../../core/digest.ts'
import type { Label } from '../../core/predictor.ts'
import type { OpenOptions } from '../../drivers/duckdb.ts'

/** The columns of a file of predictions, or of the records of an answer, that are not called as Plimsoll calls them. */
export interface PredictionColumns {
  /** What was predicted: the class or the value; default `prediction`. Of a multilabel model, what the names of its columns of 0 and 1 begin with; default `prediction_`. */
  readonly prediction?: string
  /** The probability of the positive class of two, or what the names of the columns with one probability per class begin with; default `probability_`. */
  readonly probability?: string
  /** Names a row in the predictions and in the data, so that their order need not be the same. */
  readonly id?: string
  /** The class that a single column of probabilities is about; by default the second of two. */
  readonly positive?: string
  /** The classes of the data, for a single column of probabilities; left out where the labels are values. */
  readonly classes?: readonly Label[]
  /** The label columns of a multilabel model; empty when the labels are names joined by commas. */
  readonly several?: readonly string[]
}

export interface PredictorOptions {
  /** Absolute. A relative model path is taken from here; Python models run here. */
  readonly cwd: string
  /** The environment of a Python child process; `PLIMSOLL_PYTHON` names its interpreter. */
  readonly env: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** The order of the columns, for a model that takes a matrix and does not name its columns. */
  readonly features?: readonly string[]
  /** The Python interpreter. Default: `PLIMSOLL_PYTHON` of the environment, else `python3`. */
  readonly python?: string
  /** Milliseconds for one answer of a child process or an endpoint. */
  readonly timeout?: number
  /** Bytes of memory that a Python child process may take; no limit by default. */
  readonly memory?: number
  /** Sent with every request to an endpoint, such as its authorization. Values are secrets: they stand in no error and no report. */
  readonly headers?: Readonly<Record<string, string>>
  /** Requests to an endpoint that are under way at once. */
  readonly concurrency?: number
  /** Rows per call of the model, where the caller does not say. */
  readonly batchSize?: number
  /** The classes in the order of the probabilities, for a model that does not name them. */
  readonly classes?: readonly Label[]
  /** Where a file of predictions has what. */
  readonly columns?: PredictionColumns
  /** How a file of predictions is written. */
  readonly reading?: OpenOptions
  /** One line that the model's process wrote to standard error or output. */
  readonly say?: (line: string) => void
  /**
   * Called before a model is loaded that can run code. Answers the digest that was scanned; only bytes of that digest are
   * loaded.
   *
   * @throws UserError E_MODEL_UNSCANNED unless the scan passed
   */
  readonly admit: (absolutePath: string) => Promise<Digest>
}
