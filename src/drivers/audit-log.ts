import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Artifact } from '../core/report.ts'
import { digestOf, sha256, stableJson, type Digest } from '../core/digest.ts'
import { closing } from '../core/closing.ts'
import { openDatabase, viewDatabase, type Database, type DatabaseView, type SqlRow, type SqlValue } from './sqlite.ts'

/** The file of the state database in a state folder. */
export const stateDatabase = (stateDir: string): string => join(stateDir, 'plimsoll.db')

const MIGRATIONS = [
  `
  CREATE TABLE audit_log (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    rows TEXT NOT NULL,
    previous TEXT,
    hash TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE INDEX audit_log_began ON audit_log (subject) WHERE action = 'log.began';
  CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
  CREATE TRIGGER audit_log_is_never_shortened BEFORE DELETE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END;
  `,
]

/** A table whose rows the log vouches for. */
export interface WatchedTable {
  readonly table: string
  /** What names a row, or a group of rows that are written down together. */
  readonly key: readonly string[]
  /** The order of the rows of a group; of no importance where the key names one row. */
  readonly order?: string
  /** Columns that change while they mean something and mean nothing afterwards, such as a sign of life. */
  readonly except?: readonly string[]
}

/** A row, or a group of rows, by its key. */
export interface RowName {
  readonly table: string
  readonly key: readonly SqlValue[]
}

/** What a row was when an entry was written. */
export interface RowState extends RowName {
  /** Null when it was gone. */
  readonly digest: Digest | null
  /** It is being written: until the next entry on it, the log does not vouch for it. */
  readonly open?: true
}

/** What happened, as it is handed to the log. */
export interface AuditEvent {
  /** `model.registered`, `alias.moved`, … */
  readonly action: string
  /** What it happened to: `mortgage/3`, `environment production`. */
  readonly subject: string
  /** The run or the person that did it, as far as it is known. */
  readonly actor: string | null
  readonly at: Date
  /** Small JSON for the reader. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>
  /** The rows that were written, changed or deleted; the log reads them itself. */
  readonly rows?: readonly (RowName & { readonly open?: true })[]
}

/** An entry of the log. `hash` is over all the rest, `previous` with it, so that no entry can be changed without all after it. */
export interface AuditEntry {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number
  /** ISO 8601, UTC. */
  readonly at: string
  readonly actor: string | null
  readonly action: string
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
  readonly rows: readonly RowState[]
  /** The hash of the entry before; null of the first. */
  readonly previous: Digest | null
  readonly hash: Digest
}

/** Writes entries in the transaction of what they record. */
export interface AuditLog {
  /** To be called inside a transaction of the log's database, after what it records has been written. */
  append(event: AuditEvent): void
  /** The names of the rows that a condition holds for, to be taken before they are deleted. */
  rowsWhere(table: string, condition: string, ...parameters: SqlValue[]): RowName[]
}

/**
 * Opens the state database for a component whose tables the log vouches for. What is in them already when the log begins is
 * written down as it was found.
 *
 * @throws UserError E_STATE as `openDatabase`
 */
export function openLogged(
  stateDir: string,
  component: string,
  migrations: readonly string[],
  tables: readonly WatchedTable[],
): { database: Database; log: AuditLog } {
  const database = openDatabase(stateDatabase(stateDir), component, migrations)
  database.migrate('audit-log', MIGRATIONS)
  const watched = new Map(tables.map((table) => [table.table, table]))
  const log: AuditLog = {
    append: (event) => append(database, watched, event),
    rowsWhere: (table, condition, ...parameters) => {
      const columns = watched.get(table)!.key
      return database
        .all(`SELECT DISTINCT ${columns.join(', ')} FROM ${table} WHERE ${condition}`, ...parameters)
        .map((row) => ({ table, key: columns.map((column) => row[column]!) }))
    },
  }
  begin(database, log, component, tables)
  return { database, log }
}

/** What the entry `log.began` says. */
export interface LogBegan {
  readonly tables: readonly WatchedTable[]
  /** How many rows there were already: nobody vouches for what they were before. */
  readonly found: number
}

/** The first entry on a component: how its tables were found. */
function begin(database: Database, log: AuditLog, component: string, tables: readonly WatchedTable[]): void {
  const missing = () => {
    const begun = database.all<{ details: string }>(
      `SELECT details FROM audit_log WHERE action = 'log.began' AND subject = ?`,
      component,
    )
    const known = new Set(begun.flatMap(({ details }) => (JSON.parse(details) as LogBegan).tables.map(stableJson)))
    return tables.filter((table) => !known.has(stableJson(table)))
  }
  if (missing().length === 0) return
  database.transaction(() => {
    const added = missing()
    if (added.length === 0) return
    const rows = added.flatMap(({ table }) => log.rowsWhere(table, 'true'))
    log.append({
      action: 'log.began',
      subject: component,
      actor: null,
      at: new Date(),
      details: { tables: added, found: rows.length } satisfies LogBegan,
      rows,
    })
  })
}

