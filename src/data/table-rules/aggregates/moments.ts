import type { Aggregate } from '../../plan/aggregate.ts'
import { and, type CellSql } from '../../scan/cell.ts'
import type { JsonType } from '../../scan/json-type.ts'
import { aggregateId } from './count-where.ts'

/** What mean and standard deviation follow from. */
export interface Moments {
  /** Finite numbers. */
  readonly n: number
  readonly mean: number
  /** Sum of the squared distances from the mean. */
  readonly m2: number
  /** Values that are there and are no finite number: text, true, infinities, and what is beyond 1e150 either way. */
  readonly others: number
}

const NONE: Moments = { n: 0, mean: 0, m2: 0, others: 0 }

/** Squares of larger numbers leave the range of doubles. */
const LARGEST = '1e150'

export function moments(column: string, cell: CellSql, types: ReadonlySet<JsonType>): Aggregate<Moments> {
  const { number } = cell
  const counts = and(number.finite, `abs(${number.value}) <= ${LARGEST}`)
  const value = `CASE WHEN ${counts} THEN ${number.value} END`
  const fields = [
    `n: count(${value})`,
    `mean: avg(${value})`,
    `m2: var_pop(${value}) * count(${value})`,
    `others: count_if((${cell.key}) IS NOT NULL AND NOT ${counts})`,
  ]
  return {
    id: aggregateId('moments', [column], [...types].toSorted()),
    columns: [column],
    how: { sql: `CAST(to_json({${fields.join(', ')}}) AS VARCHAR)` },
    read(value) {
      const { n, mean, m2, others } = JSON.parse(String(value)) as { [Key in keyof Moments]: number | null }
      return { n: n ?? 0, mean: mean ?? 0, m2: m2 ?? 0, others: others ?? 0 }
    },
    merge: mergeMoments,
  }
}

/**
 * The moments of two sets taken together.
 * Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979), formula 2.1.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const n = a.n + b.n
  const others = a.others + b.others
  if (n === 0) return { ...NONE, others }
  const distance = b.mean - a.mean
  return {
    n,
    mean: a.mean + distance * (b.n / n),
    m2: a.m2 + b.m2 + distance * distance * ((a.n * b.n) / n),
    others,
  }
}
