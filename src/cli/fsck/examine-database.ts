import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closing } from '../../core/closing.ts'
import { openKeptStates } from '../../data/plan/kept-states.ts'
import { stateDatabase, type AuditEntry } from '../../drivers/audit-log.ts'
import { viewDatabase, type DatabaseView } from '../../drivers/sqlite.ts'
import { openTestSetLedger } from '../../model/ledger/ledger.ts'
import { openPipelineState } from '../../pipeline/state.ts'
import { openRegistry } from '../../registry/registry.ts'
import { openReleaseRecords } from '../../release/records.ts'
import { openAttestations } from '../../signing/store.ts'
import type { Examination } from './examination.ts'

interface SchemaObject {
  readonly type: string
  readonly name: string
  readonly sql: string | null
}

/** Each component that has tables, and what makes them. */
const COMPONENTS: Readonly<Record<string, (stateDir: string) => { close(): void }>> = {
  registry: openRegistry,
  release: openReleaseRecords,
  pipeline: openPipelineState,
  'test-sets': openTestSetLedger,
  signing: openAttestations,
  data: (stateDir) => openKeptStates(stateDir, new Date()),
}

/** The file itself, and whether its tables, indices and triggers are those that Plimsoll makes. */
export const examineDatabase: Examination = {
  id: 'database',
  title: 'The state database is whole, and made by Plimsoll',
  examine({ database, entries }) {
    const integrity = database.all<{ integrity_check: string }>('PRAGMA integrity_check').map((row) => row.integrity_check)
    const broken = integrity.filter((line) => line !== 'ok').map((line) => `The database file is damaged: ${line}`)
    const foreign = database
      .all<{ table: string; parent: string }>('PRAGMA foreign_key_check')
      .map(({ table, parent }) => `A row of ${table} refers to a row of ${parent} that is not there.`)
    const schema = schemaProblems(database, begunComponents(entries))
    return { looked: `${schema.compared} tables, indices and triggers`, problems: [...broken, ...foreign, ...schema.problems] }
  },
}

/** Holds the schema against the one that this version makes in an empty folder. */
function schemaProblems(database: DatabaseView, begun: ReadonlySet<string>): { compared: number; problems: string[] } {
  const present = new Map(objectsOf(database).map((object) => [object.name, object]))
  const versions = versionsIn(database)
  const fresh = freshSchema([...versions.keys()])
  const problems = fresh.objects.flatMap(({ type, name, sql }) => {
    const found = present.get(name)
    if (!found) return [`The ${type} ${name} is missing.`]
    return found.sql === sql ? [] : [`The ${type} ${name} is not the one that Plimsoll makes.`]
  })
  const names = new Set(fresh.objects.map(({ name }) => name))
  const strange = [...present.values()].filter(({ type, name }) => (type === 'trigger' || type === 'view') && !names.has(name))
  // Another component, of a later version, may have made them.
  const known = [...versions.keys()].every((component) => fresh.versions.has(component))
  const added = known ? strange.map(({ type, name }) => `There is a ${type} ${name} that Plimsoll did not make.`) : []
  const wrongVersions = [...begun].flatMap((component) => {
    const [found, expected] = [versions.get(component), fresh.versions.get(component)]
    if (found === undefined) return [`schema_version does not name ${component}, and the log does.`]
    if (expected === undefined || found === expected) return []
    return [`schema_version says ${component} ${found}, and this Plimsoll makes ${component} ${expected}.`]
  })
  return { compared: fresh.objects.length, problems: [...problems, ...added, ...wrongVersions] }
}

/** The components whose tables the log vouches for, with the log itself. */
function begunComponents(entries: readonly AuditEntry[]): Set<string> {
  const begun = entries.filter(({ action }) => action === 'log.began').map(({ subject }) => subject)
  return new Set(entries.length > 0 ? [...begun, 'audit-log'] : begun)
}

const versionsIn = (database: DatabaseView): Map<string, number> =>
  new Map(
    database
      .all<{ component: string; version: number }>('SELECT component, version FROM schema_version')
      .map(({ component, version }) => [component, version]),
  )

/** The schema of these components in an empty folder; before they are opened by this version, without the log. */
function freshSchema(components: readonly string[]): FreshSchema {
  const key = components.toSorted().join(' ')
  const made = MADE.get(key) ?? makeSchema(components)
  MADE.set(key, made)
  return made
}

interface FreshSchema {
  readonly objects: readonly SchemaObject[]
  readonly versions: ReadonlyMap<string, number>
}

/** It is the same as long as this process runs the same code. */
const MADE = new Map<string, FreshSchema>()

function makeSchema(components: readonly string[]): FreshSchema {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-fsck-'))
  try {
    for (const component of components) COMPONENTS[component]?.(folder).close()
    const path = stateDatabase(folder)
    if (!existsSync(path)) return { objects: [], versions: new Map() }
    const { objects, versions } = closing(viewDatabase(path), (fresh) => ({
      objects: objectsOf(fresh),
      versions: versionsIn(fresh),
    }))
    return {
      objects: components.includes('audit-log') ? objects : objects.filter(({ name }) => !name.startsWith('audit_log')),
      versions: versions.set('notes', 0),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const objectsOf = (database: DatabaseView): SchemaObject[] =>
  database.all<SchemaObject>(`SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name`)
