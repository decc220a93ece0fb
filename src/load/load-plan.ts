import type { RecordableHistogram } from 'node:perf_hooks'
import type { Arrivals } from './arrivals.ts'

/** A load to put on an endpoint. */
export interface LoadPlan {
  /** Where each request goes: an infer URL of the Open Inference Protocol, http or https. */
  readonly url: string
  /** Request bodies, each of one row; drawn at random for each request, so that no cache answers them all. */
  readonly bodies: readonly string[]
  readonly rps: number
  /** Milliseconds that are measured, after the warm-up. */
  readonly durationMs: number
  /** Milliseconds at the same rate before, sent but not measured. */
  readonly warmUpMs: number
  readonly arrivals: Arrivals
  readonly seed: number
  /** A request without a whole answer after this many milliseconds has failed. */
  readonly timeoutMs: number
  /** Requests that may be under way at once. One that would be more is not sent but counted as dropped. */
  readonly maxInFlight: number
}

/** What came of a load. Requests of the warm-up are in `warmUp` alone. Times are in nanoseconds. */
export interface LoadTally {
  /** Requests that were sent and measured. */
  readonly sent: number
  readonly answered: number
  /** Requests that failed, by reason. */
  readonly failures: Readonly<Record<string, number>>
  /** Requests that were due and not sent, because too many were under way. */
  readonly dropped: number
  /** Measured requests that met a connection which the server had just closed, and were sent once more on a new one. */
  readonly resent: number
  readonly warmUp: { readonly sent: number; readonly failed: number }
  /** From the moment when a request was due to the end of its answer; good answers only. */
  readonly response: RecordableHistogram
  /** From the moment when it was sent. */
  readonly service: RecordableHistogram
  /** From the moment when it was due to the moment when it was sent. */
  readonly lag: RecordableHistogram
  /** Milliseconds from the first measured request to the last answer. */
  readonly elapsedMs: number
}
