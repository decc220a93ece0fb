import type { Interval } from '../core/check.ts'
import type { Estimated } from './estimated.ts'
import type { Range } from './scale.ts'
import { unitsOf } from './sampling-units.ts'
import { smoothMeans } from './smooth-means.ts'
import type { MeanStatistic, SampleDesign } from './statistic.ts'
import { studentized } from './studentized.ts'

/** Bootstrap-t over rows or clusters; where all rows are alike, what the rows not seen could still do inside the range. */
export function estimateMeans(
  statistic: MeanStatistic,
  design: SampleDesign,
  options: { readonly confidence: number; readonly seed: number },
): Estimated {
  const units = unitsOf(statistic, design)
  const n = units.rows
  if (units.count === 0) return { value: Number.NaN, interval: null, n }
  const estimate = smoothMeans(statistic, units)
  const { value } = estimate
  const interval = studentized(estimate, options)?.interval
  if (interval) return { value, n, interval }
  const isFlat = units.count > 1 && estimate.standardError === 0 && Number.isFinite(value)
  return { value, n, interval: isFlat ? flatInterval(value, units.count, statistic.range, options.confidence) : null }
}

/**
 * Of a value that all units agree on. With this confidence at most a share q = 1 − (α / 2)^(1 / units) of all units are different
 * (Clopper and Pearson for none of so many), and those can be anywhere in the range. Null without a range: they could be anything.
 */
export function flatInterval(value: number, units: number, range: Range | undefined, confidence: number): Interval | null {
  if (range === undefined || !Number.isFinite(range[0]) || !Number.isFinite(range[1])) return null
  const share = 1 - ((1 - confidence) / 2) ** (1 / units)
  return {
    lower: value - share * (value - range[0]),
    upper: value + share * (range[1] - value),
    confidence,
    method: 'all-alike',
  }
}
