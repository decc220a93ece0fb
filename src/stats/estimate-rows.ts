import type { Interval } from '../core/check.ts'
import { distanceInterval } from './distance.ts'
import type { Estimated } from './estimated.ts'
import { influenceOfRows, standardErrorOf } from './influence.ts'
import { twoSidedT } from './mean.ts'
import { seededRandom } from './random.ts'
import { unitsOf, weightsWhen, type SamplingUnits } from './sampling-units.ts'
import { clip, scaleAround, scaleOf, type Range, type Scale } from './scale.ts'
import type { RowStatistic, SampleDesign } from './statistic.ts'
import { twoSidedTailT } from './student-t.ts'

/** Up to here each unit is left out once. */
export const LARGEST_JACKKNIFE = 400
/** More are not drawn, so that the work is bounded: the bootstrap's standard error is then right to 4 %, and to 9 % on a million rows. */
const MOST_REPLICATES = 300
const FEWEST_REPLICATES = 60
const UNITS_DRAWN = 2e7

/**
 * On the scale of the range: the jackknife for few units; for many the formula of the influence where there is one, the bootstrap's
 * standard error where there is none.
 */
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
): { readonly interval: Interval; readonly pValue: number | null } | null {
  if (!Number.isFinite(value) || units.count < 2) return null
  const { at, rowCount, range, bounds = range, biased = false } = statistic
  const weights = new Float64Array(rowCount)
  const again = (times: Float64Array): number => at(weightsWhen(units, times, weights))
  if (biased) {
    const ends = distanceInterval(
      value,
      replicated(units.count, again, seed),
      confidence,
      Math.min(replicatesOf(units.count), units.count) - 1,
    )
    return ends && { interval: { ...ends, confidence, method: 'bootstrap-distance' }, pValue: null }
  }
  const placed =
    units.count <= LARGEST_JACKKNIFE
      ? byJackknife(value, units.count, again, range)
      : statistic.influence
        ? byFormula(value, influenceOfRows(statistic, units), range)
        : byBootstrap(value, units.count, again, range, seed)
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
 * spread is the standard error. On the plain scale where the other is not defined throughout.
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
  const influence = pseudo.map((x) => (x - centre) / count)
  const standardError = standardErrorOf(influence)
  if (!(standardError > 1e-12 * Math.abs(place))) return null
  return { scale, centre, standardError, degrees: degreesOf(influence), method: 'jackknife' }
}

function byFormula(value: number, influence: Float64Array, range: Range | undefined): Placed | null {
  const scale = scaleAround(value, range)
  const standardError = scale.slope(value) * standardErrorOf(influence)
  if (!(standardError > 1e-12 * Math.abs(scale.to(value)))) return null
  return { scale, centre: scale.to(value), standardError, degrees: degreesOf(influence), method: 'linearized' }
}

/**
 * Degrees of freedom of a variance from how heavy the tails of its terms are (the variance of a variance): where few of the rows have
 * all the say, such as three positive ones, they are few.
 */
function degreesOf(influence: Float64Array): number {
  const count = influence.length
  let [squares, fourths] = [0, 0]
  for (const move of influence) {
    squares += move ** 2
    fourths += move ** 4
  }
  const kurtosis = (fourths * count) / squares ** 2
  return Math.min(count - 1, Math.max(1, (2 * count) / Math.max(1e-9, kurtosis - 1)))
}

function byBootstrap(
  value: number,
  count: number,
  again: (times: Float64Array) => number,
  range: Range | undefined,
  seed: number,
): Placed | null {
  const scale = scaleAround(value, range)
  const places = replicated(count, (times) => scale.to(again(times)), seed).filter(Number.isFinite)
  if (places.length < 0.99 * replicatesOf(count)) return null
  const place = scale.to(value)
  const mean = places.reduce((sum, x) => sum + x, 0) / places.length
  const standardError = Math.sqrt(places.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (places.length - 1))
  if (!(standardError > 1e-12 * Math.abs(place))) return null
  const degrees = Math.min(places.length, count) - 1
  return { scale, centre: 2 * place - mean, standardError, degrees, method: 'bootstrap-se' }
}

const replicatesOf = (count: number): number =>
  Math.round(Math.max(FEWEST_REPLICATES, Math.min(MOST_REPLICATES, UNITS_DRAWN / count)))

/** The statistic on samples drawn again. */
function replicated(count: number, of: (times: Float64Array) => number, seed: number): Float64Array {
  const random = seededRandom(seed)
  const times = new Float64Array(count)
  return Float64Array.from({ length: replicatesOf(count) }, () => {
    times.fill(0)
    for (let i = 0; i < count; i++) times[random.integer(count)]!++
    return of(times)
  })
}
