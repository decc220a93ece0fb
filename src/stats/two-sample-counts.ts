/** Two samples of numbers, as how often each value occurs in them. */
export interface TwoSampleCounts {
  /** Ascending, each once. */
  readonly values: Float64Array
  /** Times that the reference has each value. */
  readonly reference: Float64Array
  /** Times that the current data has each value. */
  readonly current: Float64Array
}

export const total = (counts: Float64Array): number => {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}

/** n·m / (n + m): two samples tell as much of a difference as one sample of this size tells of a known distribution. */
export const effectiveSize = (n: number, m: number): number => (n * m) / (n + m)
