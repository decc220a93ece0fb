/** What a scan may use at most. Whatever is left unexamined when a bound is hit is a finding. */
export interface Limits {
  /** Bytes that archives and compressed streams unfold to, in all. */
  readonly expandedBytes: number
  /** Bytes that one compressed stream unfolds to. */
  readonly streamBytes: number
  /** Unfolded size over compressed size, beyond the first 16 MiB. */
  readonly ratio: number
  /** Archives within archives. */
  readonly depth: number
  /** Members of all archives. */
  readonly members: number
  /** Opcodes of all pickles. */
  readonly opcodes: number
  readonly milliseconds: number
}

export const DEFAULT_LIMITS: Limits = {
  expandedBytes: 4 * 2 ** 30,
  streamBytes: 2 ** 30,
  ratio: 200,
  depth: 4,
  members: 20_000,
  opcodes: 2 ** 31,
  milliseconds: 10 * 60_000,
}

const RATIO_FREE_BYTES = 16 * 2 ** 20

/** The bounds of one scan, used up as it goes. */
export class Budget {
  readonly limits: Limits
  readonly #deadline: number
  readonly #signal: AbortSignal | undefined
  #expanded = 0
  #members = 0
  #opcodes = 0

  constructor(limits: Limits = DEFAULT_LIMITS, signal?: AbortSignal) {
    this.limits = limits
    this.#deadline = performance.now() + limits.milliseconds
    this.#signal = signal
  }

  /** Lets others run, and stops the scan when it was cancelled. */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#signal?.throwIfAborted()
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
