import type { Digest } from '../../core/digest.ts'

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
