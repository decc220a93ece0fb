import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { messageOf, UserError } from '../core/errors.ts'

export type SqlValue = string | number | bigint | null | Uint8Array
export type SqlRow = Record<string, SqlValue>

/** The part of node:sqlite's DatabaseSync that is used; @photostructure/sqlite has the same. */
interface DatabaseSync {
  exec(sql: string): void
  prepare(sql: string): {
    all(...parameters: SqlValue[]): unknown[]
    get(...parameters: SqlValue[]): unknown
    run(...parameters: SqlValue[]): { changes: number | bigint; lastInsertRowid: number | bigint }
    setReadBigInts(readBigInts: boolean): void
  }
  close(): void
}

/** A SQLite database in WAL mode: several processes may use it at once. Calls are synchronous and short. */
export interface Database {
  all<Row = SqlRow>(sql: string, ...parameters: SqlValue[]): Row[]
  get<Row = SqlRow>(sql: string, ...parameters: SqlValue[]): Row | undefined
  run(sql: string, ...parameters: SqlValue[]): { changes: number }
  /** All or nothing, with the write lock taken at the start. `work` must not be async. May not be nested. */
  transaction<T>(work: () => T): T
  /** Brings the tables of a further component up to date, see `openDatabase`. */
  migrate(component: string, migrations: readonly string[]): void
  close(): void
}

/** node:sqlite is in Node from 22.13 on; Node 20 uses a package with the same interface. */
function loadSqlite(): { DatabaseSync: new (path: string, options?: { readOnly?: boolean }) => DatabaseSync } {
  const load = createRequire(import.meta.url)
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number]
  if (major > 22 || (major === 22 && minor >= 13))
    return withoutWarning(() => load('node:sqlite') as ReturnType<typeof loadSqlite>)
  try {
    return load('@photostructure/sqlite') as ReturnType<typeof loadSqlite>
  } catch (error) {
    throw new UserError('E_DEPENDENCY', 'SQLite is not available on this version of Node.', {
      hint: 'Install @photostructure/sqlite beside Plimsoll, or use Node 22.13 or newer.',
      cause: error,
    })
  }
}

/** Node 22 warns on loading that its SQLite is experimental; the user can do nothing about it. */
function withoutWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => {}
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}

/**
 * Opens (and makes) a database and brings the tables of one component up to date.
 *
 * @param component a name of the caller's own, so that several components can share one file
 * @param migrations SQL scripts in order; those that this file has not had yet are run, each once
 * @throws UserError E_STATE when the file cannot be opened or is not a database
 */
export function openDatabase(path: string, component: string, migrations: readonly string[]): Database {
  const { DatabaseSync } = loadSqlite()
  let raw: DatabaseSync
  try {
    mkdirSync(dirname(path), { recursive: true })
    raw = new DatabaseSync(path)
    raw.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON')
  } catch (error) {
    throw new UserError('E_STATE', `The state database cannot be opened: ${path}: ${messageOf(error)}`, {
      hint: 'Check that the folder is writable and that the file was made by Plimsoll.',
      cause: error,
    })
  }
  const database = wrap(raw)
  database.migrate(component, migrations)
  return database
}

/** A database as it was at one moment, for looking only. Whole numbers beyond 2^53 come as bigint. */
export type DatabaseView = Pick<Database, 'all' | 'get' | 'close'>

/**
 * Opens a database for reading. All that is read is of the moment of opening, whatever other processes write meanwhile.
 *
 * @throws UserError E_STATE when it cannot be read as a database
 */
export function viewDatabase(path: string): DatabaseView {
  const { DatabaseSync } = loadSqlite()
  try {
    const raw = new DatabaseSync(path, { readOnly: true })
    const statement = (sql: string) => {
      const prepared = raw.prepare(sql)
      prepared.setReadBigInts(true)
      return prepared
    }
    raw.exec('PRAGMA busy_timeout = 10000; BEGIN')
    raw.prepare('SELECT count(*) FROM sqlite_master').get() // the moment is that of the first read
    return {
      all: <Row>(sql: string, ...parameters: SqlValue[]) =>
        (statement(sql).all(...parameters) as SqlRow[]).map(withNumbers) as Row[],
      get: <Row>(sql: string, ...parameters: SqlValue[]) => {
        const row = statement(sql).get(...parameters) as SqlRow | undefined
        return row && (withNumbers(row) as Row)
      },
      close: () => raw.close(),
    }
  } catch (error) {
    throw new UserError('E_STATE', `The state database cannot be read: ${path}: ${messageOf(error)}`, {
      hint: 'It is damaged, or was not made by Plimsoll. Restore it from a copy.',
      cause: error,
    })
  }
}

/** bigint only where a number would not be exact. */
function withNumbers(row: SqlRow): SqlRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value,
    ]),
  )
}

function wrap(raw: DatabaseSync): Database {
  const database: Database = {
    all: <Row>(sql: string, ...parameters: SqlValue[]) => raw.prepare(sql).all(...parameters) as Row[],
    get: <Row>(sql: string, ...parameters: SqlValue[]) => raw.prepare(sql).get(...parameters) as Row | undefined,
    run: (sql, ...parameters) => ({ changes: Number(raw.prepare(sql).run(...parameters).changes) }),
    transaction(work) {
      raw.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        raw.exec('COMMIT')
        return result
      } catch (error) {
        raw.exec('ROLLBACK')
        throw error
      }
    },
    migrate: (component, migrations) => migrate(database, raw, component, migrations),
    close: () => raw.close(),
  }
  return database
}

function migrate(database: Database, raw: DatabaseSync, component: string, migrations: readonly string[]): void {
  database.transaction(() => {
    raw.exec('CREATE TABLE IF NOT EXISTS schema_version (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT')
    const version =
      database.get<{ version: number }>('SELECT version FROM schema_version WHERE component = ?', component)?.version ?? 0
    if (version > migrations.length) {
      throw new UserError('E_STATE', `The state database was written by a newer Plimsoll (${component} ${version}).`, {
        hint: 'Update Plimsoll, or point PLIMSOLL_HOME at another folder.',
      })
    }
    for (const migration of migrations.slice(version)) raw.exec(migration)
    database.run(
      'INSERT INTO schema_version VALUES (?, ?) ON CONFLICT (component) DO UPDATE SET version = excluded.version',
      component,
      migrations.length,
    )
  })
}
