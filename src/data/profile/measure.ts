import type { Duckdb, TypedColumn, TypedSource } from '../../drivers/duckdb.ts'
import { measureBasics, type Basics } from './basics.ts'
import { sketchColumns, type Sketch } from './sketch.ts'
import { countValues, type ValueCount } from './value-counts.ts'

/** Columns with up to about this many different values have every one of them counted; of others the number is estimated. */
export const COUNTED_VALUES = 10_000

/** What is known of a column after its values have been counted, and before ranges for a histogram are chosen. */
export interface ColumnMeasure extends TypedColumn, Basics {
  /** Different values among those present; exact when `values` is there, or when none is. */
  readonly distinct: number
  /** Every value and its rows, most frequent first; undefined for wide, nested and binary columns. */
  readonly values: readonly ValueCount[] | undefined
  /** How the values of a wide column of numbers or times lie. */
  readonly sketch: Sketch | undefined
}

/** Told before each pass over the data. */
export type OnPass = (what: string) => void

/**
 * Measures columns in at most three passes: one for what an aggregate can say of all columns at once; one that counts each value of
 * columns with few; one that finds where the values of columns of many numbers lie. Memory does not grow with the rows.
 *
 * The same data gives the same answer: no step depends on the order in which threads finish, but for the last digits of a mean.
 */
export async function measureColumns(
  duckdb: Duckdb,
  typed: TypedSource,
  columns: readonly TypedColumn[],
  onPass: OnPass = () => {},
): Promise<{ rows: number; columns: ColumnMeasure[] }> {
  onPass('counts, bounds and means')
  const { rows, basics } = await measureBasics(duckdb, typed, columns)
  const isCounted = (i: number) =>
    !['nested', 'binary'].includes(columns[i]!.kind) && basics[i]!.estimatedDistinct <= COUNTED_VALUES * 1.1
  const counted = columns.filter((_column, i) => isCounted(i))
  if (counted.length > 0) onPass(`values of ${counted.length} columns with few`)
  const values = await countValues(duckdb, typed, counted)
  const wide = columns.flatMap((column, i) => {
    const { scale } = basics[i]!
    return scale && !isCounted(i) ? [{ column, scale }] : []
  })
  if (wide.length > 0) onPass(`where the values of ${wide.length} columns with many lie`)
  const sketches = await sketchColumns(duckdb, typed, wide)
  return {
    rows,
    columns: columns.map((column, i) => ({
      ...column,
      ...basics[i]!,
      values: values.get(column.name),
      distinct: values.get(column.name)?.length ?? basics[i]!.estimatedDistinct,
      sketch: sketches.get(column.name),
    })),
  }
}
