import { openLogged, type WatchedTable } from '../drivers/audit-log.ts'
import type { Database } from '../drivers/sqlite.ts'
import type { Release } from './release.ts'

export type DeploymentKind = 'deploy' | 'rollback'
/** `pending` until it is known whether the environment serves the release; `interrupted` when the process ended before it was. */
export type DeploymentState = 'pending' | 'succeeded' | 'failed' | 'interrupted'

/** One attempt to move an environment to a release. */
export interface Deployment {
  readonly id: number
  readonly environment: string
  readonly releaseId: string
  /** What the environment was at when it began. */
  readonly previousReleaseId: string | null
  readonly kind: DeploymentKind
  readonly state: DeploymentState
  readonly by: string | null
  readonly reason: string | null
  readonly runId: string | null
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** Why it failed. */
  readonly error: string | null
}

/** What is remembered of an environment beside its history. */
export interface EnvironmentRecord {
  readonly name: string
  /** Kept over restarts; null until the first start. */
  readonly port: number | null
  /** The run that started it and will stop it; null when a person did. */
  readonly startedByRun: string | null
}

/** A person's consent that an environment moves to a release. */
export interface Approval {
  readonly id: number
  readonly environment: string
  readonly releaseId: string
  readonly approver: string
  readonly reason: string | null
  /** ISO 8601, UTC. */
  readonly at: string
  /** The environment's newest successful deployment when consent was given, 0 for none: consent is to a change from there. */
  readonly basedOn: number
  readonly via: 'terminal' | '--yes' | 'recorded'
  readonly runId: string | null
}

/** Environments, releases, deployments and approvals in the state database. */
export interface ReleaseRecords {
  readonly database: Database
  environments(): EnvironmentRecord[]
  environment(name: string): EnvironmentRecord | undefined
  /** Makes the environment's record when there is none. */
  saveEnvironment(name: string, change: Partial<Omit<EnvironmentRecord, 'name'>>): void
  release(id: string): Release | undefined
  saveRelease(release: Release): void
  begin(deployment: Omit<Deployment, 'id' | 'state' | 'error'>): number
  end(id: number, state: DeploymentState, error?: string): void
  /** Every attempt on an environment, oldest first. */
  deployments(environment: string): Deployment[]
  approvals(environment?: string): Approval[]
  addApproval(approval: Omit<Approval, 'id'>): Approval
  close(): void
}

const MIGRATIONS = [
  `
  CREATE TABLE environment (
    name TEXT PRIMARY KEY,
    port INTEGER,
    started_by_run TEXT
  ) STRICT;
  CREATE TABLE release (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
  CREATE TABLE deployment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    release_id TEXT NOT NULL REFERENCES release (id),
    previous_release_id TEXT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    deployed_by TEXT,
    reason TEXT,
    run_id TEXT,
    started_at TEXT NOT NULL,
    error TEXT
  ) STRICT;
  CREATE INDEX deployment_environment ON deployment (environment, id);
  CREATE TABLE approval (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    environment TEXT NOT NULL,
    release_id TEXT NOT NULL,
    approver TEXT NOT NULL,
    reason TEXT,
    at TEXT NOT NULL,
    based_on INTEGER NOT NULL,
    via TEXT NOT NULL,
    run_id TEXT
  ) STRICT;
  CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    pid INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  `,
  '-- From here on every change is in the audit log: a Plimsoll that does not know the log must not write here.',
]

/** Not `lease`: it says who is at work at this moment, and nothing afterwards. */
export const RELEASE_TABLES: readonly WatchedTable[] = [
  { table: 'environment', key: ['name'] },
  { table: 'release', key: ['id'] },
  { table: 'deployment', key: ['id'] },
  { table: 'approval', key: ['id'] },
]

const DEPLOYMENT_COLUMNS = `id, environment, release_id AS releaseId, previous_release_id AS previousReleaseId, kind, state,
  deployed_by AS by, reason, run_id AS runId, started_at AS startedAt, error`
const APPROVAL_COLUMNS = `id, environment, release_id AS releaseId, approver, reason, at, based_on AS basedOn, via, run_id AS runId`
const ENVIRONMENT_COLUMNS = 'name, port, started_by_run AS startedByRun'

