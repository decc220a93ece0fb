import { deviateOf, effectiveRows, kishRows } from './design-effect.ts'
import type { EstimatedDifference } from './estimated.ts'
import { influenceOfRate, standardErrorOf, unitsOn } from './influence.ts'
import { mcnemarMidP, tango } from './paired-proportions.ts'
import { samplingUnits } from './sampling-units.ts'
import type { Rate, SampleDesign } from './statistic.ts'
import { twoSidedTailT } from './student-t.ts'

/** Whether both are shares of the same rows, so that only the rows on which the models differ tell of the difference. */
export function areOfSameRows(a: Rate, b: Rate): boolean {
  if (a.map !== undefined || b.map !== undefined) return false
  return a.counted === b.counted || a.hits.every((_hit, row) => (a.counted?.[row] ?? 1) === (b.counted?.[row] ?? 1))
}

/**
 * Tango's interval of the difference of two shares of the same rows, and McNemar's mid-p. Under weights and clusters, Tango's for the
 * number of rows that the difference's sandwich variance is worth, and the t-test of the difference.
 */
export function differenceOfRates(a: Rate, b: Rate, design: SampleDesign, confidence: number): EstimatedDifference {
  const { counted } = a
  const n = counted === null ? a.hits.length : counted.reduce((sum, is) => sum + is, 0)
  let [onlyA, onlyB, rows] = [0, 0, 0]
  for (let row = 0; row < a.hits.length; row++) {
    if (counted?.[row] === 0) continue
    const weight = design.weights?.[row] ?? 1
    rows += weight
    if (a.hits[row]! > b.hits[row]!) onlyA += weight
    if (a.hits[row]! < b.hits[row]!) onlyB += weight
  }
  const value = (onlyA - onlyB) / rows
  const isSimple = design.weights === null && design.clusters === null
  const test = isSimple ? 'mcnemar-mid-p' : 'linearized-t'
  if (Number.isNaN(value)) return { value, n, interval: null, pValue: null, test }
  if (isSimple) return { value, n, interval: tango({ onlyA, onlyB, rows }, confidence), pValue: mcnemarMidP(onlyA, onlyB), test }

  const all = samplingUnits(a.hits.length, design)
  const count = counted === null ? all.count : unitsOn(counted, 1, all)
  if (count < 2) return { value, n, interval: null, pValue: null, test }
  const ofB = influenceOfRate(b, all)
  const error = standardErrorOf(influenceOfRate(a, all).map((influence, unit) => influence - ofB[unit]!))
  const variance = (error ** 2 * (all.count - 1) * count) / (all.count * (count - 1))
  const kish = kishRows(design.weights, a.hits.length, (row) => counted?.[row] !== 0)
  const worth = effectiveRows({ rowVariance: (onlyA + onlyB) / rows - value ** 2, variance }, n, kish, count)
  const worthOf = (weight: number): number => (weight / rows) * worth
  const deviate = deviateOf(confidence, count, false)
  const interval = tango({ onlyA: worthOf(onlyA), onlyB: worthOf(onlyB), rows: worth }, confidence, deviate)
  const method = design.clusters === null ? 'tango-weighted' : 'tango-clustered'
  const pValue = variance > 0 ? twoSidedTailT(value / Math.sqrt(variance), count - 1) : 1
  return { value, n, interval: { ...interval, method }, pValue, test }
}
