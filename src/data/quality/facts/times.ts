import type { Aggregates, Answer, DerivedColumns } from './columns.ts'

/**
 * Dates that programs write for a value that is not known: zero in Unix, in spreadsheets and in other calendars, the first date of
 * databases, and the far end.
 */
const SENTINELS = ['0001-01-01', '1753-01-01', '1899-12-30', '1899-12-31', '1900-01-01', '1970-01-01', '2099-12-31', '9999-12-31']

export interface TimeFacts {
  /** ISO 8601. */
  readonly earliest: string
  readonly latest: string
  /** Without the sentinels; null when there is nothing else. */
  readonly others: { readonly earliest: string; readonly latest: string } | null
  readonly sentinels: readonly { readonly value: string; readonly rows: number }[]
  /** Before 1900 and after now, without the sentinels. */
  readonly ancient: number
  readonly future: number
  /** Rows with a day of the month above 12, and how many different days there are. */
  readonly dayAbove12: number
  readonly days: number
  /** Rows at midnight exactly, as dates without a time are. */
  readonly midnight: number
}

/**
 * The finite times of a column, and those of them that are no sentinel.
 *
 * @param value SQL of a date or timestamp, null where it is missing
 * @param i makes the names unique
 */
export function timeColumns(value: string, type: string, i: number): DerivedColumns {
  const { time, known, other } = names(i)
  const isSentinel = `CAST(${known} AS DATE) IN (${SENTINELS.map((date) => `DATE '${date}'`).join(', ')})`
  const timestamp = type === 'TIMESTAMP' ? value : `CAST(${value} AS TIMESTAMP)`
  return {
    from: { [time]: timestamp, [known]: `CASE WHEN isfinite(${timestamp}) THEN ${timestamp} END` },
    derived: { [other]: `CASE WHEN NOT ${isSentinel} THEN ${known} END` },
  }
}

const names = (i: number) => ({ time: `plimsoll_time_${i}`, known: `plimsoll_known_${i}`, other: `plimsoll_other_${i}` })

/** Aggregates over the columns of `timeColumns`. */
export function timeAggregates(i: number, now: Date): Aggregates {
  const { time, known, other } = names(i)
  const day = `CAST(${known} AS DATE)`
  const iso = (sql: string) => `replace(CAST(${sql} AS VARCHAR), ' ', 'T')`
  return {
    earliest: iso(`min(${time})`),
    latest: iso(`max(${time})`),
    other_earliest: iso(`min(${other})`),
    other_latest: iso(`max(${other})`),
    sentinels: `map_entries(histogram(CASE WHEN ${other} IS NULL THEN CAST(${day} AS VARCHAR) END))`,
    ancient: `count_if(${other} < TIMESTAMP '1900-01-01')`,
    // A day of grace, for clocks and zones that differ.
    future: `count_if(${other} > TIMESTAMP '${now.toISOString().slice(0, 19).replace('T', ' ')}' + INTERVAL 1 DAY)`,
    above12: `count_if(day(${known}) > 12)`,
    days: `approx_count_distinct(day(${known}))`,
    midnight: `count_if(${known} = ${day})`,
  }
}

export function readTimes(answer: Answer): TimeFacts {
  const otherEarliest = answer['other_earliest'] as string | null
  const sentinels = (answer['sentinels'] ?? []) as { key: string; value: number | string }[]
  return {
    earliest: String(answer['earliest']),
    latest: String(answer['latest']),
    others: otherEarliest === null ? null : { earliest: otherEarliest, latest: answer['other_latest'] as string },
    sentinels: sentinels.map(({ key, value }) => ({ value: key, rows: Number(value) })),
    ancient: Number(answer['ancient']),
    future: Number(answer['future']),
    dayAbove12: Number(answer['above12']),
    days: Number(answer['days']),
    midnight: Number(answer['midnight']),
  }
}
