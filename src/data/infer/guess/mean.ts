import { count } from '../../../core/counts.ts'
import { twoSidedZ } from '../../../stats/normal.ts'
import { isNamedLikeKey, isNamedLikeYear } from '../column-name.ts'
import { formatBound, roundDown, roundUp } from '../round.ts'
import { ENOUGH, type ColumnContext, type Guesses } from './context.ts'

/** Of samples from the same distribution, this share has a mean within the range. */
const CONFIDENCE = 0.9999
/** No smaller shift than this part of a standard deviation is of interest, however many rows there are. */
const SMALLEST_SHIFT = 0.1

/**
 * `mean` for numbers, to notice a shifted distribution. The difference of the means of two samples of n and m rows from one distribution has the
 * standard error s √(1/n + 1/m) (two-sample z); m is the fewest rows that the schema admits, so larger samples are well within.
 */
export function guessMean(context: ColumnContext): Guesses {
  const { column, present, rows, fewestRows, isKey, isPersonal } = context
  const { numbers, kind, distinct, name } = column
  if (kind !== 'number' || !numbers || isKey || isPersonal || isNamedLikeKey(name) || isNamedLikeYear(name)) return {}
  const m = (fewestRows * present) / rows
  if (present < ENOUGH || distinct < 2 || numbers.infinite > 0 || numbers.standardDeviation === 0) return {}
  const { mean, standardDeviation: sd } = numbers
  const chance = twoSidedZ(CONFIDENCE) * Math.sqrt(1 / present + 1 / m)
  const band = Math.max(SMALLEST_SHIFT, chance) * sd
  const step = 10 ** (Math.floor(Math.log10(band)) - 1)
  const because =
    chance >= SMALLEST_SHIFT
      ? `where the means of ${CONFIDENCE * 100} % of samples of ${count(Math.floor(m), 'value')} from the same distribution lie`
      : `a tenth of a standard deviation, more than chance makes in ${CONFIDENCE * 100} % of samples of ${count(Math.floor(m), 'value')}`
  const why = `${formatBound(mean)} ± ${formatBound(Number(band.toPrecision(2)))}: ${because}`
  return { rules: [{ name: 'mean', value: { min: roundDown(mean - band, step), max: roundUp(mean + band, step) }, why }] }
}
