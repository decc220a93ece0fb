import { resolve } from 'node:path'
import { messageOf, UserError } from '../../core/errors.ts'
import { identifier, literal, textOf, type DataSource, type Duckdb } from '../../drivers/duckdb.ts'
import { displayPath, writeAtomic } from '../../drivers/files.ts'
import { FALSE, or } from '../scan/cell.ts'
import { pointerTo } from '../scan/json-cell.ts'
import { maskedColumn } from '../masking.ts'
import type { Scan } from '../scan/scan.ts'
import type { RowFinder } from '../table-rules/rule.ts'
import { rowFormat, type RowFormat } from './target.ts'

/** A rule as far as the rows that break it are concerned. */
export interface FailingRule {
  /** How `__rules` calls it: its JSON Pointer. */
  readonly name: string
  readonly rows: RowFinder
}

export interface FailingRowsOptions {
  /** Where they go, relative to the folder of the data source; .parquet, .csv, .jsonl or .ndjson. */
  readonly path: string
  /** Rules that some row breaks; with none, the file has its columns and no row. */
  readonly rules: readonly FailingRule[]
  readonly sensitive: ReadonlySet<string>
  /** The keys that documents have, in the order of the columns; other data has its columns. */
  readonly keys: readonly string[]
}

/**
 * Writes every row that breaks a rule, with all its columns, and `__file`, `__row` (within the file, from 1) and `__rules`, the list
 * of the rules that it breaks. Rows keep their order. The file is there as a whole or not at all.
 *
 * Each key of documents is a column of JSON, so that `"17"` and `17` stay apart.
 *
 * @returns how many rows were written
 * @throws UserError E_FILE_WRITE, E_VALUE for an unknown extension
 */
export async function writeFailingRows(duckdb: Duckdb, scan: Scan, options: FailingRowsOptions): Promise<number> {
  const format = rowFormat(options.path)
  const { source } = scan
  const path = resolve(source.cwd, options.path)
  const numbers = await source.reading(() => fileNumbers(duckdb, source))
  const select = failingRows(scan, options, numbers, format)
  let rows = 0
  await writeAtomic(path, async (temporary) => {
    try {
      const [copied] = await duckdb.query<{ Count: number }>(`COPY (${select}) TO ${literal(temporary)} (${COPY_AS[format]})`)
      rows = copied!.Count
    } catch (error) {
      throw writeError(error, displayPath(source.cwd, path))
    }
  })
  return rows
}

const COPY_AS: Readonly<Record<RowFormat, string>> = {
  parquet: 'FORMAT parquet, COMPRESSION zstd',
  csv: 'FORMAT csv, HEADER',
  json: 'FORMAT json',
}

function writeError(error: unknown, path: string): unknown {
  if (!messageOf(error).startsWith('IO Error')) return error
  return new UserError(
    'E_FILE_WRITE',
    `${path} cannot be written: ${messageOf(error).split('\n')[0]!.replace('IO Error: ', '')}`,
    {
      hint: 'Make room for it, or name another place.',
      cause: error,
    },
  )
}

function failingRows(scan: Scan, options: FailingRowsOptions, numbers: FileNumbers, format: RowFormat): string {
  const { source } = scan
  const columns = columnsOf(source, options)
  const conditions = options.rules.flatMap(({ name, rows }) => ('condition' in rows ? [{ name, broken: rows.condition }] : []))
  const queries = options.rules.flatMap(({ name, rows }) => ('query' in rows ? [{ name, query: rows.query }] : []))
  const named = conditions.map(({ name, broken }) => `CASE WHEN ${broken} THEN ${literal(name)} END`)
  const own = `list_filter([${named.join(', ')}]::VARCHAR[], lambda name: name IS NOT NULL)`
  const broken = conditions.length === 0 ? FALSE : or(...conditions.map((condition) => condition.broken))
  const table = scan.numberedTable(columns.map(({ sql }, i) => `${sql} AS r${i}`))
  const found = queries.map(
    ({ name, query }) => `SELECT __file, __row, ${literal(name)} AS name FROM (${query(scan.numberedTable())})`,
  )
  const joined =
    queries.length === 0
      ? `SELECT *, ${own} AS rules FROM ${table} WHERE ${broken}`
      : `SELECT numbered.*, list_concat(${own}, coalesce(found.names, [])) AS rules
         FROM ${table} AS numbered
         LEFT JOIN (SELECT __file, __row, list_sort(list(DISTINCT name)) AS names FROM (${found.join(' UNION ALL ')}) GROUP BY ALL) AS found
           ON numbered.__file = found.__file AND numbered.__row = found.__row
         WHERE ${broken} OR found.names IS NOT NULL
         ORDER BY ${source.format === 'parquet' ? 'numbered.__file, ' : ''}numbered.__row`
  const written = columns.map(({ name, type }, i) => {
    const value = options.sensitive.has(name) ? maskedColumn(`r${i}`, type) : `r${i}`
    return `${format === 'csv' ? textOf(value, type) : value} AS ${identifier(name)}`
  })
  const rules = format === 'csv' ? 'CAST(to_json(rules) AS VARCHAR)' : 'rules'
  const added = [`${numbers.file} AS __file`, `${numbers.row} AS __row`, `${rules} AS __rules`]
  return `SELECT ${[...written, ...added].join(', ')} FROM (${joined})`
}

interface WrittenColumn {
  readonly name: string
  readonly type: string
  /** Over the data's own columns. */
  readonly sql: string
}

function columnsOf(source: DataSource, { keys }: FailingRowsOptions): WrittenColumn[] {
  if (source.format !== 'json') return source.columns.map(({ name, type }) => ({ name, type, sql: identifier(name) }))
  return keys.map((name) => ({ name, type: 'JSON', sql: `json_extract(json, ${literal(pointerTo(name))})` }))
}

interface FileNumbers {
  /** `__file` as `placeRows` shows it. */
  readonly file: string
  /** `__row` as it counts within its file. */
  readonly row: string
}

/** How files are called and their rows are numbered; where rows are numbered through all files, the first of each is looked up. */
async function fileNumbers(duckdb: Duckdb, { format, files, numberedSql, nameOf }: DataSource): Promise<FileNumbers> {
  const file = inMap(files.map((path) => [path, literal(nameOf(path))]))
  if (format === 'parquet' || files.length === 1) return { file, row: '__row' }
  const starts = await duckdb.query<{ file: string; start: number }>(
    `SELECT __file AS file, min(__row) AS start FROM ${numberedSql} GROUP BY __file`,
  )
  return {
    file,
    row: starts.length === 0 ? '__row' : `(__row - ${inMap(starts.map(({ file: path, start }) => [path, start - 1]))})`,
  }
}

/** What stands for `__file` in a list of pairs. */
function inMap(pairs: readonly (readonly [string, string | number])[]): string {
  if (pairs.length === 1) return String(pairs[0]![1])
  return `MAP {${pairs.map(([path, value]) => `${literal(path)}: ${value}`).join(', ')}}[__file]`
}
