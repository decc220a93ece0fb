import { textOf, type Duckdb } from '../../../drivers/duckdb.ts'
import type { ColumnScan } from './columns.ts'
import { batches, type QualityData } from './quality-data.ts'

/** The temporary table of `countValues`: column number, value as text, rows. */
export const VALUE_COUNTS = 'value_counts'

/** A text column with more different values is looked at row by row instead. */
const MOST_TEXTS = 100_000
const MOST_OTHERS = 20_000
/** Of all columns together, so that memory is bounded whatever the number of columns. */
const MOST_TOGETHER = 4_000_000
/** Columns that are counted in one scan. */
const WIDTH = 16
const SHOWN = 10

/** Columns whose values were counted one by one; the others have too many. */
export interface CountedColumn {
  readonly distinct: number
  /** The most frequent ones. */
  readonly top: readonly { readonly value: string; readonly rows: number }[]
}

/**
 * Counts the values of all columns that have few different ones, and keeps them in the table `VALUE_COUNTS`, so that what is asked
 * of text is asked of each different value once.
 *
 * @returns by column number
 */
export async function countValues(data: QualityData, scans: readonly ColumnScan[]): Promise<Map<number, CountedColumn>> {
  const { duckdb, typed, columns } = data
  await duckdb.run(`CREATE TEMP TABLE ${VALUE_COUNTS} (i INTEGER, value VARCHAR, rows BIGINT)`)
  for (const batch of batches(countable(data, scans), WIDTH)) {
    const values = batch.map((i, at) => `${columns[i]!.value} AS v${at}`)
    const sets = batch.map((_i, at) => `(v${at})`)
    const which = batch.map((i, at) => `WHEN GROUPING(v${at}) = 0 THEN ${i}`)
    const texts = batch.map((i, at) => textOf(`v${at}`, columns[i]!.type))
    await duckdb.run(
      `INSERT INTO ${VALUE_COUNTS} SELECT i, value, rows FROM
         (SELECT CASE ${which.join(' ')} END AS i, coalesce(${texts.join(', ')}) AS value, count(*) AS rows
          FROM (SELECT ${values.join(', ')} FROM ${typed.sql}) GROUP BY GROUPING SETS (${sets.join(', ')}))
       WHERE value IS NOT NULL`,
    )
  }
  const found = await duckdb.query<{ i: number; distinct: number; top: string }>(
    `SELECT i, count(*) AS distinct, to_json(max({'rows': rows, 'value': left(value, 80)}, ${SHOWN}))::VARCHAR AS top
     FROM ${VALUE_COUNTS} GROUP BY i`,
  )
  return new Map(
    found.map(({ i, distinct, top }) => {
      const shown = JSON.parse(top) as { rows: number; value: string }[]
      const isDouble = columns[i]!.kind === 'number'
      return [
        i,
        { distinct, top: shown.map(({ value, rows }) => ({ value: isDouble ? value.replace(/\.0$/, '') : value, rows })) },
      ]
    }),
  )
}

/** Makes room, for the values of another data set too. */
export const dropValueCounts = (duckdb: Duckdb): Promise<void> => duckdb.run(`DROP TABLE IF EXISTS ${VALUE_COUNTS}`)

/** The numbers of the columns that have few different values, by the estimate. */
function countable({ columns }: QualityData, scans: readonly ColumnScan[]): number[] {
  let together = 0
  return columns.flatMap(({ kind, isText }, i) => {
    const { distinct, present } = scans[i]!
    const few = distinct <= (isText ? MOST_TEXTS : MOST_OTHERS)
    if (present === 0 || kind === 'nested' || kind === 'binary' || !few || together + distinct > MOST_TOGETHER) return []
    together += distinct
    return [i]
  })
}
