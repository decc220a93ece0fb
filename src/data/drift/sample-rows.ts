import type { Table } from '../../core/table.ts'
import type { Duckdb } from '../../drivers/duckdb.ts'
import { projection, type CommonColumn, type Side } from './side.ts'

/** Rows of each data set that the classifier sees, at most: enough that an AUC of 0.5 has an interval of about ±0.01. */
const MOST_ROWS = 10_000
const SEED = 20_190_501

/** A random sample of a side, the same in every run: the rows with the smallest hash of their place. */
export async function sampleRows(
  duckdb: Duckdb,
  side: Side,
  which: 'reference' | 'current',
  columns: readonly CommonColumn[],
): Promise<Table> {
  const from = projection(side, which, columns, { from: side.numberedSql, also: ['__row', '__file'] })
  const names = columns.map((_column, i) => `v${i}`).join(', ')
  return duckdb.table(
    `SELECT ${names} FROM ${from} ORDER BY hash(__row, parse_filename(__file), ${SEED}), __file LIMIT ${MOST_ROWS}`,
  )
}
