import { placeRows, type RowPlace } from '../../../drivers/duckdb.ts'
import { normalQuantile } from '../../../stats/normal.ts'
import type { ColumnScan } from './columns.ts'
import { quantile, type NumberFacts } from './numbers.ts'
import type { QualityData } from './quality-data.ts'
import { suspectSentinels } from './sentinels.ts'

const SHOWN = 3
/** A column with fewer different values is a scale or a code. */
const FEWEST_DISTINCT = 10
/** Quartiles of fewer values are too uncertain to measure a distance with. */
export const FEWEST_VALUES = 30

export interface Fences {
  readonly lower: number
  readonly upper: number
}

export interface OutlierFacts {
  readonly column: string
  readonly fences: Fences
  readonly below: number
  readonly above: number
  readonly quartiles: readonly [number, number, number]
  readonly examples: readonly { readonly value: number; readonly place: RowPlace }[]
}

/**
 * Tukey's fences (Exploratory Data Analysis, 1977): `reach` times the interquartile range beyond the quartiles, three being "far
 * out". Two corrections keep honest data inside. Positive columns are also measured on the scale of logarithms, and a value must be
 * outside on both scales, because incomes and counts are skewed by nature. And the reach grows with the rows, so that a normal
 * column has none outside with a probability of 95 %: 0.7413 is a normal standard deviation in interquartile ranges.
 *
 * @returns null where half of all values are equal, so that there is no distance to measure with
 */
export function fencesOf(numbers: NumberFacts, values: number, reach: number): Fences | null {
  const [q1, q3] = [quantile(numbers, 0.25), quantile(numbers, 0.75)]
  const range = q3 - q1
  if (!(range > 0)) return null
  const needed = normalQuantile(1 - 0.025 / values) * 0.7413 - 0.5
  const k = Math.max(reach, needed)
  const ratio = q1 > 0 ? (q3 / q1) ** k : 0
  return {
    lower: ratio > 0 && numbers.min > 0 ? Math.min(q1 - k * range, q1 / ratio) : q1 - k * range,
    upper: Math.max(q3 + k * range, q3 * ratio),
  }
}

/** Finds the columns with values beyond their fences, and counts them in one more scan when there are any. */
export async function measureOutliers(
  data: QualityData,
  scans: readonly ColumnScan[],
  skip: ReadonlySet<string>,
  reach: number,
): Promise<OutlierFacts[]> {
  const suspects = data.columns.flatMap(({ name, value }, i) => {
    const { numbers, present, distinct } = scans[i]!
    if (!numbers || skip.has(name) || present < FEWEST_VALUES || distinct < FEWEST_DISTINCT) return []
    const sentinels = suspectSentinels(numbers)
    const { min, max } = sentinels.length > 0 ? numbers.others! : numbers
    const fences = fencesOf({ ...numbers, min }, present, reach)
    if (!fences || (min >= fences.lower && max <= fences.upper)) return []
    const number = `CAST(${value} AS DOUBLE)`
    const isReal = `isfinite(${number})${sentinels.length > 0 ? ` AND ${number} NOT IN (${sentinels.map((one) => one.value).join(', ')})` : ''}`
    return [{ column: name, number, isReal, fences, numbers }]
  })
  if (suspects.length === 0) return []
  const aggregates = suspects.map(({ number, isReal, fences: { lower, upper } }, at) => {
    const below = `${isReal} AND ${number} < ${sqlNumber(lower)}`
    const above = `${isReal} AND ${number} > ${sqlNumber(upper)}`
    const row = `{'value': ${number}, 'place': {'file': __file, 'row': __row}}`
    return `to_json({'below': count_if(${below}), 'above': count_if(${above}),
      'low': min(${row}, ${SHOWN}) FILTER (WHERE ${below}), 'high': max(${row}, ${SHOWN}) FILTER (WHERE ${above})})::VARCHAR AS s${at}`
  })
  const [row] = await data.duckdb.query<Record<string, string>>(`SELECT ${aggregates.join(', ')} FROM ${data.typed.numberedSql}`)
  const found: OutlierFacts[] = []
  for (const [at, { column, fences, numbers }] of suspects.entries()) {
    const { below, above, low, high } = JSON.parse(row![`s${at}`]!) as Answer
    if (below + above === 0) continue
    const shown = [...(high ?? []), ...(low ?? [])].slice(0, SHOWN)
    const places = await placeRows(
      data.duckdb,
      data.source,
      shown.map(({ place }) => place),
    )
    found.push({
      column,
      fences,
      below,
      above,
      quartiles: [quantile(numbers, 0.25), quantile(numbers, 0.5), quantile(numbers, 0.75)],
      examples: shown.map(({ value }, i) => ({ value, place: places[i]! })),
    })
  }
  return found
}

interface Answer {
  readonly below: number
  readonly above: number
  readonly low: readonly Example[] | null
  readonly high: readonly Example[] | null
}
interface Example {
  readonly value: number
  readonly place: { readonly file: string; readonly row: number }
}

/** A double in SQL, digit for digit. */
export const sqlNumber = (value: number): string => `CAST('${value}' AS DOUBLE)`
