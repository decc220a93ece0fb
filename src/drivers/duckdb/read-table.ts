import type { Digest } from '../../core/digest.ts'
import type { Table } from '../../core/table.ts'
import { identifier, openDuckdb, type Duckdb } from './connection.ts'
import { columnList, openData, type DataSource, type OpenOptions } from './data-source.ts'
import { requireColumns } from './require-columns.ts'
import { isPlainNumber } from './typed-source.ts'

/**
 * Reads a data set, or some of its columns, into memory; columns come in the order asked for.
 *
 * A CSV column is numbers when all its values are, true/false when all are, else text; all rows decide, not a sample.
 * Numbers with leading zeros, such as the postal code 02134, are text. An empty field is missing, quoted or not.
 *
 * @param path a file, a folder or a glob
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING
 */
export async function readTable(cwd: string, path: string, options: ReadTableOptions = {}): Promise<Table> {
  return reading(cwd, path, options, (_source, table) => table())
}

/** The same, with the digest of the files as they are. */
export async function readTableAndDigest(
  cwd: string,
  path: string,
  options: ReadTableOptions = {},
): Promise<{ readonly table: Table; readonly digest: Digest }> {
  return reading(cwd, path, options, async (source, table) => ({ table: await table(), digest: await source.digest() }))
}

interface ReadTableOptions extends Omit<OpenOptions, 'documents'> {
  readonly columns?: readonly string[]
  readonly limit?: number
}

async function reading<T>(
  cwd: string,
  path: string,
  options: ReadTableOptions,
  work: (source: DataSource, table: () => Promise<Table>) => Promise<T>,
): Promise<T> {
  const duckdb = await openDuckdb({ signal: options.signal })
  try {
    const source = await openData(duckdb, cwd, path, options)
    const present = source.columns.map(({ name }) => name)
    const names = options.columns ?? present
    requireColumns(path, names, present)
    return await work(source, () =>
      source.reading(async () => {
        const from = source.format === 'csv' ? await typedCsv(duckdb, source, names) : source.sql
        const limit = options.limit === undefined ? '' : ` LIMIT ${options.limit}`
        return duckdb.table(`SELECT ${columnList(names)} FROM ${from}${limit}`)
      }),
    )
  } finally {
    duckdb.close()
  }
}

/** Loads CSV as text, finds the type of each column from all of it, and answers a table expression with these types. */
async function typedCsv(duckdb: Duckdb, source: DataSource, names: readonly string[]): Promise<string> {
  await duckdb.run(`CREATE TEMP TABLE csv_text AS SELECT ${columnList(names)} FROM ${source.sql}`)
  const questions = names.flatMap((name, i) => {
    const value = identifier(name)
    return [`bool_and(${isPlainNumber(value)}) AS n${i}`, `bool_and(lower(${value}) IN ('true', 'false')) AS b${i}`]
  })
  const [answers] = await duckdb.query<Record<string, boolean | null>>(`SELECT ${questions.join(', ')} FROM csv_text`)
  const typed = names.map((name, i) => {
    const value = identifier(name)
    if (answers![`n${i}`]) return `CAST(${value} AS DOUBLE) AS ${value}`
    return answers![`b${i}`] ? `CAST(${value} AS BOOLEAN) AS ${value}` : value
  })
  return `(SELECT ${typed.join(', ')} FROM csv_text)`
}
