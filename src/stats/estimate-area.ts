import type { Interval } from '../core/check.ts'
import type { Estimated } from './estimated.ts'
import { influenceOfArea, unitsOn } from './influence.ts'
import { aucInterval } from './roc-auc.ts'
import { unitsOf, type SamplingUnits } from './sampling-units.ts'
import type { AreaStatistic, SampleDesign } from './statistic.ts'
import { valueOf } from './value-of.ts'

/** DeLong's interval on the logit scale, Obuchowski's for clusters; of a mean of curves from the rows' summed influence. */
export function estimateArea(statistic: AreaStatistic, design: SampleDesign, confidence: number): Estimated {
  const units = unitsOf(statistic, design)
  const value = valueOf(statistic, design.weights)
  const n = units.rows
  return { value, n, interval: Number.isNaN(value) ? null : areaInterval(statistic, units, value, confidence) }
}

function areaInterval(statistic: AreaStatistic, units: SamplingUnits, auc: number, confidence: number): Interval | null {
  if (units.count < 2) return null
  const sides = statistic.curves.map(({ side }) => [unitsOn(side, 1, units), unitsOn(side, 0, units)] as const)
  const variance = influenceOfArea(statistic, units).reduce((sum, value) => sum + value * value, 0)
  const positives = Math.min(...sides.map((counts) => counts[0]))
  const negatives = Math.min(...sides.map((counts) => counts[1]))
  return aucInterval({ auc, variance, positives, negatives }, confidence)
}
