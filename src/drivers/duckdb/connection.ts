import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
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
  /** Has this done when the database is closed: what data that is read from here needs to be removed then. */
  atClose(work: () => void): void
  close(): void
}

/** `"name"`, safe in SQL. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** `'text'`, safe in SQL. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** @param options.signal interrupts the query that is running */
export async function openDuckdb(options: { signal?: AbortSignal | undefined } = {}): Promise<Duckdb> {
  const { signal } = options
  signal?.throwIfAborted()
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
    // Made only when a query outgrows memory; DuckDB's own default is a folder in the working directory.
    temp_directory: join(tmpdir(), `plimsoll-duckdb-${process.pid}`),
  })
  const connection = await instance.connect()
  // Times with a zone read the same on every machine.
  await connection.run("SET TimeZone = 'UTC'")

  const interrupt = () => connection.interrupt()
  signal?.addEventListener('abort', interrupt)
  const interruptible = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }
  const query = async <Row>(sql: string): Promise<Row[]> => {
    const reader = await interruptible(connection.runAndReadAll(sql))
    const names = reader.deduplicatedColumnNames()
    return reader.getRowsJS().map((row) => Object.fromEntries(names.map((name, i) => [name, toCell(row[i])]))) as Row[]
  }
  const closers: (() => void)[] = []
  return {
    query,
    table: (sql) => interruptible(readColumns(connection, sql)),
    run: async (sql) => void (await interruptible(connection.run(sql))),
    load: (name, table) => loadTable(connection, name, table),
    atClose: (work) => void closers.push(work),
    close() {
      signal?.removeEventListener('abort', interrupt)
      connection.closeSync()
      instance.closeSync()
      for (const work of closers.splice(0)) work()
    },
  }
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
