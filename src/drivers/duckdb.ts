import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { messageOf, UserError } from '../core/errors.ts'
import type { Cell, Column, Table } from '../core/table.ts'
import { expandFiles } from './files.ts'

/** A value as queries answer it: 64-bit integers are numbers, or text when they would lose digits; dates are ISO text. */
export type QueryRow = Record<string, Cell>

/** An in-memory DuckDB. It reads files but never loads extensions, so nothing is downloaded. */
export interface Duckdb {
  /** Rows of one statement. */
  query<Row = QueryRow>(sql: string): Promise<Row[]>
  /** The result of one statement in columns. */
  table(sql: string): Promise<Table>
  /** Runs statements for their effect. */
  run(sql: string): Promise<void>
  /** Makes a table of the database out of a table in memory. */
  load(name: string, table: Table): Promise<void>
  close(): void
}

/** `"name"`, safe in SQL. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** `'text'`, safe in SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

export async function openDuckdb(): Promise<Duckdb> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  })
  const connection = await instance.connect()
  return {
    async query<Row>(sql: string) {
      const reader = await connection.runAndReadAll(sql)
      const names = reader.deduplicatedColumnNames()
      return reader.getRowsJS().map((row) => Object.fromEntries(names.map((name, i) => [name, toCell(row[i])]))) as Row[]
    },
    async table(sql) {
      const reader = await connection.runAndReadAll(sql)
      const columns: Record<string, Column> = {}
      for (const [i, name] of reader.deduplicatedColumnNames().entries()) columns[name] = toColumn(reader.getColumnsJS()[i] ?? [])
      return { rowCount: reader.currentRowCount, columns }
    },
    async run(sql) {
      await connection.run(sql)
    },
    load: (name, table) => loadTable(connection, name, table),
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (value instanceof Date) return value.toISOString()
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? Number(member) : member))
}

function toColumn(values: readonly unknown[]): Column {
  const cells = values.map(toCell)
  return cells.length > 0 && cells.every((cell) => typeof cell === 'number') ? Float64Array.from(cells) : cells
}

function columnType(column: Column): 'DOUBLE' | 'BOOLEAN' | 'VARCHAR' {
  if (column instanceof Float64Array) return 'DOUBLE'
  const present = column.filter((cell) => cell !== null)
  if (present.length > 0 && present.every((cell) => typeof cell === 'number')) return 'DOUBLE'
  if (present.length > 0 && present.every((cell) => typeof cell === 'boolean')) return 'BOOLEAN'
  return 'VARCHAR'
}

async function loadTable(connection: DuckDBConnection, name: string, table: Table): Promise<void> {
  const columns = Object.entries(table.columns).map(([column, cells]) => ({ column, cells, type: columnType(cells) }))
  await connection.run(
    `CREATE TABLE ${identifier(name)} (${columns.map(({ column, type }) => `${identifier(column)} ${type}`).join(', ')})`,
  )
  const appender = await connection.createAppender(name)
  for (let row = 0; row < table.rowCount; row++) {
    for (const { cells, type } of columns) {
      const cell = cells[row] ?? null
      if (cell === null) appender.appendNull()
      else if (type === 'DOUBLE') appender.appendDouble(cell as number)
      else if (type === 'BOOLEAN') appender.appendBoolean(cell as boolean)
      else appender.appendVarchar(String(cell))
    }
    appender.endRow()
  }
  appender.closeSync()
}

const READERS: Readonly<Record<string, string>> = {
  '.parquet': 'read_parquet',
  '.csv': 'read_csv',
  '.tsv': 'read_csv',
  '.jsonl': 'read_json',
  '.ndjson': 'read_json',
  '.json': 'read_json',
}

/** Files that a folder or glob may hold beside the data. */
const isData = (path: string): boolean => READERS[extension(path)] !== undefined

function extension(path: string): string {
  return extname(path.replace(/\.gz$/i, '')).toLowerCase()
}

/**
 * The SQL expression that reads a data set: a Parquet, CSV, TSV or JSON Lines file, a folder of them, or a glob.
 * With `rowNumbers`, Parquet and others get the reader's own columns `filename` and, for Parquet, `file_row_number`.
 *
 * @throws UserError E_FILE_MISSING when there is no such data, E_FILE_FORMAT for an unknown or mixed format
 */
export async function dataSource(cwd: string, path: string, options: { rowNumbers?: boolean } = {}): Promise<string> {
  const files = (await expandFiles(cwd, path)).filter((file, _index, all) => all.length === 1 || isData(file))
  if (files.length === 0) {
    throw new UserError('E_FILE_MISSING', `There is no data at ${path}`, {
      hint: 'Give a Parquet, CSV or JSON Lines file, a folder of them, or a glob.',
    })
  }
  const formats = new Set(files.map(extension))
  const reader = READERS[[...formats][0]!]
  if (formats.size > 1 || reader === undefined) {
    throw new UserError(
      'E_FILE_FORMAT',
      `${path} is not data that can be read: found ${[...formats].map((format) => format || 'no extension').join(', ')}`,
      {
        hint: `Known formats: ${Object.keys(READERS).join(', ')}, and .gz of the text formats. A folder must hold one format.`,
      },
    )
  }
  const parameters = [`[${files.map(literal).join(', ')}]`]
  if (reader === 'read_json') parameters.push("format = 'auto'")
  if (options.rowNumbers) parameters.push('filename = true', ...(reader === 'read_parquet' ? ['file_row_number = true'] : []))
  return `${reader}(${parameters.join(', ')})`
}

/**
 * Reads a data set, or some of its columns, into memory.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING
 */
export async function readTable(
  cwd: string,
  path: string,
  options: { columns?: readonly string[]; limit?: number } = {},
): Promise<Table> {
  const duckdb = await openDuckdb()
  try {
    const source = await dataSource(cwd, path)
    const selection = options.columns?.map(identifier).join(', ') ?? '*'
    const limit = options.limit === undefined ? '' : ` LIMIT ${options.limit}`
    return await duckdb.table(`SELECT ${selection} FROM ${source}${limit}`)
  } catch (error) {
    throw dataError(error, path)
  } finally {
    duckdb.close()
  }
}

/** Turns DuckDB's error about a data file into one that says what to do. */
export function dataError(error: unknown, path: string): unknown {
  if (error instanceof UserError) return error
  const message = messageOf(error).split('\n')[0]!
  const missing = /Referenced column "([^"]+)" not found/.exec(message)
  if (missing) {
    const candidates = /Candidate bindings: (.*)/.exec(messageOf(error))?.[1]
    return new UserError('E_COLUMN_MISSING', `${path} has no column "${missing[1]}"`, {
      hint: candidates && `Columns like it: ${candidates}`,
      cause: error,
    })
  }
  return new UserError('E_FILE_FORMAT', `${path} cannot be read: ${message}`, { cause: error })
}

/** Writes a table to a Parquet file (zstd), as a whole or not at all. */
export async function writeParquet(path: string, table: Table): Promise<void> {
  const duckdb = await openDuckdb()
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await duckdb.load('output', table)
    await duckdb.run(`COPY output TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd)`)
    await rename(temporary, path)
  } finally {
    duckdb.close()
    await rm(temporary, { force: true })
  }
}
