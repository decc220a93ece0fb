import type { Interval } from '../core/check.ts'
import { replicateQuantile, studentizedReplicates, type Measured } from './bootstrap-t.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { clip, scaleAround, type Range } from './scale.ts'

/** What is known of an estimate that is smooth in its sampling units. */
export interface SmoothEstimate extends Measured {
  readonly units: number
  /** Skewness of the units' influence. */
  readonly skewness: number
  /** The estimate with its standard error when each unit is there `times` over. */
  of(times: Float64Array): Measured
  /** The interval is made on a scale without bounds, and so stays inside. */
  readonly range?: Range | undefined
  /** What it cannot leave, though its scale is the plain one: of a difference. */
  readonly bounds?: Range | undefined
}

/** Above this many units the first correction for skewness does what the bootstrap does, in one pass. */
const LARGEST_BOOTSTRAP = 5000
/** Further out, the correction is no longer small, and the series it is the first term of means nothing. */
const LARGEST_CORRECTION = 0.1

/** The interval of a smooth estimate by bootstrap-t, and whether 0 is a likely value of it; null when the units say nothing of its spread. */
export function studentized(
  estimate: SmoothEstimate,
  { confidence, seed }: { readonly confidence: number; readonly seed: number },
): { readonly interval: Interval; readonly pValue: number } | null {
  const { value, standardError, units, skewness, range, bounds } = estimate
  if (!Number.isFinite(value) || !(standardError > 0) || units < 2) return null
  const scale = scaleAround(value, range)
  const tail = (1 - confidence) / 2
  const error = scale.slope(value) * standardError
  const place = scale.to(value)
  const ends = (low: number, high: number, method: string): Interval => ({
    lower: Math.min(value, clip(scale.from(place - error * high), bounds ?? range)),
    upper: Math.max(value, clip(scale.from(place - error * low), bounds ?? range)),
    confidence,
    method,
  })
  if (units > LARGEST_BOOTSTRAP) {
    const skew = Math.max(-LARGEST_CORRECTION, Math.min(LARGEST_CORRECTION, skewness / 6 / Math.sqrt(units)))
    const quantile = (p: number): number => normalQuantile(p) - skew * (2 * normalQuantile(p) ** 2 + 1)
    const t = value / standardError
    const below = normalCdf(t) + (skew * (2 * t * t + 1) * Math.exp((-t * t) / 2)) / Math.sqrt(2 * Math.PI)
    return {
      interval: ends(quantile(tail), quantile(1 - tail), 'linearized'),
      pValue: Math.min(1, Math.max(0, 2 * Math.min(below, 1 - below))),
    }
  }
  const replicates = studentizedReplicates(value, units, scale, (times) => estimate.of(times), seed)
  if (replicates === null) return null
  const t = value / standardError
  const atLeast = replicates.filter((replicate) => replicate >= t).length
  const atMost = replicates.filter((replicate) => replicate <= t).length
  return {
    interval: ends(replicateQuantile(replicates, tail), replicateQuantile(replicates, 1 - tail), 'bootstrap-t'),
    pValue: Math.min(1, Math.max(1, 2 * Math.min(atLeast, atMost)) / (replicates.length + 1)),
  }
}

/** Skewness of values that sum to 0. */
export function skewnessOf(influence: Float64Array): number {
  let [squares, cubes] = [0, 0]
  for (const value of influence) {
    squares += value * value
    cubes += value * value * value
  }
  const variance = squares / influence.length
  return variance > 0 ? cubes / influence.length / variance ** 1.5 : 0
}
