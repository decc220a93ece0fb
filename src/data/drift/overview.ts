import type { Duckdb } from '../../drivers/duckdb.ts'
import type { Comparison, Pair } from './facts.ts'
import { projection, type CommonColumn, type Side } from './side.ts'

/** One column of one side, in one scan. */
export interface ColumnOverview {
  readonly present: number
  /** An estimate, of about 2 % standard error. */
  readonly distinct: number
  /** Of numbers and times. */
  readonly min: number | null
  readonly max: number | null
  /** Numbers that are all whole. */
  readonly whole: boolean
}

export interface Overview {
  readonly rows: number
  readonly columns: readonly ColumnOverview[]
}

/** Rows, values present and about how many different ones, of every column in one scan. */
export async function overviewOf(
  duckdb: Duckdb,
  side: Side,
  which: 'reference' | 'current',
  columns: readonly CommonColumn[],
): Promise<Overview> {
  const questions = columns.flatMap((column, i) => {
    const { kind } = column[which]
    const isNumeric = kind === 'number' || kind === 'time'
    return [
      `count(v${i}) AS present${i}`,
      `approx_count_distinct(v${i}) AS distinct${i}`,
      ...(isNumeric ? [`min(v${i}) AS min${i}`, `max(v${i}) AS max${i}`] : []),
      ...(kind === 'number' ? [`bool_and(v${i} = trunc(v${i})) AS whole${i}`] : []),
    ]
  })
  const [row] = await duckdb.query(
    `SELECT ${['count(*) AS row_count', ...questions].join(', ')} FROM ${projection(side, which, columns)}`,
  )
  const number = (name: string): number | null => (typeof row![name] === 'number' ? row![name] : null)
  return {
    rows: Number(row!['row_count']),
    columns: columns.map((_column, i) => ({
      present: Number(row![`present${i}`]),
      distinct: Number(row![`distinct${i}`]),
      min: number(`min${i}`),
      max: number(`max${i}`),
      whole: row![`whole${i}`] === true,
    })),
  }
}

/** More different texts than this, or fewer rows for each, are free text or identifiers. */
const MOST_CATEGORIES = 1000
const ROWS_PER_CATEGORY = 5

/** How a column is compared. Numbers of few values become `categories` once they are counted. */
export function comparisonOf({ kind }: CommonColumn, { reference, current }: Pair<ColumnOverview>): Comparison {
  if (kind === 'nested' || kind === 'binary') return 'presence'
  if (kind === 'time') return 'times'
  if (kind === 'boolean') return 'categories'
  if (kind === 'number') return countsRows(reference) && countsRows(current) ? 'identifier' : 'numbers'
  const distinct = Math.max(reference.distinct, current.distinct)
  const rowsEach = (reference.present + current.present) / Math.max(1, distinct)
  return distinct <= MOST_CATEGORIES && rowsEach >= ROWS_PER_CATEGORY ? 'categories' : 'lengths'
}

/** Whole numbers, hardly one of them twice, from a range that they fill at least by half: a row id. Drift in it says nothing. */
function countsRows({ present, distinct, min, max, whole }: ColumnOverview): boolean {
  return whole && present >= 20 && distinct >= 0.9 * present && max! - min! < 2 * present
}
