import { identifier, literal, textOf } from '../../../drivers/duckdb.ts'
import { batches, type QualityColumn, type QualityData } from './quality-data.ts'
import { numberAggregates, numberColumns, readNumbers, type NumberFacts } from './numbers.ts'
import { readTimes, timeAggregates, timeColumns, type TimeFacts } from './times.ts'

/** What one scan over all rows tells of a column. */
export interface ColumnScan {
  readonly present: number
  /** An estimate, of about 2 % standard error. */
  readonly distinct: number
  /** The only value that the present ones have, as text; null when there are several, or none. */
  readonly onlyValue: string | null
  readonly numbers?: NumberFacts
  readonly times?: TimeFacts
  /** Text columns: code points, and values with a space inside. */
  readonly lengths?: { readonly min: number; readonly max: number }
  readonly spaced?: number
}

export interface ColumnsScan {
  readonly rows: number
  /** Rows without any value, leaving aside the columns that were named to be ignored. */
  readonly emptyRows: number
  readonly columns: readonly ColumnScan[]
}

/** Columns of one statement: planning it takes longer the wider it is, and each reads its columns alone. */
const WIDTH = 25

/** Measures every column in one scan (one per 25 columns). */
export async function scanColumns(data: QualityData, ignore: readonly string[], now: Date): Promise<ColumnsScan> {
  const { duckdb, typed, columns } = data
  const scans: ColumnScan[] = []
  let rows = 0
  for (const batch of batches(columns, WIDTH)) {
    const structs = batch.map((column, i) => `${struct(aggregates(column, i, now))} AS c${i}`)
    const [row] = await duckdb.query(`SELECT count(*) AS row_count, ${structs.join(', ')} FROM ${withDerived(typed.sql, batch)}`)
    rows = Number(row!['row_count'])
    for (const [i, column] of batch.entries()) scans.push(read(column, JSON.parse(String(row![`c${i}`])) as Answer))
  }
  const judged = columns.flatMap(({ name, value }, i) => (ignore.includes(name) ? [] : [{ value, present: scans[i]!.present }]))
  return { rows, emptyRows: await countEmptyRows(data, judged, rows), columns: scans }
}

/** Where a column has a value in every row, no row is empty, and nothing needs to be read. */
async function countEmptyRows(
  { duckdb, typed }: QualityData,
  judged: readonly { readonly value: string; readonly present: number }[],
  rows: number,
): Promise<number> {
  if (judged.length === 0 || judged.some(({ present }) => present === rows)) return 0
  const isEmpty = judged.map(({ value }) => `${value} IS NULL`).join(' AND ')
  const [row] = await duckdb.query<{ n: number }>(`SELECT count(*) AS n FROM ${typed.sql} WHERE ${isEmpty}`)
  return row!.n
}

/** Aggregates of a column by name. */
export type Aggregates = Readonly<Record<string, string>>
/** What they answered; 64-bit integers too large for a number are text. */
export type Answer = Readonly<Record<string, unknown>>

export function struct(aggregates: Aggregates): string {
  return `{${Object.entries(aggregates)
    .map(([name, sql]) => `${literal(name)}: ${sql}`)
    .join(', ')}}`
}

/** What several aggregates of a column look at, computed once for each row: in DuckDB that is many times cheaper than in each of them. */
export interface DerivedColumns {
  /** SQL over the data, by name. */
  readonly from: Aggregates
  /** SQL over the data and the columns above. */
  readonly derived: Aggregates
}

function withDerived(sql: string, batch: readonly QualityColumn[]): string {
  const derived = batch.flatMap(({ kind, value, type }, i): DerivedColumns[] => {
    if (kind === 'number') return [numberColumns(value, i)]
    return kind === 'time' ? [timeColumns(value, type, i)] : []
  })
  const own = batch.map(({ name }) => identifier(name))
  const items = (of: 'from' | 'derived') =>
    [
      of === 'from' ? own.join(', ') : '*',
      ...derived.flatMap((one) => Object.entries(one[of]).map(([name, item]) => `${item} AS ${name}`)),
    ].join(', ')
  return `(SELECT ${items('derived')} FROM (SELECT ${items('from')} FROM ${sql}))`
}

function aggregates(column: QualityColumn, i: number, now: Date): Aggregates {
  const { value, kind } = column
  return {
    present: `count(${value})`,
    // Some nested types cannot be counted by value, but all have a hash.
    distinct: `approx_count_distinct(${kind === 'nested' ? `CASE WHEN ${value} IS NOT NULL THEN hash(${value}) END` : value})`,
    only: onlyValue(column),
    ...(kind === 'number' && numberAggregates(value, i)),
    ...(kind === 'time' && timeAggregates(i, now)),
    ...(column.isText && {
      shortest: `min(length(${column.asText}))`,
      longest: `max(length(${column.asText}))`,
      spaced: `count_if(contains(${column.asText}, ' '))`,
    }),
  }
}

function onlyValue({ value, type, asText }: QualityColumn): string {
  // Maps have no order; their text has.
  const ordered = type.startsWith('MAP(') ? asText : value
  const shown = type.startsWith('MAP(') ? `min(${ordered})` : textOf(`min(${ordered})`, type)
  return `CASE WHEN min(${ordered}) = max(${ordered}) THEN left(${shown}, 80) END`
}

function read({ kind, isText }: QualityColumn, answer: Answer): ColumnScan {
  const only = answer['only'] as string | null
  const present = Number(answer['present'])
  return {
    present,
    distinct: Math.min(Number(answer['distinct']), present),
    // A number of CSV is read as a double, which writes 5 as 5.0.
    onlyValue: kind === 'number' ? (only?.replace(/\.0$/, '') ?? null) : only,
    ...(kind === 'number' && present > 0 && { numbers: readNumbers(answer) }),
    ...(kind === 'time' && present > 0 && { times: readTimes(answer) }),
    ...(isText &&
      present > 0 && {
        lengths: { min: Number(answer['shortest']), max: Number(answer['longest']) },
        spaced: Number(answer['spaced']),
      }),
  }
}
