import { differenceRange } from './difference-of-means.ts'
import type { EstimatedDifference } from './estimated.ts'
import { inferRows, LARGEST_JACKKNIFE } from './estimate-rows.ts'
import { influenceOfRows } from './influence.ts'
import { sameInterval, unseenShare } from './same-models.ts'
import { unitsOf, type SamplingUnits } from './sampling-units.ts'
import type { RowStatistic, SampleDesign, Statistic } from './statistic.ts'
import { valueOf } from './value-of.ts'

/** The bootstrap of the difference of any two statistics: both are taken anew from the same rows. */
export function differenceOfRows(
  a: Statistic,
  b: Statistic,
  design: SampleDesign,
  options: { readonly confidence: number; readonly seed: number },
): EstimatedDifference {
  const units = unitsOf(a, design)
  const n = units.rows
  const test = 'paired-bootstrap'
  const at = (weights: Float64Array): number => valueOf(a, weights) - valueOf(b, weights)
  const value = at(design.weights ?? new Float64Array(n).fill(1))
  const bounds = differenceRange(rangeOf(a), rangeOf(b))
  const influence = differenceOfInfluences(a, b)
  const inferred = inferRows(value, { at, rowCount: n, bounds, ...(influence && { influence }) }, units, options)
  if (inferred) return { value, n, interval: inferred.interval, pValue: inferred.pValue, test }
  if (value !== 0 || units.count < 2) return { value, n, interval: null, pValue: null, test }
  return { value, n, interval: sameRows(a, units, options.confidence), pValue: 1, test }
}

/** The influences of a difference are the differences of the influences, where both have a formula. */
function differenceOfInfluences(a: Statistic, b: Statistic): RowStatistic['influence'] | undefined {
  if (a.kind !== 'rows' || b.kind !== 'rows' || !a.influence || !b.influence) return undefined
  const [ofA, ofB] = [a.influence, b.influence]
  return (weights) => {
    const theirs = ofB(weights)
    return ofA(weights).map((value, row) => value - theirs[row]!)
  }
}

/** No draw shows a difference. */
function sameRows(a: Statistic, units: SamplingUnits, confidence: number): EstimatedDifference['interval'] {
  if (units.count <= LARGEST_JACKKNIFE) {
    return sameInterval(0, influenceOfRows({ rowCount: units.rows, at: (weights) => valueOf(a, weights) }, units), confidence)
  }
  // Influences cost too much here; a share of the range is as far as that share of the units can move anything.
  const range = rangeOf(a)
  if (!range || !Number.isFinite(range[0]) || !Number.isFinite(range[1])) return null
  const reach = unseenShare(units.count, confidence) * (range[1] - range[0])
  return { lower: -reach, upper: reach, confidence, method: 'no-difference-seen' }
}

const rangeOf = (statistic: Statistic): readonly [number, number] | undefined =>
  'range' in statistic ? statistic.range : undefined
