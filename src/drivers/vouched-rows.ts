import { digestOfRows, rowsOf, type AuditEntry, type LogBegan, type RowState, type WatchedTable } from './audit-log.ts'
import type { DatabaseView, SqlValue } from './sqlite.ts'

/** How the rows of the watched tables stand against what the log says of them. */
export interface Vouching {
  readonly problems: readonly { readonly table: string; readonly row: string; readonly message: string }[]
  /** Rows, or groups of rows, that are as the log says. */
  readonly asWritten: number
  /** Of these, rows that were there before the log: they are as they were when it began, and what was before is not known. */
  readonly asFound: number
  /** Rows of runs in progress, which the log vouches for when they have ended. */
  readonly open: number
  /** Rows of tables that the log does not know yet. */
  readonly notCovered: readonly { readonly table: string; readonly rows: number }[]
}

interface Expected extends RowState {
  readonly seq: number
  readonly found: boolean
}

/** Compares each row of the watched tables with the last entry that names it. */
export function compareRows(database: DatabaseView, tables: readonly WatchedTable[], entries: readonly AuditEntry[]): Vouching {
  const expected = lastStates(entries)
  const begun = new Map(begunTables(entries).map((table) => [table.table, table]))
  const all = new Map([...begun, ...tables.map((table) => [table.table, table] as const)])
  const present = new Set(
    database.all<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).map(({ name }) => name),
  )
  const problems: Vouching['problems'][number][] = []
  const notCovered: { table: string; rows: number }[] = []
  const counts = { asWritten: 0, asFound: 0, open: 0 }
  for (const watched of all.values()) {
    const { table } = watched
    if (!present.has(table)) {
      if (begun.has(table)) problems.push({ table, row: '', message: `The table ${table} is missing.` })
      continue
    }
    const keys = keysIn(database, watched)
    if (!begun.has(table)) {
      notCovered.push({ table, rows: keys.length })
      continue
    }
    for (const key of keys) {
      const [id, name] = [idOf(table, key), nameOf(table, key)]
      const state = expected.get(id)
      expected.delete(id)
      const problem = judge(database, watched, key, state)
      if (problem !== undefined) problems.push({ table, row: name, message: `${name} ${problem}` })
      else if (state?.open) counts.open++
      else counts.asWritten++
      if (problem === undefined && state?.found) counts.asFound++
    }
  }
  for (const { table, key, digest, seq, open } of expected.values()) {
    if (digest === null || open) continue
    const name = nameOf(table, key)
    problems.push({ table, row: name, message: `${name} was deleted; entry ${seq} of the log says that it is there.` })
  }
  return { problems, notCovered, ...counts }
}

function judge(
  database: DatabaseView,
  watched: WatchedTable,
  key: readonly SqlValue[],
  state: Expected | undefined,
): string | undefined {
  if (!state) return 'was added, and no entry of the log speaks of it.'
  if (state.open) return undefined
  if (state.digest === null) return `is there, and entry ${state.seq} of the log says that it was deleted.`
  if (digestOfRows(rowsOf(database, watched, key), watched) === state.digest) return undefined
  return `was changed: it is not what entry ${state.seq} of the log says.`
}

/** What the log says last of each row. */
function lastStates(entries: readonly AuditEntry[]): Map<string, Expected> {
  const states = new Map<string, Expected>()
  for (const { seq, action, rows } of entries) {
    for (const row of rows) states.set(idOf(row.table, row.key), { ...row, seq, found: action === 'log.began' })
  }
  return states
}

const begunTables = (entries: readonly AuditEntry[]): WatchedTable[] =>
  entries.filter(({ action }) => action === 'log.began').flatMap(({ details }) => (details as Partial<LogBegan>).tables ?? [])

function keysIn(database: DatabaseView, { table, key }: WatchedTable): SqlValue[][] {
  const columns = key.join(', ')
  return database.all(`SELECT DISTINCT ${columns} FROM ${table}`).map((row) => key.map((column) => row[column]!))
}

const idOf = (table: string, key: readonly SqlValue[]): string => JSON.stringify([table, ...key.map(String)])

/** `model_version mortgage 3` */
const nameOf = (table: string, key: readonly SqlValue[]): string => [table, ...key.map(String)].join(' ')
