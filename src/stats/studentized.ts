import type { Interval } from '../core/check.ts'
import { replicateQuantile, studentizedReplicates, type Measured } from './bootstrap-t.ts'
import { twoSidedT } from './mean.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { unseenShare } from './same-models.ts'
import { clip, scaleAround, type Range } from './scale.ts'
import { twoSidedTailT } from './student-t.ts'

/** What is known of an estimate that is smooth in its sampling units. */
export interface SmoothEstimate extends Measured {
  /** By how much each unit moves the estimate. */
  readonly influence: Float64Array
  /** The estimate with its standard error when each unit is there `times` over. */
  of(times: Float64Array): Measured
  /** The interval is made on a scale without bounds, and so stays inside. */
  readonly range?: Range | undefined
  /** What it cannot leave, though its scale is the plain one: of a difference. */
  readonly bounds?: Range | undefined
  readonly isDifference?: boolean
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
  const { value, standardError, influence, range, bounds } = estimate
  const units = influence.length
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
  const t = value / standardError
  const common = commonInfluence(influence)
  if (common !== null) {
    const interval = { ...aroundFew(estimate, confidence, common), confidence, method: 'few-differ' }
    return { interval, pValue: twoSidedTailT(t, units - 1) }
  }
  if (units > LARGEST_BOOTSTRAP) {
    const skewness = skewnessOf(influence)
    const skew = Math.max(-LARGEST_CORRECTION, Math.min(LARGEST_CORRECTION, skewness / 6 / Math.sqrt(units)))
    const quantile = (p: number): number => normalQuantile(p) - skew * (2 * normalQuantile(p) ** 2 + 1)
    const below = normalCdf(t) + (skew * (2 * t * t + 1) * Math.exp((-t * t) / 2)) / Math.sqrt(2 * Math.PI)
    return {
      interval: ends(quantile(tail), quantile(1 - tail), 'linearized'),
      pValue: Math.min(1, Math.max(0, 2 * Math.min(below, 1 - below))),
    }
  }
  const replicates = studentizedReplicates(value, units, scale, (times) => estimate.of(times), seed)
  if (replicates === null) return null
  const most = FURTHEST * normalQuantile(1 - tail)
  const low = Math.max(-most, replicateQuantile(replicates, tail))
  const high = Math.min(most, replicateQuantile(replicates, 1 - tail))
  const atLeast = replicates.filter((replicate) => replicate >= t).length
  const atMost = replicates.filter((replicate) => replicate <= t).length
  return {
    interval: ends(low, high, 'bootstrap-t'),
    pValue: Math.min(1, Math.max(1, 2 * Math.min(atLeast, atMost)) / (replicates.length + 1)),
  }
}

/** So many normal deviates are far enough: beyond, the replicates tell of draws without the one unit that has all the spread. */
const FURTHEST = 4

/** With fewer units than this that are not like most, a bootstrap that leaves all of them out is no rarity. */
const FEWEST = 10

/** The influence that most units have, where fewer than ten have another; null where there is no such thing. */
function commonInfluence(influence: Float64Array): number | null {
  const sorted = influence.toSorted()
  const same = 1e-9 * Math.max(Math.abs(sorted[0]!), Math.abs(sorted.at(-1)!))
  let [longest, run, common] = [1, 1, sorted[0]!]
  for (let i = 1; i < sorted.length; i++) {
    run = sorted[i]! - sorted[i - 1]! <= same ? run + 1 : 1
    if (run <= longest) continue
    longest = run
    common = sorted[i]!
  }
  return longest > sorted.length / 2 && sorted.length - longest < FEWEST ? common : null
}

/**
 * Student's interval, and on the side of the few units that are not like the rest what the share of units that could be so, and have not
 * been seen, would add. Two models can differ either way, though all that was seen went one.
 */
function aroundFew(estimate: SmoothEstimate, confidence: number, common: number): { lower: number; upper: number } {
  const { value, standardError, influence, range, bounds, isDifference = false } = estimate
  const units = influence.length
  const half = twoSidedT(confidence, units - 1) * standardError
  const unseen = unseenShare(units, confidence) * units
  let [down, up] = [common - influence.reduce((a, b) => Math.min(a, b)), influence.reduce((a, b) => Math.max(a, b)) - common]
  if (isDifference) down = up = Math.max(down, up)
  return {
    lower: Math.min(value, clip(value - half - unseen * down, bounds ?? range)),
    upper: Math.max(value, clip(value + half + unseen * up, bounds ?? range)),
  }
}

/** Skewness of values that sum to 0. */
function skewnessOf(influence: Float64Array): number {
  let [squares, cubes] = [0, 0]
  for (const value of influence) {
    squares += value * value
    cubes += value * value * value
  }
  const variance = squares / influence.length
  return variance > 0 ? cubes / influence.length / variance ** 1.5 : 0
}
