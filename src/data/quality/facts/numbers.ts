import type { Aggregates, Answer } from './columns.ts'

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

/** @param value SQL of a number, null where it is missing */
export function numberAggregates(value: string): Aggregates {
  const number = `CAST(${value} AS DOUBLE)`
  const finite = `CASE WHEN isfinite(${number}) THEN ${number} END`
  const isSentinel = `${finite} IN (${SENTINELS.join(', ')})`
  return {
    min: `min(${finite})`,
    max: `max(${finite})`,
    mean: `avg(${finite})`,
    quantiles: `approx_quantile(${finite}, [${PROBABILITIES.join(', ')}])`,
    infinite: `count_if(isinf(${number}))`,
    integers: `bool_and(${finite} = trunc(${finite}))`,
    sentinels: `map_entries(histogram(CASE WHEN ${isSentinel} THEN ${finite} END))`,
    other_min: `min(${finite}) FILTER (WHERE NOT ${isSentinel})`,
    other_max: `max(${finite}) FILTER (WHERE NOT ${isSentinel})`,
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
