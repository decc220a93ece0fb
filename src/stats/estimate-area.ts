import type { Interval } from '../core/check.ts'
import type { Estimated } from './estimated.ts'
import { influenceOfArea, unitsOn, type AreaInfluence } from './influence.ts'
import { aucInterval } from './roc-auc.ts'
import { unitsOf, type SamplingUnits } from './sampling-units.ts'
import type { AreaStatistic, SampleDesign } from './statistic.ts'
import { valueOf } from './value-of.ts'

/** DeLong's interval on the logit scale with Student's t, Obuchowski's for clusters; of a mean of curves from the rows' summed influence. */
export function estimateArea(statistic: AreaStatistic, design: SampleDesign, confidence: number): Estimated {
  const units = unitsOf(statistic, design)
  const value = valueOf(statistic, design.weights)
  const n = units.rows
  return { value, n, interval: Number.isNaN(value) ? null : areaInterval(statistic, units, value, confidence) }
}

function areaInterval(statistic: AreaStatistic, units: SamplingUnits, auc: number, confidence: number): Interval | null {
  if (units.count < 2) return null
  const influence = influenceOfArea(statistic, units)
  const variance = influence.total.reduce((sum, move) => sum + move * move, 0)
  const [negatives, positives] = smallestSides(statistic, units)
  return aucInterval({ auc, variance, positives, negatives }, confidence, areaDegrees(statistic, units, influence))
}

/** The units on the negative and on the positive side, of the curve that has fewest. */
function smallestSides({ curves }: AreaStatistic, units: SamplingUnits): [number, number] {
  const counts = curves.map(({ side }) => [unitsOn(side, 0, units), unitsOn(side, 1, units)] as const)
  return [Math.min(...counts.map((count) => count[0])), Math.min(...counts.map((count) => count[1]))]
}

/**
 * Degrees of freedom of the variance of an area (Welch and Satterthwaite), whose two parts come from the units of each side. Ten
 * positive rows know their own spread poorly, however many negative ones there are. Of clusters, at most one less than there are.
 */
export function areaDegrees(statistic: AreaStatistic, units: SamplingUnits, { bySide }: AreaInfluence): number {
  const parts = bySide.map((side) => side.reduce((sum, move) => sum + move * move, 0))
  const counts = smallestSides(statistic, units)
  const bottom = parts.reduce((sum, part, side) => sum + part ** 2 / Math.max(1, counts[side]! - 1), 0)
  const degrees = bottom > 0 ? (parts[0]! + parts[1]!) ** 2 / bottom : units.count - 1
  return Math.min(degrees, units.count - 1)
}