export function openReleaseRecords(stateDir: string): ReleaseRecords {
  const { database, log } = openLogged(stateDir, 'release', MIGRATIONS, RELEASE_TABLES)
  const environment = (name: string) =>
    database.get<EnvironmentRecord>(`SELECT ${ENVIRONMENT_COLUMNS} FROM environment WHERE name = ?`, name)
  return {
    database,
    environments: () => database.all<EnvironmentRecord>(`SELECT ${ENVIRONMENT_COLUMNS} FROM environment ORDER BY name`),
    environment,
    saveEnvironment(name, change) {
      database.transaction(() => {
        const { port, startedByRun } = { port: null, startedByRun: null, ...environment(name), ...change }
        database.run(
          `INSERT INTO environment VALUES (?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET port = excluded.port, started_by_run = excluded.started_by_run`,
          name,
          port,
          startedByRun,
        )
        log.append({
          action: 'environment.noted',
          subject: `environment ${name}`,
          actor: startedByRun,
          at: new Date(),
          details: { port, startedByRun },
          rows: [{ table: 'environment', key: [name] }],
        })
      })
    },
    release(id) {
      const row = database.get<{ document: string }>('SELECT document FROM release WHERE id = ?', id)
      return row && (JSON.parse(row.document) as Release)
    },
    saveRelease(release) {
      database.transaction(() => {
        const sql = 'INSERT INTO release VALUES (?, ?) ON CONFLICT (id) DO NOTHING'
        if (database.run(sql, release.id, JSON.stringify(release)).changes === 0) return
        log.append({
          action: 'release.made',
          subject: `release ${release.id}`,
          actor: null,
          at: new Date(),
          details: { model: `${release.modelName}/${release.modelVersion}`, digest: release.modelDigest },
          rows: [{ table: 'release', key: [release.id] }],
        })
      })
    },
    begin: (deployment) =>
      database.transaction(() => {
        const row = database.get<{ id: number }>(
          `INSERT INTO deployment (environment, release_id, previous_release_id, kind, state, deployed_by, reason, run_id, started_at)
         VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?) RETURNING id`,
          deployment.environment,
          deployment.releaseId,
          deployment.previousReleaseId,
          deployment.kind,
          deployment.by,
          deployment.reason,
          deployment.runId,
          deployment.startedAt,
        )!
        log.append({
          action: `${deployment.kind}.began`,
          subject: `environment ${deployment.environment}`,
          actor: deployment.by,
          at: new Date(deployment.startedAt),
          details: { from: deployment.previousReleaseId, to: deployment.releaseId, runId: deployment.runId },
          rows: [{ table: 'deployment', key: [row.id] }],
        })
        return row.id
      }),
    end(id, state, error) {
      database.transaction(() => {
        database.run('UPDATE deployment SET state = ?, error = ? WHERE id = ?', state, error ?? null, id)
        const attempt = database.get<Deployment>(`SELECT ${DEPLOYMENT_COLUMNS} FROM deployment WHERE id = ?`, id)
        if (!attempt) return
        log.append({
          action: `${attempt.kind}.${state}`,
          subject: `environment ${attempt.environment}`,
          actor: attempt.by,
          at: new Date(),
          details: { from: attempt.previousReleaseId, to: attempt.releaseId, runId: attempt.runId },
          rows: [{ table: 'deployment', key: [id] }],
        })
      })
    },
    deployments: (name) =>
      database.all<Deployment>(`SELECT ${DEPLOYMENT_COLUMNS} FROM deployment WHERE environment = ? ORDER BY id`, name),
    approvals: (name) =>
      name === undefined
        ? database.all<Approval>(`SELECT ${APPROVAL_COLUMNS} FROM approval ORDER BY id`)
        : database.all<Approval>(`SELECT ${APPROVAL_COLUMNS} FROM approval WHERE environment = ? ORDER BY id`, name),
    addApproval: (approval) =>
      database.transaction(() => {
        const row = database.get<{ id: number }>(
          `INSERT INTO approval (environment, release_id, approver, reason, at, based_on, via, run_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
          approval.environment,
          approval.releaseId,
          approval.approver,
          approval.reason,
          approval.at,
          approval.basedOn,
          approval.via,
          approval.runId,
        )!
        log.append({
          action: 'approval.given',
          subject: `environment ${approval.environment}`,
          actor: approval.approver,
          at: new Date(approval.at),
          details: { release: approval.releaseId, via: approval.via, runId: approval.runId },
          rows: [{ table: 'approval', key: [row.id] }],
        })
        return { id: row.id, ...approval }
      }),
    close: () => database.close(),
  }
}
