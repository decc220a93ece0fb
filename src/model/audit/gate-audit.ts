import type { Interval, Threshold } from '../../core/check.ts'

/** What a gate can and cannot tell, found out before it is switched on. */
export interface GateAudit {
  /** As the configuration has it: `accuracy-threshold`, `equalized-odds-difference by afam`. */
  readonly gate: string
  /** The limit in words: `>= 0.85`, `no worse than the champion by 0.005`. */
  readonly limit: string
  /** What the present model reaches, on how many rows. */
  readonly value: number
  readonly interval: Interval | null
  readonly n: number
  readonly threshold: Threshold
  /** Which model the next three numbers start from: one that is as good as the present one in truth, or as the champion. */
  readonly equalTo: 'present one' | 'champion'
  /** The chance that the gate does not let a model pass that is exactly as good, on as many other rows. */
  readonly blocksEqual: number
  /** By how much a model must be worse to be blocked four times in five; null when no such model can be. */
  readonly smallestRegression: number | null
  /** Rows with which an equally good model is blocked one time in five at most; null when no number of rows does that. */
  readonly rowsNeeded: number | null
}

/** A gate that the audit can say nothing of, and why. */
export interface UnauditedGate {
  readonly gate: string
  readonly limit: string
  readonly reason: string
}

/** Above this chance to block an equally good model a gate is worth a warning. */
export const TOO_OFTEN = 0.2
