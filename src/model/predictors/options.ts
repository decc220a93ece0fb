import type { Digest } from '../../core/digest.ts'

/** The columns of a file of predictions that are not called as Plimsoll calls them. */
export interface PredictionColumns {
  /** What was predicted: the class or the value; default `prediction`. */
  readonly prediction?: string
  /** The probability of the positive class of two, or what the names of the columns with one probability per class begin with; default `probability_`. */
  readonly probability?: string
  /** Names a row in the predictions and in the data, so that their order need not be the same. */
  readonly id?: string
  /** The class that a single column of probabilities is about. */
  readonly positive?: string
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
  /** Where a file of predictions has what; see `openFilePredictor`. */
  readonly columns?: PredictionColumns
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
