import { differenceOfAreas } from './difference-of-areas.ts'
import { differenceOfCells } from './difference-of-cells.ts'
import { differenceOfMeans } from './difference-of-means.ts'
import { areOfSameRows, differenceOfRates } from './difference-of-rates.ts'
import { differenceOfRows } from './difference-of-rows.ts'
import { estimateArea } from './estimate-area.ts'
import { estimateCells } from './estimate-cells.ts'
import { estimateMeans } from './estimate-means.ts'
import { estimateRate } from './estimate-rate.ts'
import { estimateRows } from './estimate-rows.ts'
import type { Estimated, EstimatedDifference, EstimateOptions } from './estimated.ts'
import { cellsOfRate } from './joint-cells.ts'
import { rowsOf, SIMPLE_SAMPLE, type SampleDesign, type Statistic } from './statistic.ts'

export type { Estimated, EstimatedDifference, EstimateOptions } from './estimated.ts'
export { valueOf } from './value-of.ts'

/** A statistic with its interval, by the method that suits its form and the way the rows were drawn. */
export function estimate(
  statistic: Statistic,
  design: SampleDesign = SIMPLE_SAMPLE,
  { confidence = 0.95, seed = 1, rateInterval = 'wilson' }: EstimateOptions = {},
): Estimated {
  const options = { confidence, seed }
  switch (statistic.kind) {
    case 'rate':
      return estimateRate(statistic, design, confidence, rateInterval)
    case 'cells':
      return estimateCells(statistic, design, options)
    case 'means':
      return estimateMeans(statistic, design, options)
    case 'area':
      return estimateArea(statistic, design, confidence)
    default:
      return estimateRows(statistic, design, options)
  }
}
/**
 * The difference a − b of two statistics of the same rows, as two models answered them: with its interval, and the test of the
 * hypothesis that there is none. Rows on which the models agree cancel, which is why it is narrower than two intervals side by side.
 */
export function estimateDifference(
  a: Statistic,
  b: Statistic,
  design: SampleDesign = SIMPLE_SAMPLE,
  { confidence = 0.95, seed = 1 }: EstimateOptions = {},
): EstimatedDifference {
  const options = { confidence, seed }
  if (rowsOf(a) !== rowsOf(b)) throw new RangeError(`${rowsOf(a)} and ${rowsOf(b)} rows are not the same rows`)
  if (a.kind === 'rate' && b.kind === 'rate') {
    return areOfSameRows(a, b)
      ? differenceOfRates(a, b, design, confidence)
      : differenceOfCells(cellsOfRate(a), cellsOfRate(b), design, options)
  }
  if (a.kind === 'cells' && b.kind === 'cells' && !a.biased && !b.biased) return differenceOfCells(a, b, design, options)
  if (a.kind === 'means' && b.kind === 'means') return differenceOfMeans(a, b, design, options)
  if (a.kind === 'area' && b.kind === 'area') return differenceOfAreas(a, b, design, confidence)
  return differenceOfRows(a, b, design, options)
}
