import { openLogged, type AuditLog, type WatchedTable } from '../drivers/audit-log.ts'
import type { Database } from '../drivers/sqlite.ts'

const MIGRATIONS = [
  `
  CREATE TABLE pipeline_run (
    id TEXT PRIMARY KEY,
    root TEXT NOT NULL,
    pipeline TEXT NOT NULL,
    definition TEXT NOT NULL,
    branch TEXT NOT NULL,
    event TEXT NOT NULL,
    git_commit TEXT,
    options TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'interrupted')),
    verdict TEXT,
    pid INTEGER NOT NULL,
    process TEXT,
    host TEXT NOT NULL,
    beat_at TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    report TEXT
  ) STRICT;
  -- One run of a project at a time: its stages write into the same folder.
  CREATE UNIQUE INDEX pipeline_run_in_progress ON pipeline_run (root) WHERE status = 'running';

  CREATE TABLE pipeline_stage (
    run_id TEXT NOT NULL REFERENCES pipeline_run (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'finished')),
    attempt INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    sequence INTEGER,
    opens_the_way INTEGER,
    outputs TEXT,
    report TEXT,
    PRIMARY KEY (run_id, stage)
  ) STRICT;

  CREATE TABLE pipeline_step (
    run_id TEXT NOT NULL REFERENCES pipeline_run (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    position INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    outputs TEXT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (run_id, stage, position)
  ) STRICT;

  CREATE TABLE pipeline_event (
    run_id TEXT NOT NULL REFERENCES pipeline_run (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (run_id, sequence)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE pipeline_leftover (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES pipeline_run (id) ON DELETE CASCADE,
    leftover TEXT NOT NULL
  ) STRICT;

  CREATE TABLE pipeline_cache (
    root TEXT NOT NULL,
    stage TEXT NOT NULL,
    key TEXT NOT NULL,
    fields TEXT NOT NULL,
    outputs TEXT NOT NULL,
    report TEXT NOT NULL,
    run_id TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (root, stage, key)
  ) STRICT;
  `,
  '-- From here on every change is in the audit log: a Plimsoll that does not know the log must not write here.',
]

export const PIPELINE_TABLES: readonly WatchedTable[] = [
  // A run says every few seconds that it is alive.
  { table: 'pipeline_run', key: ['id'], except: ['beat_at'] },
  { table: 'pipeline_stage', key: ['run_id', 'stage'] },
  { table: 'pipeline_step', key: ['run_id', 'stage', 'position'] },
  // Thousands of lines: one digest for all of a run, when it ends.
  { table: 'pipeline_event', key: ['run_id'], order: 'sequence' },
  { table: 'pipeline_leftover', key: ['id'] },
  { table: 'pipeline_cache', key: ['root', 'stage', 'key'] },
]

/** The state database with the log of its changes. */
export type PipelineState = Database & { readonly log: AuditLog }

/** The tables of this room in the state database. */
export function openPipelineState(stateDir: string): PipelineState {
  const { database, log } = openLogged(stateDir, 'pipeline', MIGRATIONS, PIPELINE_TABLES)
  return { ...database, log }
}
