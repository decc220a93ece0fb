import type { ColumnScan } from './columns.ts'
import type { QualityData } from './quality-data.ts'
import { VALUE_COUNTS, type CountedColumn } from './value-counts.ts'

/** Pairs of rows that would be equal by chance if the columns had nothing to do with each other. */
export interface ChancePairs {
  /** In every column, and in every column but the label. */
  readonly rows: number
  readonly features: number
}

/**
 * Two rows agree in a column as often as two values drawn from it: the sum of squared shares (Simpson's index). Of a column with
 * too many values to count, each is taken to be equally frequent, which gives the smallest number of pairs.
 */
export async function measureChancePairs(
  { duckdb, columns }: QualityData,
  rows: number,
  scans: readonly ColumnScan[],
  counted: ReadonlyMap<number, CountedColumn>,
  { label, ignore }: { readonly label: string | undefined; readonly ignore: readonly string[] },
): Promise<ChancePairs> {
  const squares = await duckdb.query<{ i: number; squares: number }>(
    `SELECT i, sum(CAST(rows AS DOUBLE) * (rows - 1)) AS squares FROM ${VALUE_COUNTS} GROUP BY i`,
  )
  const ordered = rows * Math.max(1, rows - 1)
  const agree = (i: number): number => {
    const { present, distinct } = scans[i]!
    const missing = rows - present
    const found = counted.has(i) ? squares.find((one) => one.i === i)?.squares : undefined
    return ((found ?? (present * (present - 1)) / Math.max(1, distinct)) + missing * (missing - 1)) / ordered
  }
  let features = ordered / 2
  let all = ordered / 2
  for (const [i, { name }] of columns.entries()) {
    if (ignore.includes(name)) continue
    const share = agree(i)
    all *= share
    if (name !== label) features *= share
  }
  return { rows: all, features }
}
