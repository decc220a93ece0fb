import { placeRows, type DataSource, type Duckdb } from '../../drivers/duckdb.ts'
import { countOf } from '../plan/count-rows.ts'
import type { Condition } from '../row-schema/compile.ts'
import { maskedJson, mayShow } from '../masking.ts'
import { keySql, readKey } from '../row-key.ts'
import { or } from '../scan/cell.ts'
import { readJson } from '../scan/json-cell.ts'
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
  /** Columns whose values are shown with each row. */
  readonly key: readonly string[]
  /** Columns whose values are not shown. */
  readonly sensitive: ReadonlySet<string>
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
  const key = keySql(scan, options.key, options.sensitive)
  const lists = shown.map(({ rule, broken, value }, i) => {
    return `${firstRows(visible(value, [rule.column], options), key, options)} FILTER (WHERE ${broken}) AS e${i}`
  })
  const [row] = await duckdb.query<Record<string, string> & { broken_rows: number }>(
    `SELECT ${[`${countOf(or(...failed.map(({ broken }) => broken)))} AS broken_rows`, ...lists].join(', ')}
     FROM ${scan.numberedTable([], source)}`,
  )
  const found = shown.map((_condition, i) => JSON.parse(row![`e${i}`] ?? '[]') as FoundRow[])
  const placed = await placeExamples(found, options)
  return { brokenRows: row!.broken_rows, examples: new Map(shown.map((condition, i) => [condition, placed[i]!])) }
}

/** The first rows that the finder of a table rule finds. @param columns that the rule is about */
export async function findRows(
  finder: RowFinder,
  columns: readonly string[],
  options: ExampleOptions,
): Promise<readonly ExampleRow[]> {
  const { duckdb, scan, source, most } = options
  if (most === 0) return []
  const key = keySql(scan, options.key, options.sensitive)
  const table = scan.numberedTable([], source)
  const sql =
    'query' in finder
      ? `SELECT ${firstRows(visible('value', columns, options), 'key', options)} AS rows FROM (${foundWithKey(finder.query(table), key, table, options)})`
      : `SELECT ${firstRows(visible(finder.value, columns, options), key, options)} FILTER (WHERE ${finder.condition}) AS rows FROM ${table}`
  const [row] = await duckdb.query<{ rows: string | null }>(sql)
  const [placed] = await placeExamples([JSON.parse(row!.rows ?? '[]') as FoundRow[]], options)
  return placed!
}

/** A query finds rows without their key; the first of them are looked up once more. */
function foundWithKey(query: string, key: string, table: string, { key: columns, source, most }: ExampleOptions): string {
  if (columns.length === 0) return `SELECT *, ${key} AS key FROM (${query})`
  const first = `SELECT * FROM (${query}) ORDER BY ${source.format === 'parquet' ? '__file, ' : ''}__row LIMIT ${most}`
  return `SELECT found.*, keyed.key FROM (${first}) AS found
    JOIN (SELECT __file, __row, ${key} AS key FROM ${table}) AS keyed
      ON found.__file = keyed.__file AND found.__row = keyed.__row`
}

/** A value as JSON text that may be shown. */
function visible(value: string, columns: readonly string[], { sensitive }: ExampleOptions): string {
  return mayShow(columns, sensitive) ? `left(${value}, 200)` : maskedJson(value)
}

function firstRows(value: string, key: string, { source, most }: ExampleOptions): string {
  // In Parquet rows are numbered within their file, elsewhere through all files.
  const order = source.format === 'parquet' && source.files.length > 1 ? "{'file': __file, 'row': __row}" : '__row'
  return `arg_min({'file': __file, 'row': __row, 'value': ${value}, 'key': ${key}}, ${order}, ${most})`
}

interface FoundRow {
  readonly file: string
  readonly row: number
  readonly value: string | null
  readonly key: readonly (string | null)[]
}

async function placeExamples(
  found: readonly FoundRow[][],
  { duckdb, source, key: columns }: ExampleOptions,
): Promise<ExampleRow[][]> {
  const places = await placeRows(duckdb, source, found.flat())
  let at = 0
  return found.map((rows) =>
    rows.map(({ value, key }) => ({
      ...places[at++]!,
      ...(columns.length > 0 && { key: readKey(columns, key) }),
      value: readJson(value),
    })),
  )
}
