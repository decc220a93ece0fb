import { basename } from 'node:path'
import { digestOf, shortDigest, type Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { openBlobs } from '../drivers/blobs.ts'
import { openLogged, type WatchedTable } from '../drivers/audit-log.ts'
import type { Database } from '../drivers/sqlite.ts'
import { lineageDigest, versionName, type ModelVersion, type Registration } from './model-version.ts'
import { parseReference, requireAlias, requireModelName } from './reference.ts'

/** One move of an alias. */
export interface AliasMove {
  readonly alias: string
  /** Null when the alias was taken away. */
  readonly version: number | null
  readonly previousVersion: number | null
  /** ISO 8601, UTC. */
  readonly at: string
  /** The run or the person that moved it. */
  readonly by: string | null
}

export interface AliasChange {
  readonly name: string
  readonly version: number
  readonly alias: string
  readonly by: string | null
  readonly at: Date
}

/** Models, their immutable numbered versions, and the movable aliases that point to them. */
export interface Registry {
  /**
   * Adds a version. Content that is registered already (same weights, same lineage) answers the version it has,
   * with `isNew` false.
   *
   * @throws UserError E_CONFLICT when the file's bytes are not those of `digest`
   */
  register(registration: Registration): Promise<{ version: ModelVersion; isNew: boolean }>
  /** The version that `name` (newest), `name/3` or `name@alias` stands for.
   *
   * @throws UserError E_NOT_FOUND, E_VALUE
   */
  resolve(reference: string): ModelVersion
  /** Names of the models, sorted. */
  models(): string[]
  /** Every version of a model, newest first; none when there is no such model. */
  versions(name: string): ModelVersion[]
  /** Points an alias to a version; does nothing when it points there already. Answers where it pointed before.
   *
   * @throws UserError E_NOT_FOUND, E_VALUE
   */
  moveAlias(change: AliasChange): { previousVersion: number | null }
  /** Every move of a model's aliases, newest first. */
  aliasHistory(name: string): AliasMove[]
  /** The path of a version's model file in the blob store, its content verified. The file has no extension.
   *
   * @throws UserError E_STATE when the content has been damaged
   */
  modelBlob(version: ModelVersion): Promise<string>
  /** Writes a version's model file to a path, verified. */
  copyModel(version: ModelVersion, path: string): Promise<void>
  /** A digest of what a model's versions and aliases are, to notice any change; also of a model that does not exist. */
  stateOf(name: string): Digest
  close(): void
}

const MIGRATIONS = [
  `
  CREATE TABLE model_version (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    identity TEXT NOT NULL,
    digest TEXT NOT NULL,
    created_at TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (name, version),
    UNIQUE (name, identity)
  ) STRICT;
  CREATE TRIGGER model_version_is_immutable BEFORE UPDATE ON model_version
    BEGIN SELECT RAISE(ABORT, 'a model version never changes'); END;
  CREATE TABLE alias (
    name TEXT NOT NULL,
    alias TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (name, alias),
    FOREIGN KEY (name, version) REFERENCES model_version (name, version)
  ) STRICT;
  CREATE TABLE alias_move (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    alias TEXT NOT NULL,
    version INTEGER,
    previous_version INTEGER,
    at TEXT NOT NULL,
    moved_by TEXT
  ) STRICT;
  `,
  '-- From here on every change is in the audit log: a Plimsoll that does not know the log must not write here.',
]

export const REGISTRY_TABLES: readonly WatchedTable[] = [
  { table: 'model_version', key: ['name', 'version'] },
  { table: 'alias', key: ['name', 'alias'] },
  { table: 'alias_move', key: ['id'] },
]

/** What a version's row holds beside its key. */
export type Document = Omit<ModelVersion, 'name' | 'version' | 'digest' | 'createdAt' | 'aliases'>

interface Row {
  readonly name: string
  readonly version: number
  readonly digest: Digest
  readonly created_at: string
  readonly document: string
}

/** Opens the registry of a state folder. Several processes may have it open at once. */
export function openRegistry(stateDir: string): Registry {
  const { database, log } = openLogged(stateDir, 'registry', MIGRATIONS, REGISTRY_TABLES)
  const blobs = openBlobs(stateDir)
  const fromRow = (row: Row): ModelVersion => ({
    name: row.name,
    version: row.version,
    digest: row.digest,
    createdAt: row.created_at,
    ...(JSON.parse(row.document) as Document),
    aliases: aliasesOf(database, row.name, row.version),
  })
  const find = (name: string, version: number): ModelVersion | undefined => {
    const row = database.get<Row>('SELECT * FROM model_version WHERE name = ? AND version = ?', name, version)
    return row && fromRow(row)
  }

  const registry: Registry = {
    async register(registration) {
      const { name, modelFile, lineage, metrics, reports, runId } = registration
      requireModelName(name)
      const { digest, bytes } = await blobs.putFile(modelFile)
      if (digest !== registration.digest) {
        throw new UserError('E_CONFLICT', `The model file changed while it was being registered: ${modelFile}`, {
          hint: `It was admitted as ${shortDigest(registration.digest)} and is now ${shortDigest(digest)}. Run the stage again.`,
        })
      }
      const identity = digestOf({ digest, lineage: lineageDigest(lineage) })
      const document: Document = {
        file: basename(modelFile),
        bytes,
        lineage,
        lineageDigest: lineageDigest(lineage),
        metrics,
        reports,
        runId,
      }
      return database.transaction(() => {
        const same = database.get<Row>('SELECT * FROM model_version WHERE name = ? AND identity = ?', name, identity)
        if (same) return { version: fromRow(same), isNew: false }
        const version = newest(database, name) + 1
        database.run(
          'INSERT INTO model_version (name, version, identity, digest, created_at, document) VALUES (?, ?, ?, ?, ?, ?)',
          name,
          version,
          identity,
          digest,
          registration.at.toISOString(),
          JSON.stringify(document),
        )
        log.append({
          action: 'model.registered',
          subject: versionName({ name, version }),
          actor: registration.by ?? runId,
          at: registration.at,
          details: { digest, lineageDigest: document.lineageDigest, runId },
          rows: [{ table: 'model_version', key: [name, version] }],
        })
        return { version: find(name, version)!, isNew: true }
      })
    },

    resolve(reference) {
      const { name, version, alias } = parseReference(reference)
      const latest = newest(database, name)
      if (latest === 0) {
        throw new UserError('E_NOT_FOUND', `The registry has no model "${name}"`, {
          hint: didYouMean(name, registry.models()) || 'Register one with plimsoll register-model.',
        })
      }
      const number = alias === null ? (version ?? latest) : aliasTarget(database, name, alias)
      const found = number === undefined ? undefined : find(name, number)
      if (found) return found
      const hint =
        alias === null
          ? `${name} has the versions 1 to ${latest}.`
          : didYouMean(
              alias,
              database.all<{ alias: string }>('SELECT alias FROM alias WHERE name = ?', name).map((row) => row.alias),
            ) || `${name} has no aliases yet.`
      throw new UserError('E_NOT_FOUND', `The registry has no ${reference}`, { hint })
    },

    models: () => database.all<{ name: string }>('SELECT DISTINCT name FROM model_version ORDER BY name').map((row) => row.name),

    versions: (name) => database.all<Row>('SELECT * FROM model_version WHERE name = ? ORDER BY version DESC', name).map(fromRow),

    moveAlias({ name, version, alias, by, at }) {
      requireAlias(alias)
      return database.transaction(() => {
        const target = registry.resolve(versionName({ name, version }))
        const previousVersion = aliasTarget(database, name, alias) ?? null
        if (previousVersion === target.version) return { previousVersion }
        database.run(
          'INSERT INTO alias VALUES (?, ?, ?) ON CONFLICT (name, alias) DO UPDATE SET version = excluded.version',
          name,
          alias,
          version,
        )
        const move = database.get<{ id: number }>(
          'INSERT INTO alias_move (name, alias, version, previous_version, at, moved_by) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
          name,
          alias,
          version,
          previousVersion,
          at.toISOString(),
          by,
        )!
        log.append({
          action: 'alias.moved',
          subject: `${name}@${alias}`,
          actor: by,
          at,
          details: { from: previousVersion, to: version, digest: target.digest },
          rows: [
            { table: 'alias', key: [name, alias] },
            { table: 'alias_move', key: [move.id] },
          ],
        })
        return { previousVersion }
      })
    },

    aliasHistory: (name) =>
      database.all<AliasMove>(
        `SELECT alias, version, previous_version AS previousVersion, at, moved_by AS by
         FROM alias_move WHERE name = ? ORDER BY id DESC`,
        name,
      ),

    modelBlob: (version) => blobs.verified(version.digest),
    copyModel: (version, path) => blobs.copyTo(version.digest, path),

    stateOf(name) {
      const versions = database.all('SELECT version, identity FROM model_version WHERE name = ? ORDER BY version', name)
      const aliases = database.all('SELECT alias, version FROM alias WHERE name = ? ORDER BY alias', name)
      return digestOf({ versions, aliases })
    },

    close: () => database.close(),
  }
  return registry
}

/** 0 when the model has no version. */
function newest(database: Database, name: string): number {
  return (
    database.get<{ newest: number | null }>('SELECT max(version) AS newest FROM model_version WHERE name = ?', name)?.newest ?? 0
  )
}

function aliasTarget(database: Database, name: string, alias: string): number | undefined {
  return database.get<{ version: number }>('SELECT version FROM alias WHERE name = ? AND alias = ?', name, alias)?.version
}

function aliasesOf(database: Database, name: string, version: number): string[] {
  return database
    .all<{ alias: string }>('SELECT alias FROM alias WHERE name = ? AND version = ? ORDER BY alias', name, version)
    .map((row) => row.alias)
}
