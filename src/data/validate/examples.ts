import { placeRows, type DataSource, type Duckdb } from '../../drivers/duckdb.ts'
import { countOf } from '../plan/count-rows.ts'
import type { Condition } from '../row-schema/compile.ts'
import { or } from '../scan/cell.ts'
import type { Scan } from '../scan/scan.ts'
import type { RowFinder } from '../table-rules/rule.ts'
import type { ExampleRow } from './judgement.ts'

export interface ExampleOptions {
  readonly duckdb: Duckdb
  readonly scan: Scan
  /** The files in which rows are looked for. */
  readonly source: DataSource
  /** Most example rows of each. */
  readonly most: number
}

export interface Examples<Key> {
  /** Rows that meet one of the conditions at least. */
  readonly brokenRows: number
  readonly examples: ReadonlyMap<Key, readonly ExampleRow[]>
}

/** The first rows of each condition, in one scan, and how many rows meet any. */
export async function findExamples(failed: readonly Condition[], options: ExampleOptions): Promise<Examples<Condition>> {
  const { duckdb, scan, source, most } = options
  if (failed.length === 0) return { brokenRows: 0, examples: new Map() }
  const shown = failed.filter(({ value }) => value !== 'NULL' && most > 0)
  const lists = shown.map(({ broken, value }, i) => `${firstRows(value, options)} FILTER (WHERE ${broken}) AS e${i}`)
  const [row] = await duckdb.query<Record<string, string> & { broken_rows: number }>(
    `SELECT ${[`${countOf(or(...failed.map(({ broken }) => broken)))} AS broken_rows`, ...lists].join(', ')}
     FROM ${scan.numberedTable([], source)}`,
  )
  const found = shown.map((_condition, i) => JSON.parse(row![`e${i}`] ?? '[]') as FoundRow[])
  const placed = await placeExamples(found, options)
  return { brokenRows: row!.broken_rows, examples: new Map(shown.map((condition, i) => [condition, placed[i]!])) }
}

/** The first rows that a finder of a table rule finds. */
export async function findRows(finder: RowFinder, options: ExampleOptions): Promise<readonly ExampleRow[]> {
  const { duckdb, scan, source, most } = options
  if (most === 0) return []
  const table = scan.numberedTable([], source)
  const sql =
    'query' in finder
      ? `SELECT ${firstRows('value', options)} AS rows FROM (${finder.query(table)})`
      : `SELECT ${firstRows(finder.value, options)} FILTER (WHERE ${finder.condition}) AS rows FROM ${table}`
  const [row] = await duckdb.query<{ rows: string | null }>(sql)
  const [placed] = await placeExamples([JSON.parse(row!.rows ?? '[]') as FoundRow[]], options)
  return placed!
}

function firstRows(value: string, { source, most }: ExampleOptions): string {
  // In Parquet rows are numbered within their file, elsewhere through all files.
  const order = source.format === 'parquet' && source.files.length > 1 ? "{'file': __file, 'row': __row}" : '__row'
  return `arg_min({'file': __file, 'row': __row, 'value': left(${value}, 200)}, ${order}, ${most})`
}

interface FoundRow {
  readonly file: string
  readonly row: number
  readonly value: string | null
}

async function placeExamples(found: readonly FoundRow[][], { duckdb, source }: ExampleOptions): Promise<ExampleRow[][]> {
  const places = await placeRows(duckdb, source, found.flat())
  let at = 0
  return found.map((rows) => rows.map(({ value }) => ({ ...places[at++]!, value: fromJson(value) })))
}

function fromJson(text: string | null): unknown {
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    return text // NaN, infinities, numbers as only CSV writes them, and JSON that was cut short
  }
}
