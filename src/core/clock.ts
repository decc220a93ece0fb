/** The only door to time, so that tests can hold it still. */
export interface Clock {
  /** Wall-clock time. */
  now(): Date
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
}
