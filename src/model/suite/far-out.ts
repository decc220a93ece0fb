import type { Interval } from '../../core/check.ts'
import { twoSidedZ } from '../../stats/normal.ts'

/** Up to here a bootstrap has enough replicates beyond either end. */
const FURTHEST = 0.99

/**
 * A measurement at a confidence that a budget has made very high. Few of a bootstrap's replicates, or none, lie beyond ends that are so far out, and the
 * furthest one would stand for them: too narrow. So its ends at 99 % are moved out as far as those of a normal distribution are.
 */
export function farOut<T extends { readonly value: number | null; readonly interval: Interval | null }>(
  confidence: number,
  measure: (confidence: number) => T,
): T {
  const measured = measure(confidence)
  const { value, interval } = measured
  if (confidence <= FURTHEST || value === null || interval === null || !interval.method.includes('bootstrap')) return measured
  const told = measure(FURTHEST).interval
  if (told === null) return measured
  const stretch = twoSidedZ(confidence) / twoSidedZ(FURTHEST)
  const moved = (end: number | null): number | null => (end === null ? null : value + (end - value) * stretch)
  return {
    ...measured,
    interval: { lower: moved(told.lower), upper: moved(told.upper), confidence, method: interval.method },
  }
}
