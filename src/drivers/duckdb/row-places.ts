import type { Duckdb } from './connection.ts'
import { CsvScanner } from './csv-scanner.ts'
import type { DataSource } from './data-source.ts'
import { openText } from './text-file.ts'

/** Where a row stands, for people. */
export interface RowPlace {
  /** Relative to the project folder, or the address that it came from. */
  readonly file: string
  /** From 1, within the file, the header not counted. */
  readonly row: number
  /** CSV only: the line on which the row begins. */
  readonly line?: number
}

export interface RowNumber {
  /** `__file` of `numberedSql`. */
  readonly file: string
  /** `__row` of `numberedSql`. */
  readonly row: number
}

/** The places of rows that were found through `numberedSql`, in the same order. */
export async function placeRows(duckdb: Duckdb, source: DataSource, rows: readonly RowNumber[]): Promise<RowPlace[]> {
  if (rows.length === 0) return []
  const inFile = source.format === 'parquet' || source.files.length === 1 ? rows : await countWithinFiles(duckdb, source, rows)
  const lines = source.format === 'csv' ? await linesOf(source, inFile) : undefined
  return inFile.map(({ file, row }) => {
    const line = lines?.get(file)?.get(row)
    return { file: source.nameOf(file), row, ...(line !== undefined && { line }) }
  })
}

/** Row numbers that run through all files, as numbers within each. */
async function countWithinFiles(duckdb: Duckdb, source: DataSource, rows: readonly RowNumber[]): Promise<RowNumber[]> {
  const starts = await source.reading(() =>
    duckdb.query<{ file: string; start: number }>(
      `SELECT __file AS file, min(__row) AS start FROM ${source.numberedSql} GROUP BY __file`,
    ),
  )
  const startOf = new Map(starts.map(({ file, start }) => [file, start]))
  return rows.map(({ file, row }) => ({ file, row: row - startOf.get(file)! + 1 }))
}

/** By file and row, the line on which a row of CSV begins. A quoted field may hold line ends, so rows are not lines. */
async function linesOf(source: DataSource, rows: readonly RowNumber[]): Promise<Map<string, Map<number, number>>> {
  const wanted = new Map<string, Set<number>>()
  for (const { file, row } of rows) wanted.set(file, (wanted.get(file) ?? new Set()).add(row))
  const { columns, blankLines, named } = source.csv!
  const lines = new Map<string, Map<number, number>>()
  for (const [file, numbers] of wanted) {
    const found = new Map<number, number>()
    let row = named ? -1 : 0 // the header is the first record
    const scanner = new CsvScanner(source.csv!, ({ line, fields, endsEmpty }) => {
      // DuckDB leaves out blank lines, except where a blank line is a row: a single column that is empty.
      if (line <= blankLines || (fields === 1 && endsEmpty && columns.length > 1)) return true
      row++
      if (numbers.has(row)) found.set(row, line)
      return found.size < numbers.size
    })
    for await (const chunk of openText(file) as AsyncIterable<Buffer>) if (!scanner.push(chunk)) break
    scanner.end()
    lines.set(file, found)
  }
  return lines
}
