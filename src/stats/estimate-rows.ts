import type { Interval } from '../core/check.ts'
import type { Estimated } from './estimated.ts'
import { twoSidedT } from './mean.ts'
import { seededRandom } from './random.ts'
import { unitsOf, weightsWhen, type SamplingUnits } from './sampling-units.ts'
import { clip, scaleAround, scaleOf, type Range, type Scale } from './scale.ts'
import type { RowStatistic, SampleDesign } from './statistic.ts'
import { twoSidedTailT } from './student-t.ts'

/** Up to here each unit is left out once. */
export const LARGEST_JACKKNIFE = 400
/** More are not drawn, so that the work is bounded: the bootstrap's standard error is then right to 4 %. */
const REPLICATES = 300

/** The jackknife on the scale of the range for few units, the bootstrap's standard error for many; both less their bias. */
export function estimateRows(
  statistic: RowStatistic,
  design: SampleDesign,
  options: { readonly confidence: number; readonly seed: number },
): Estimated {
  const units = unitsOf(statistic, design)
  const value = statistic.at(design.weights ?? new Float64Array(units.rows).fill(1))
  return { value, n: units.rows, interval: inferRows(value, statistic, units, options)?.interval ?? null }
}

export function inferRows(
  value: number,
  statistic: Omit<RowStatistic, 'kind'> & { readonly bounds?: Range | undefined },
  units: SamplingUnits,
  { confidence, seed }: { readonly confidence: number; readonly seed: number },
): { readonly interval: Interval; readonly pValue: number } | null {
  if (!Number.isFinite(value) || units.count < 2) return null
  const { at, rowCount, range, bounds = range, biased = false } = statistic
  const weights = new Float64Array(rowCount)
  const again = (times: Float64Array): number => at(weightsWhen(units, times, weights))
  const placed = biased
    ? byDistance(value, units.count, again, seed)
    : units.count > LARGEST_JACKKNIFE
      ? byBootstrap(value, units.count, again, range, seed)
      : byJackknife(value, units.count, again, range)
  if (placed === null) return null
  const { scale, centre, standardError, degrees, method } = placed
  const half = twoSidedT(confidence, degrees) * standardError
  return {
    interval: {
      lower: Math.min(value, clip(scale.from(centre - half), bounds)),
      upper: Math.max(value, clip(scale.from(centre + half), bounds)),
      confidence,
      method,
    },
    pValue: twoSidedTailT(centre / standardError, degrees),
  }
}

/** An estimate without its bias, on the scale on which it is nearly normal. */
interface Placed {
  readonly scale: Scale
  readonly centre: number
  readonly standardError: number
  readonly degrees: number
  readonly method: string
}

/**
 * Tukey's jackknife: pseudo-values m · φ(all) − (m − 1) · φ(all but one), whose mean is free of the bias of order 1 / m and whose
 * spread is the standard error. Student's degrees of freedom follow from how heavy their tails are (the variance of a variance): where
 * few of the rows have all the say, such as three positive ones, they are few. On the plain scale where another is not defined throughout.
 */
function byJackknife(
  value: number,
  count: number,
  again: (times: Float64Array) => number,
  range: Range | undefined,
): Placed | null {
  const times = new Float64Array(count).fill(1)
  const without = times.map((_, unit) => {
    times[unit] = 0
    const left = again(times)
    times[unit] = 1
    return left
  })
  const around = scaleAround(value, range)
  const scale = without.every((left) => Number.isFinite(around.to(left))) ? around : scaleOf()
  const place = scale.to(value)
  const pseudo = without.map((left) => count * place - (count - 1) * scale.to(left))
  const centre = pseudo.reduce((sum, x) => sum + x, 0) / count
  const squares = pseudo.reduce((sum, x) => sum + (x - centre) ** 2, 0)
  const standardError = Math.sqrt(squares / (count - 1) / count)
  if (!(standardError > 1e-12 * Math.abs(place))) return null
  const kurtosis = (pseudo.reduce((sum, x) => sum + (x - centre) ** 4, 0) * count) / squares ** 2
  const degrees = Math.min(count - 1, Math.max(1, (2 * count) / Math.max(1e-9, kurtosis - 1)))
  return { scale, centre, standardError, degrees, method: 'jackknife' }
}

function byBootstrap(
  value: number,
  count: number,
  again: (times: Float64Array) => number,
  range: Range | undefined,
  seed: number,
): Placed | null {
  const scale = scaleAround(value, range)
  const spread = replicated(count, (times) => scale.to(again(times)), seed)
  const place = scale.to(value)
  if (spread === null || !(spread.deviation > 1e-12 * Math.abs(place))) return null
  const degrees = Math.min(REPLICATES, count) - 1
  return { scale, centre: 2 * place - spread.mean, standardError: spread.deviation, degrees, method: 'bootstrap-se' }
}

/** Squares, with no place below 0. */
const SQUARES: Scale = { to: (x) => x * x, from: (place) => Math.sqrt(Math.max(0, place)), slope: (x) => 2 * x }

/**
 * Of a sum of distances, which noise makes larger by as much as it is itself: a mean of |N(0, σ)| is 0.8 σ where the truth is 0, and
 * that of a replicate, whose truth is the estimate, is √2 times that. In squares, then, what replicates add is what the estimate has
 * too much: 2 · estimate² − mean(replicate)² is 0 on average where the truth is, and the truth where noise is small.
 */
function byDistance(value: number, count: number, again: (times: Float64Array) => number, seed: number): Placed | null {
  const spread = replicated(count, again, seed)
  const squares = replicated(count, (times) => again(times) ** 2, seed)
  if (spread === null || squares === null || !(squares.deviation > 0)) return null
  const centre = 2 * value ** 2 - spread.mean ** 2
  const degrees = Math.min(REPLICATES, count) - 1
  return { scale: SQUARES, centre, standardError: squares.deviation, degrees, method: 'bootstrap-distance' }
}

/** Mean and standard deviation over samples drawn again; null where the statistic is not defined on more than 1 in 100 of them. */
function replicated(
  count: number,
  of: (times: Float64Array) => number,
  seed: number,
): { readonly mean: number; readonly deviation: number } | null {
  const random = seededRandom(seed)
  const times = new Float64Array(count)
  const values = Float64Array.from({ length: REPLICATES }, () => {
    times.fill(0)
    for (let i = 0; i < count; i++) times[random.integer(count)]!++
    return of(times)
  }).filter(Number.isFinite)
  if (values.length < 0.99 * REPLICATES) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
  return { mean, deviation }
}
