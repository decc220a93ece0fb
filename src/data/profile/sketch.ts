import type { Duckdb, TypedColumn, TypedSource } from '../../drivers/duckdb.ts'
import type { Scale } from './basics.ts'
import { onScale } from './scale.ts'

/** How many values lie between boundaries. */
export interface Sketch {
  /** Ascending. */
  readonly boundaries: readonly number[]
  /** `counts[i]` values lie in [boundaries[i], boundaries[i + 1]); the last, at or above the last boundary. */
  readonly counts: readonly number[]
}

export interface SketchedColumn {
  readonly column: TypedColumn
  /** Ascending, different. */
  readonly boundaries: readonly number[]
}

const EQUAL = 1000
const GEOMETRIC = 1000
/** The part of the largest magnitude below which the geometric boundaries do not go. */
const SMALLEST = 1e-9

/** A first look at columns with many values: two thousand boundaries between their ends, half of them evenly, half of them geometrically. */
export function sketchColumns(
  duckdb: Duckdb,
  typed: TypedSource,
  wide: readonly { readonly column: TypedColumn; readonly scale: Scale }[],
): Promise<Map<string, Sketch>> {
  return countBetween(
    duckdb,
    typed,
    wide.map(({ column, scale }) => ({ column, boundaries: firstBoundaries(scale) })),
  )
}

function firstBoundaries({ min, max }: Scale): number[] {
  const unit = Math.max(Math.abs(min), Math.abs(max)) * SMALLEST
  const [from, to] = [Math.asinh(min / unit), Math.asinh(max / unit)]
  const evenly = Array.from({ length: EQUAL }, (_, i) => min + (max - min) * (i / EQUAL))
  const geometrically = Array.from({ length: GEOMETRIC }, (_, i) => unit * Math.sinh(from + (to - from) * (i / GEOMETRIC)))
  return ascending([min, ...evenly, ...geometrically, max].filter((at) => at >= min && at <= max))
}

/** Different numbers in ascending order. */
export const ascending = (numbers: Iterable<number>): number[] => [...new Set(numbers)].toSorted((a, b) => a - b)

/** Counts the values between boundaries, for all columns in one pass. Values below the first boundary are not counted. */
export async function countBetween(
  duckdb: Duckdb,
  { sql }: TypedSource,
  columns: readonly SketchedColumn[],
): Promise<Map<string, Sketch>> {
  if (columns.length === 0) return new Map()
  // DuckDB's ranges are closed above and ours below, so values and boundaries are turned round.
  const items = columns.map(({ boundaries }, i) => {
    const list = boundaries.toReversed().map((at) => double(-at))
    return `to_json(map_values(histogram(-x${i}, [${list.join(', ')}]::DOUBLE[])))::VARCHAR AS h${i}`
  })
  const values = columns.map(({ column }, i) => `${onScale(column)!} AS x${i}`)
  const [row] = await duckdb.query<Record<string, string | null>>(
    `SELECT ${items.join(', ')} FROM (SELECT ${values.join(', ')} FROM ${sql})`,
  )
  return new Map(
    columns.map(({ column, boundaries }, i) => {
      const turned = JSON.parse(row![`h${i}`] ?? '[]') as number[]
      const counts = boundaries.map((_at, j) => turned[boundaries.length - 1 - j] ?? 0)
      return [column.name, { boundaries, counts }]
    }),
  )
}

const double = (value: number): string => (Object.is(value, -0) ? '0' : String(value))

/**
 * The value below which a share of the sketched values lies, within the range between boundaries that holds it.
 *
 * @returns the range, and the value by linear interpolation in it
 */
export function quantileRange(
  { boundaries, counts }: Sketch,
  probability: number,
): { readonly from: number; readonly to: number; readonly at: number } {
  const total = counts.reduce((sum, n) => sum + n, 0)
  const wanted = probability * total
  let below = 0
  for (const [i, n] of counts.entries()) {
    if (n > 0 && below + n >= wanted) {
      const from = boundaries[i]!
      const to = boundaries[i + 1] ?? from
      return { from, to, at: from + (to - from) * ((wanted - below) / n) }
    }
    below += n
  }
  const last = boundaries.at(-1) ?? Number.NaN
  return { from: last, to: last, at: last }
}
