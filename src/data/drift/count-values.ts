import type { Table } from '../../core/table.ts'
import type { Duckdb } from '../../drivers/duckdb.ts'
import type { TwoSampleCounts } from '../../stats/two-sample-counts.ts'
import type { Pair } from './facts.ts'

/** GROUPING answers a bit per column, and grouping sets each keep a hash table. */
const COLUMNS_AT_ONCE = 25

export interface TextCounts {
  readonly values: readonly string[]
  readonly reference: Float64Array
  readonly current: Float64Array
}

/**
 * How often each value of each column occurs in both data sets: one scan of each for 25 columns of a type (grouping sets).
 *
 * @param sides table expressions with the named columns, all doubles
 */
export async function countNumbers(
  duckdb: Duckdb,
  sides: Pair<string>,
  columns: readonly string[],
): Promise<Map<string, TwoSampleCounts>> {
  const counted = await countAll(duckdb, sides, columns, 'double')
  return new Map([...counted].map(([name, { values, ...counts }]) => [name, { values: values as Float64Array, ...counts }]))
}

/** The same for columns of text. */
export async function countTexts(
  duckdb: Duckdb,
  sides: Pair<string>,
  columns: readonly string[],
): Promise<Map<string, TextCounts>> {
  const counted = await countAll(duckdb, sides, columns, 'text')
  return new Map([...counted].map(([name, { values, ...counts }]) => [name, { values: values as string[], ...counts }]))
}

type Counted = Map<string, { values: Float64Array | string[]; reference: Float64Array; current: Float64Array }>

async function countAll(
  duckdb: Duckdb,
  sides: Pair<string>,
  columns: readonly string[],
  type: 'double' | 'text',
): Promise<Counted> {
  const counted: Counted = new Map()
  for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE) {
    const names = columns.slice(from, from + COLUMNS_AT_ONCE)
    const list = names.join(', ')
    // A side without any value in a column may have it in another type.
    const cast = names.map((name) => `CAST(${name} AS ${type === 'double' ? 'DOUBLE' : 'VARCHAR'}) AS ${name}`).join(', ')
    const table = await duckdb.table(
      `SELECT CAST(g AS INTEGER) AS g, value, CAST(reference AS DOUBLE) AS reference, CAST(current AS DOUBLE) AS current FROM (
         SELECT GROUPING(${list}) AS g, ${names.length === 1 ? list : `coalesce(${list})`} AS value,
           count(*) FILTER (side = 0) AS reference, count(*) FILTER (side = 1) AS current
         FROM (SELECT 0 AS side, ${cast} FROM ${sides.reference} UNION ALL SELECT 1 AS side, ${cast} FROM ${sides.current})
         GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')}))
       WHERE value IS NOT NULL ORDER BY g, value`,
    )
    for (const [i, name] of names.entries()) counted.set(name, ofColumn(table, i, names.length, type))
  }
  return counted
}

/** The rows of column `i` of `size`: its bit, from the left, is the only one that GROUPING leaves at 0. */
function ofColumn(
  table: Table,
  i: number,
  size: number,
  type: 'double' | 'text',
): Counted extends Map<string, infer V> ? V : never {
  const set = table.columns['g'] as Float64Array
  const code = 2 ** size - 1 - 2 ** (size - 1 - i)
  const from = set.indexOf(code)
  const end = from === -1 ? -1 : set.lastIndexOf(code) + 1
  const slice = (name: string): Float64Array =>
    from === -1 ? new Float64Array(0) : (table.columns[name] as Float64Array).slice(from, end)
  const values = from === -1 ? [] : table.columns['value']!.slice(from, end)
  return {
    values: type === 'double' ? Float64Array.from(values as ArrayLike<number>) : (values as string[]),
    reference: slice('reference'),
    current: slice('current'),
  }
}

/** Columns of ranges in one statement: each writes its 2,000 ends into it. */
const GRIDS_AT_ONCE = 10

/**
 * How many values lie in each range of a grid, of columns that have too many different values to count one by one: one scan of each
 * side for ten columns. The value of a range is its upper end, which belongs to it.
 *
 * @param grids by column, the ascending ends of its ranges; the first is the least value there is, the last the greatest
 */
export async function countInRanges(
  duckdb: Duckdb,
  sides: Pair<string>,
  grids: ReadonlyMap<string, Float64Array>,
): Promise<Map<string, TwoSampleCounts>> {
  const counted = new Map<string, TwoSampleCounts>()
  const all = [...grids]
  for (let at = 0; at < all.length; at += GRIDS_AT_ONCE) {
    const some = all.slice(at, at + GRIDS_AT_ONCE)
    const [reference, current] = [await histograms(duckdb, sides.reference, some), await histograms(duckdb, sides.current, some)]
    for (const [i, [name, values]] of some.entries())
      counted.set(name, { values, reference: reference[i]!, current: current[i]! })
  }
  return counted
}

async function histograms(
  duckdb: Duckdb,
  side: string,
  grids: readonly (readonly [string, Float64Array])[],
): Promise<Float64Array[]> {
  const items = grids.map(([name, ends], i) => {
    const list = [...ends].map((end) => (Number.isFinite(end) ? String(end) : `'${end}'`)).join(', ')
    return `to_json(map_values(histogram(${name}, CAST([${list}] AS DOUBLE[]))))::VARCHAR AS h${i}`
  })
  const [row] = await duckdb.query<Record<string, string | null>>(`SELECT ${items.join(', ')} FROM ${side}`)
  return grids.map(([, ends], i) => {
    const counts = JSON.parse(row![`h${i}`] ?? '[]') as number[]
    return Float64Array.from(ends, (_end, at) => counts[at] ?? 0)
  })
}
