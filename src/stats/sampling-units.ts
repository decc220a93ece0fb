import { rowsOf, type SampleDesign, type Statistic } from './statistic.ts'

/** The draws of a sample that are independent of each other: its rows, or whole clusters of them. Rows without weight are in none. */
export interface SamplingUnits {
  readonly count: number
  readonly rows: number
  /** The unit of each row, −1 for a row that counts for nothing; null when every row is a unit by itself. */
  readonly unitOf: Int32Array | null
  readonly weights: Float64Array | null
}

export function samplingUnits(rows: number, { weights, clusters }: SampleDesign): SamplingUnits {
  if (weights === null && clusters === null) return { count: rows, rows, unitOf: null, weights }
  const unitOf = new Int32Array(rows).fill(-1)
  const units = new Map<number, number>()
  let count = 0
  for (let row = 0; row < rows; row++) {
    if (weights?.[row] === 0) continue
    if (clusters === null) {
      unitOf[row] = count++
      continue
    }
    let unit = units.get(clusters[row]!)
    if (unit === undefined) units.set(clusters[row]!, (unit = count++))
    unitOf[row] = unit
  }
  return { count, rows, unitOf, weights }
}

export const unitsOf = (statistic: Statistic, design: SampleDesign): SamplingUnits => samplingUnits(rowsOf(statistic), design)

/** The weights of the rows when each unit is there `times` over. */
export function weightsWhen({ rows, unitOf, weights }: SamplingUnits, times: Float64Array, into: Float64Array): Float64Array {
  for (let row = 0; row < rows; row++) {
    const unit = unitOf === null ? row : unitOf[row]!
    into[row] = unit < 0 ? 0 : times[unit]! * (weights?.[row] ?? 1)
  }
  return into
}

/** What the rows of each unit sum to. */
export function sumsByUnit({ count, rows, unitOf }: SamplingUnits, ofRow: Float64Array): Float64Array {
  if (unitOf === null) return ofRow
  const sums = new Float64Array(count)
  for (let row = 0; row < rows; row++) if (unitOf[row]! >= 0) sums[unitOf[row]!]! += ofRow[row]!
  return sums
}
