import { areaDegrees } from './estimate-area.ts'
import type { EstimatedDifference } from './estimated.ts'
import { influenceOfArea } from './influence.ts'
import { twoSidedT } from './mean.ts'
import { unitsOf } from './sampling-units.ts'
import { sameInterval } from './same-models.ts'
import type { AreaStatistic, SampleDesign } from './statistic.ts'
import { twoSidedTailT } from './student-t.ts'
import { valueOf } from './value-of.ts'

/** DeLong's test of two curves of the same rows; each row's influence on a less that on b carries the covariance. */
export function differenceOfAreas(
  a: AreaStatistic,
  b: AreaStatistic,
  design: SampleDesign,
  confidence: number,
): EstimatedDifference {
  const units = unitsOf(a, design)
  const n = units.rows
  const test = 'delong'
  const value = valueOf(a, design.weights) - valueOf(b, design.weights)
  if (Number.isNaN(value) || units.count < 2) return { value, n, interval: null, pValue: null, test }
  const ofA = influenceOfArea(a, units)
  const ofB = influenceOfArea(b, units)
  const influence = ofA.total.map((move, unit) => move - ofB.total[unit]!)
  const error = Math.sqrt(influence.reduce((sum, move) => sum + move * move, 0))
  if (!(error > 1e-12)) return { value, n, interval: sameInterval(value, ofA.total, confidence), pValue: 1, test }
  const bySide = ofA.bySide.map((side, s) => side.map((move, unit) => move - ofB.bySide[s]![unit]!))
  const degrees = areaDegrees(a, units, { total: influence, bySide })
  const half = twoSidedT(confidence, degrees) * error
  const interval = { lower: Math.max(-1, value - half), upper: Math.min(1, value + half), confidence, method: test }
  return { value, n, interval, pValue: twoSidedTailT(value / error, degrees), test }
}
