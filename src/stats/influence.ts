import { curveArea } from './curve-area.ts'
import { sumsByUnit, weightsWhen, type SamplingUnits } from './sampling-units.ts'
import type { AreaStatistic, CellStatistic, Rate, RowStatistic } from './statistic.ts'
import { valueOf } from './value-of.ts'

/**
 * By how much each sampling unit moves the estimate: the linear part of the estimate's error, which sums to 0 over the units, and
 * whose sum of squares, times units / (units − 1), is the sandwich (linearisation) variance of the estimate under weights and clusters.
 *
 * @param slopes of the statistic by the share of each cell
 */
export function influenceOfCells(cells: Int32Array, slopes: Float64Array, units: SamplingUnits): Float64Array {
  return sumsByUnit(
    units,
    scaled(units, (row) => slopes[cells[row]!]!),
  )
}

export function influenceOfRate({ hits, counted, map = (share) => share }: Rate, units: SamplingUnits): Float64Array {
  const weight = (row: number): number => (counted?.[row] === 0 ? 0 : (units.weights?.[row] ?? 1))
  const share = valueOf({ kind: 'rate', hits, counted }, units.weights)
  let total = 0
  for (let row = 0; row < hits.length; row++) total += weight(row)
  const slope = slopeAt(map, share)
  const ofRow = Float64Array.from(hits, (hit, row) => (slope * weight(row) * (hit - share)) / total)
  return sumsByUnit(units, ofRow)
}

/** Of an area, or a mean of areas: in all, and by way of the units' negative rows (0) and positive rows (1). */
export interface AreaInfluence {
  readonly total: Float64Array
  readonly bySide: readonly Float64Array[]
}

/**
 * Each side of each curve is stretched by √(m / (m − 1)) for its m units, so that the sum of squares is DeLong's variance for one
 * curve and single rows, and Obuchowski's (Biometrics 53 (1997)) for clusters, without any other factor.
 */
export function influenceOfArea({ curves }: AreaStatistic, units: SamplingUnits): AreaInfluence {
  const bySide = [new Float64Array(units.count), new Float64Array(units.count)]
  for (const { scores, side, share } of curves) {
    const { influence } = curveArea(scores, side, units.weights)
    for (const which of [0, 1]) {
      const stretch = share * Math.sqrt(stretchOf(unitsOn(side, which, units)))
      const into = bySide[which]!
      for (let row = 0; row < side.length; row++) {
        const unit = units.unitOf === null ? row : units.unitOf[row]!
        if (side[row] === which && unit >= 0) into[unit]! += stretch * influence[row]!
      }
    }
  }
  return { total: bySide[0]!.map((move, unit) => move + bySide[1]![unit]!), bySide }
}

const stretchOf = (units: number): number => (units > 1 ? units / (units - 1) : 1)

/** How many units have a row on this side. */
export function unitsOn(side: Uint8Array, which: number, { count, unitOf }: SamplingUnits): number {
  const seen = new Uint8Array(count)
  for (let row = 0; row < side.length; row++) {
    const unit = unitOf === null ? row : unitOf[row]!
    if (side[row] === which && unit >= 0) seen[unit] = 1
  }
  return seen.reduce((sum, is) => sum + is, 0)
}

/** By its formula, or by leaving out each unit in turn (the jackknife): NaN then where the statistic is not defined without a unit. */
export function influenceOfRows(
  statistic: Pick<RowStatistic, 'at' | 'rowCount' | 'influence'>,
  units: SamplingUnits,
): Float64Array {
  const { influence } = statistic
  if (influence) return sumsByUnit(units, influence(units.weights ?? new Float64Array(units.rows).fill(1)))
  const times = new Float64Array(units.count).fill(1)
  const weights = new Float64Array(statistic.rowCount)
  const without = Float64Array.from(times, (_, unit) => {
    times[unit] = 0
    const value = statistic.at(weightsWhen(units, times, weights))
    times[unit] = 1
    return value
  })
  const mean = without.reduce((sum, value) => sum + value, 0) / units.count
  // (m − 1) / m · Σ deviation² is the jackknife's variance, and m / (m − 1) is put on by whoever squares these.
  return without.map((value) => ((units.count - 1) / units.count) * (mean - value))
}

/** The standard error that influences give, with Bessel's factor. */
export function standardErrorOf(influence: Float64Array): number {
  let squares = 0
  for (const value of influence) squares += value * value
  return Math.sqrt(squares * stretchOf(influence.length))
}

/** Per row: weight × f(row) / sum of the weights. */
function scaled({ rows, weights }: SamplingUnits, of: (row: number) => number): Float64Array {
  const total = weights === null ? rows : weights.reduce((sum, weight) => sum + weight, 0)
  const values = new Float64Array(rows)
  for (let row = 0; row < rows; row++) values[row] = ((weights?.[row] ?? 1) * of(row)) / total
  return values
}

/** By central differences, with steps of a thousandth of each mean's standard error: small against what noise does to it. */
export function gradient(at: (means: Float64Array) => number, means: Float64Array, errors: Float64Array): Float64Array {
  const moved = means.slice()
  const slopes = new Float64Array(means.length)
  for (let t = 0; t < means.length; t++) {
    const mean = means[t]!
    const step = Math.max(errors[t]! * 1e-3, Math.abs(mean) * 1e-9)
    if (!(step > 0)) continue
    moved[t] = mean + step
    const above = at(moved)
    moved[t] = mean - step
    const below = at(moved)
    moved[t] = mean
    slopes[t] = (above - below) / (2 * step)
  }
  return slopes
}

/** With respect to the shares of the cells that occur; 0 for the others. */
export function cellSlopes({ at }: CellStatistic, sums: Float64Array): Float64Array {
  const total = sums.reduce((sum, count) => sum + count, 0)
  const moved = sums.map((count) => count / total)
  return Float64Array.from(sums, (count, cell) => {
    if (count === 0) return 0
    const share = count / total
    const step = share * 1e-4
    moved[cell] = share + step
    const above = at(moved)
    moved[cell] = share - step
    const below = at(moved)
    moved[cell] = share
    return (above - below) / (2 * step)
  })
}

function slopeAt(map: (share: number) => number, share: number): number {
  const step = 1e-5 * Math.min(share, 1 - share) || 1e-6
  const [low, high] = [Math.max(0, share - step), Math.min(1, share + step)]
  return (map(high) - map(low)) / (high - low)
}