function append(database: Database, watched: ReadonlyMap<string, WatchedTable>, event: AuditEvent): void {
  const last = database.get<{ seq: number; hash: Digest }>('SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1')
  const content = {
    seq: (last?.seq ?? 0) + 1,
    at: event.at.toISOString(),
    actor: event.actor,
    action: event.action,
    subject: event.subject,
    details: event.details ?? {},
    rows: (event.rows ?? []).map(({ table, key, open }) => ({
      table,
      key,
      digest: digestOfRows(rowsOf(database, watched.get(table)!, key), watched.get(table)!),
      ...(open && { open }),
    })),
    previous: last?.hash ?? null,
  }
  database.run(
    'INSERT INTO audit_log (seq, at, actor, action, subject, details, rows, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    content.seq,
    content.at,
    content.actor,
    content.action,
    content.subject,
    stableJson(content.details),
    stableJson(content.rows),
    content.previous,
    entryHash(content),
  )
}

/** The rows of a key, as the database holds them. */
export function rowsOf(database: DatabaseView, { table, key: columns, order }: WatchedTable, key: readonly SqlValue[]): SqlRow[] {
  const condition = columns.map((column) => `${column} IS ?`).join(' AND ')
  return database.all(`SELECT * FROM ${table} WHERE ${condition}${order ? ` ORDER BY ${order}` : ''}`, ...key)
}

/** One digest of the rows of a key; null when there are none. Columns that are empty are left out, so that a later one changes nothing. */
export function digestOfRows(rows: readonly SqlRow[], { except = [] }: WatchedTable): Digest | null {
  if (rows.length === 0) return null
  const lines = rows.map((row) =>
    stableJson(
      Object.fromEntries(
        Object.entries(row).flatMap(([column, value]) =>
          value === null || except.includes(column) ? [] : [[column, asJson(value)]],
        ),
      ),
    ),
  )
  return sha256(lines.join('\n'))
}

function asJson(value: SqlValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : { integer: String(value) }
  return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value
}

/** SHA-256 of the canonical JSON (keys sorted, no white space) of an entry without its hash. */
export function entryHash(entry: Omit<AuditEntry, 'hash'>): Digest {
  const { seq, at, actor, action, subject, details, rows, previous } = entry
  return digestOf({ seq, at, actor, action, subject, details, rows, previous })
}

/** An entry as the database holds it, before anybody has looked whether it is whole. */
export interface StoredEntry extends Omit<AuditEntry, 'details' | 'rows'> {
  readonly details: string
  readonly rows: string
}

/** All entries as they stand, oldest first; none when the database has no log yet. */
export function storedEntries(database: DatabaseView): StoredEntry[] {
  if (!database.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'audit_log'`)) return []
  return database.all<StoredEntry>('SELECT * FROM audit_log ORDER BY seq')
}

/** The end of the log, `SEQ:HASH`: whoever keeps it elsewhere can tell later whether the log was rewritten. */
export const headOf = ({ seq, hash }: Pick<AuditEntry, 'seq' | 'hash'>): string => `${seq}:${hash}`

/** Files that were written, as `details` of an entry hold them: by path under the folder `root`, with their digests. */
export interface WrittenFiles {
  readonly root: string
  readonly files: Readonly<Record<string, string>>
}

/** The files that a step or a run has left, for `details`; nothing when there are none. */
export function writtenFiles(root: string, artifacts: readonly Artifact[]): WrittenFiles | undefined {
  if (artifacts.length === 0) return undefined
  return { root, files: Object.fromEntries(artifacts.map(({ path, digest }) => [path, digest])) }
}

/** Adds an entry that is about no row. Nothing is written where there is no state database: it has no history to keep. */
export function noteInLog(stateDir: string, event: Omit<AuditEvent, 'rows'>): void {
  if (!existsSync(stateDatabase(stateDir))) return
  const { database, log } = openLogged(stateDir, 'notes', [], [])
  closing(database, () => database.transaction(() => log.append(event)))
}

/** The end of the log of a state folder, to be put into what is signed; null when there is no log yet. */
export function auditHead(stateDir: string): string | null {
  const path = stateDatabase(stateDir)
  if (!existsSync(path)) return null
  return closing(viewDatabase(path), (database) => {
    const last = storedEntries(database).at(-1)
    return last ? headOf(last) : null
  })
}
