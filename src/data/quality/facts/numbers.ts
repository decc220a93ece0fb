import type { Aggregates, Answer, DerivedColumns } from './columns.ts'

/** Numbers that people and programs write for a value that is not known. */
const SENTINELS = [-1, -9, -99, -999, -9999, -99_999, 99, 999, 9999, 99_999, 999_999, 9_999_999, 2_147_483_647, -2_147_483_648]

/** The probabilities of `NumberFacts.quantiles`, close together in the tails because rare classes live there. */
export const PROBABILITIES: readonly number[] = [
  0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9,
  0.95, 0.97, 0.98, 0.99, 0.995,
]

/** A number column, over its finite values. */
export interface NumberFacts {
  readonly min: number
  readonly max: number
  readonly mean: number
  /** At `PROBABILITIES`, by t-digest: exact for few values, else with an error far below one per cent of the rows. */
  readonly quantiles: readonly number[]
  readonly infinite: number
  readonly integers: boolean
  /** Numbers that often stand for "unknown", as far as they occur, and the range of all the others. */
  readonly sentinels: readonly { readonly value: number; readonly rows: number }[]
  readonly others: { readonly min: number; readonly max: number } | null
}

/**
 * The finite values of a column, and those of them that are no sentinel.
 *
 * @param value SQL of a number, null where it is missing
 * @param i makes the names of the two unique
 */
export function numberColumns(value: string, i: number): DerivedColumns {
  const number = `CAST(${value} AS DOUBLE)`
  return {
    from: { [finite(i)]: `CASE WHEN isfinite(${number}) THEN ${number} END` },
    derived: { [other(i)]: `CASE WHEN ${finite(i)} NOT IN (${SENTINELS.join(', ')}) THEN ${finite(i)} END` },
  }
}

const finite = (i: number): string => `plimsoll_finite_${i}`
const other = (i: number): string => `plimsoll_other_${i}`

/** Aggregates over the columns of `numberColumns`. */
export function numberAggregates(value: string, i: number): Aggregates {
  const [all, others] = [finite(i), other(i)]
  return {
    min: `min(${all})`,
    max: `max(${all})`,
    mean: `avg(${all})`,
    quantiles: `approx_quantile(${all}, [${PROBABILITIES.join(', ')}])`,
    infinite: `count(${value}) - count(${all})`,
    integers: `bool_and(${all} = trunc(${all}))`,
    sentinels: `map_entries(histogram(CASE WHEN ${others} IS NULL THEN ${all} END))`,
    other_min: `min(${others})`,
    other_max: `max(${others})`,
  }
}

export function readNumbers(answer: Answer): NumberFacts {
  const sentinels = (answer['sentinels'] ?? []) as { key: number; value: number | string }[]
  return {
    min: Number(answer['min']),
    max: Number(answer['max']),
    mean: Number(answer['mean']),
    quantiles: ((answer['quantiles'] ?? []) as number[]).map(Number),
    infinite: Number(answer['infinite']),
    integers: answer['integers'] === true,
    sentinels: sentinels.map(({ key, value }) => ({ value: key, rows: Number(value) })),
    others: answer['other_min'] === null ? null : { min: Number(answer['other_min']), max: Number(answer['other_max']) },
  }
}

export function quantile({ quantiles }: NumberFacts, probability: number): number {
  return quantiles[PROBABILITIES.indexOf(probability)]!
}
