import type { DuckDBConnection } from '@duckdb/node-api'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cell, Table } from '../../core/table.ts'
import { columnType, readColumns, toCell } from './columns.ts'

/** A row as queries answer it: 64-bit integers are numbers, or text when they would lose digits; nested values are JSON text. */
export type QueryRow = Record<string, Cell>

/** An in-memory DuckDB. It reads files but never loads extensions, so nothing is downloaded. */
export interface Duckdb {
  /** Rows of one statement. */
  query<Row = QueryRow>(sql: string): Promise<Row[]>
  /** The result of one query in columns: numbers in Float64Array where none is missing; dates and times as ISO text. */
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

export interface DuckdbOptions {
  /** Interrupts the query that is running. */
  readonly signal?: AbortSignal | undefined
  /** Bytes that DuckDB may hold; what does not fit is put aside in a private folder under the system's temporary one. */
  readonly memoryLimit?: number | undefined
  /** By default as many as the machine has. */
  readonly threads?: number | undefined
  /** Told now and then while a query runs. */
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined
}

/** How far a query is, as far as DuckDB can tell. */
export interface QueryProgress {
  /** From 0 to 1. */
  readonly share: number
  readonly rows: number
}

/** Milliseconds between two looks at a query that is running. */
const PROGRESS_INTERVAL = 500

export async function openDuckdb(options: DuckdbOptions = {}): Promise<Duckdb> {
  const { signal, memoryLimit, threads, onProgress } = options
  signal?.throwIfAborted()
  // Loaded here and not at the top: it is 70 MB of machine code, which commands that query nothing do not wait for.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  // Private from the start (mode 0700), since what a query puts aside is the data itself.
  const scratch = mkdtempSync(join(tmpdir(), 'plimsoll-duckdb-'))
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
    temp_directory: scratch,
    ...(memoryLimit !== undefined && { memory_limit: `${Math.round(memoryLimit / 1e6)}MB` }),
    ...(threads !== undefined && { threads: String(threads) }),
  })
  const connection = await instance.connect()
  // Times with a zone read the same on every machine.
  await connection.run("SET TimeZone = 'UTC'")
  if (onProgress) await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false')

  const interrupt = () => connection.interrupt()
  signal?.addEventListener('abort', interrupt)
  const interruptible = async <T>(work: Promise<T>): Promise<T> => {
    const watch = onProgress && setInterval(() => onProgress(progressOf(connection)), PROGRESS_INTERVAL).unref()
    try {
      return await work
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      clearInterval(watch)
    }
  }
  const query = async <Row>(sql: string): Promise<Row[]> => {
    const reader = await interruptible(connection.runAndReadAll(sql))
    const names = reader.deduplicatedColumnNames()
    return reader.getRowsJS().map((row) => Object.fromEntries(names.map((name, i) => [name, toCell(row[i])]))) as Row[]
  }
  return {
    query,
    table: (sql) => interruptible(readColumns(connection, sql)),
    run: async (sql) => void (await interruptible(connection.run(sql))),
    load: (name, table) => loadTable(connection, name, table),
    close() {
      signal?.removeEventListener('abort', interrupt)
      connection.closeSync()
      instance.closeSync()
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}

function progressOf(connection: DuckDBConnection): QueryProgress {
  const { percentage, rows_processed: rows } = connection.progress
  return { share: Math.min(1, Math.max(0, percentage / 100)), rows: Number(rows) }
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
