/** What a scan may use at most. Whatever is left unexamined when a bound is hit is a finding. */
export interface Limits {
  /** Bytes that archives and compressed streams unfold to, in all. */
  readonly expandedBytes: number
  /** Bytes that one compressed stream unfolds to. */
  readonly streamBytes: number
  /** Unfolded size over compressed size, beyond the first 16 MiB. */
  readonly ratio: number
  /** Archives and streams within archives. */
  readonly depth: number
  /** Members of all archives. */
  readonly members: number
  /** Opcodes of all pickles. */
  readonly opcodes: number
  readonly milliseconds: number
}

export const DEFAULT_LIMITS: Limits = {
  expandedBytes: 8 * 2 ** 30,
  streamBytes: 4 * 2 ** 30,
  ratio: 200,
  depth: 4,
  members: 10_000,
  opcodes: 2 ** 31,
  milliseconds: 10 * 60_000,
}

const RATIO_FREE_BYTES = 16 * 2 ** 20
/** Milliseconds between two turns of the event loop. */
const LONGEST_BREATH = 20

/** The time of the scan is used up. Whoever examines a part reports it as not fully examined. */
export class OutOfTime extends Error {}

/** The bounds of one scan, used up as it goes. */
export class Budget {
  readonly limits: Limits
  readonly #deadline: number
  readonly #signal: AbortSignal | undefined
  #breathed = 0
  #expanded = 0
  #members = 0
  #opcodes = 0

  constructor(limits: Limits = DEFAULT_LIMITS, signal?: AbortSignal) {
    this.limits = limits
    this.#deadline = performance.now() + limits.milliseconds
    this.#signal = signal
  }

  /**
   * Lets others run, and stops the scan when it was cancelled or took too long. To be called in every loop that content can make long.
   *
   * @throws OutOfTime, and the reason of the signal
   */
  async breathe(): Promise<void> {
    const now = performance.now()
    if (now - this.#breathed > LONGEST_BREATH) {
      await new Promise((resolve) => setImmediate(resolve))
      this.#breathed = performance.now()
    }
    this.#signal?.throwIfAborted()
    if (now > this.#deadline) throw new OutOfTime('The scan took longer than it may')
  }

  get isCancelled(): boolean {
    return this.#signal?.aborted === true
  }

  get outOfTime(): boolean {
    return performance.now() > this.#deadline
  }

  /** Most bytes that a stream of this compressed size may unfold to now. */
  roomFor(compressedBytes: number): number {
    const byRatio = Math.max(RATIO_FREE_BYTES, compressedBytes * this.limits.ratio)
    return Math.max(0, Math.min(this.limits.streamBytes, byRatio, this.limits.expandedBytes - this.#expanded))
  }

  expanded(bytes: number): void {
    this.#expanded += bytes
  }

  /** Counts one member of an archive; false when there are too many. */
  member(): boolean {
    return ++this.#members <= this.limits.members
  }

  /** Counts opcodes; false when there are too many. */
  opcodes(count: number): boolean {
    this.#opcodes += count
    return this.#opcodes <= this.limits.opcodes
  }
}
