import { textOf, type Duckdb, type TypedColumn, type TypedSource } from '../../drivers/duckdb.ts'
import { onScale, presentValue } from './scale.ts'

export interface ValueCount {
  /** As text: dates and times in ISO 8601, doubles as JavaScript writes them. */
  readonly value: string
  /** Its place on the column's number line, for numbers and times. */
  readonly at?: number
  readonly rows: number
}

/** Columns whose values are counted in one pass: more would make its answer wide for nothing. */
const AT_ONCE = 16

/** Every value of each column with the rows that have it, most frequent first; one pass for each sixteen columns. */
export async function countValues(
  duckdb: Duckdb,
  typed: TypedSource,
  columns: readonly TypedColumn[],
): Promise<Map<string, readonly ValueCount[]>> {
  const counts = new Map<string, ValueCount[]>()
  for (let from = 0; from < columns.length; from += AT_ONCE) {
    const batch = columns.slice(from, from + AT_ONCE)
    for (const column of batch) counts.set(column.name, [])
    const rows = await duckdb.query<{ which: number; value: string; at: number | null; rows: number }>(countingSql(typed, batch))
    for (const { which, value, at, rows: n } of rows) {
      const { name, type } = batch[which]!
      counts.get(name)!.push({ value: FLOATING.test(type) ? String(at) : value, ...(at !== null && { at }), rows: n })
    }
  }
  for (const list of counts.values()) list.sort((a, b) => b.rows - a.rows || (a.at ?? 0) - (b.at ?? 0) || order(a.value, b.value))
  return counts
}

const FLOATING = /^(FLOAT|DOUBLE)$/
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** One hash table for each column, all filled by one pass: that is what grouping sets are. */
function countingSql({ sql }: TypedSource, columns: readonly TypedColumn[]): string {
  const ofSet = (expression: (column: TypedColumn, i: number) => string): string =>
    `CASE ${columns.map((column, i) => `WHEN GROUPING(v${i}) = 0 THEN ${expression(column, i)}`).join(' ')} END`
  const text = ofSet(({ type }, i) => textOf(`v${i}`, type))
  const at = ofSet(({ kind }, i) =>
    kind === 'number' ? `CAST(v${i} AS DOUBLE)` : kind === 'time' ? `CAST(epoch_ms(v${i}) AS DOUBLE)` : 'CAST(NULL AS DOUBLE)',
  )
  const present = ofSet((_column, i) => `v${i} IS NOT NULL`)
  return `SELECT ${ofSet((_column, i) => String(i))} AS which, ${text} AS value, ${at} AS at, count(*) AS rows
    FROM (SELECT ${columns.map((column, i) => `${valueOf(column)} AS v${i}`).join(', ')} FROM ${sql})
    GROUP BY GROUPING SETS (${columns.map((_column, i) => `(v${i})`).join(', ')}) HAVING ${present}`
}

/** Infinities are no values here. */
function valueOf(column: TypedColumn): string {
  return FLOATING.test(column.type) ? onScale(column)! : presentValue(column)
}
