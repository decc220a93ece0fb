import type { Aggregate } from '../../plan/aggregate.ts'
import { aggregateId } from './count-where.ts'
import type { OrderKey } from './order-key.ts'

/** Rows in reading order: how often one comes before the one above it. */
export interface Sequence {
  /** Rows compared: those with a value in every column. */
  readonly n: number
  readonly first: readonly string[] | null
  readonly last: readonly string[] | null
  /** Rows that are out of place after the compared row above them. */
  readonly steps: number
}

export interface SequenceOf {
  readonly columns: readonly string[]
  readonly direction: 'ascending' | 'descending'
  /** Equal neighbours are out of place too. */
  readonly strict: boolean
  readonly keys: readonly { readonly value: string; readonly order: OrderKey }[]
  /** What else changes the answer, for the identifier. */
  readonly detail: unknown
}

/** Rows with all values in reading order, each with the values above it: columns `k0, k1, …`, `p0, p1, …` and `broken`. */
export function sequenceTable({ keys, direction, strict }: SequenceOf, table: string, more: readonly string[] = []): string {
  const values = keys.map(({ value, order }, i) => `${order.comparable(value)} AS k${i}, ${order.text(value)} AS t${i}`)
  const present = keys.map((_key, i) => `k${i} IS NOT NULL`).join(' AND ')
  // Without ORDER BY both are worked out in reading order, in a stream and in bounded memory.
  const above = keys.map((_key, i) => `lag(k${i}) OVER () AS p${i}`).join(', ')
  const inner = `(SELECT * FROM (SELECT ${[...more, ...values].join(', ')} FROM ${table}) WHERE ${present})`
  return `(SELECT *, coalesce(${breaks(keys.length, direction, strict)}, FALSE) AS broken
    FROM (SELECT *, row_number() OVER () AS place, ${above} FROM ${inner}))`
}

/** Compared column by column, the first that differs decides. */
function breaks(width: number, direction: SequenceOf['direction'], strict: boolean): string {
  const sign = direction === 'ascending' ? '<' : '>'
  const cases = Array.from({ length: width }, (_, i) => `WHEN k${i} ${sign} p${i} THEN TRUE WHEN k${i} <> p${i} THEN FALSE`)
  return `CASE WHEN p0 IS NULL THEN FALSE ${cases.join(' ')} ELSE ${strict ? 'TRUE' : 'FALSE'} END`
}

export function sequence(of: SequenceOf): Aggregate<Sequence> {
  const texts = `[${of.keys.map((_key, i) => `t${i}`).join(', ')}]`
  const fields = `{n: count(*), first: arg_min(${texts}, place), last: arg_max(${texts}, place), steps: count_if(broken)}`
  return {
    id: aggregateId('sequence', of.columns, [of.direction, of.strict, of.detail]),
    columns: of.columns,
    how: { query: (table) => `SELECT CAST(to_json(${fields}) AS VARCHAR) FROM ${sequenceTable(of, table)}`, numbered: false },
    read: (value) => JSON.parse(String(value)) as Sequence,
    merge: (a, b) => {
      if (a.n === 0 || b.n === 0) return a.n === 0 ? b : a
      const seam = isOutOfPlace(of, a.last!, b.first!) ? 1 : 0
      return { n: a.n + b.n, first: a.first, last: b.last, steps: a.steps + b.steps + seam }
    },
  }
}

function isOutOfPlace({ keys, direction, strict }: SequenceOf, above: readonly string[], below: readonly string[]): boolean {
  for (const [i, { order }] of keys.entries()) {
    const difference = order.compare(below[i]!, above[i]!)
    if (difference !== 0) return direction === 'ascending' ? difference < 0 : difference > 0
  }
  return strict
}
