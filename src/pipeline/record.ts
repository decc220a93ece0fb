import { hostname } from 'node:os'
import { closing } from '../core/closing.ts'
import { UserError } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import type { Verdict } from '../core/verdict.ts'
import { processIdentity } from '../drivers/process-identity.ts'
import type { Database } from '../drivers/sqlite.ts'
import type { RunEvent } from './events.ts'
import { openPipelineState } from './state.ts'

/** `interrupted` also when the process that ran it is gone. */
export type RunStatus = 'running' | 'finished' | 'interrupted'

export interface RunSummary {
  readonly id: string
  readonly pipeline: string
  readonly status: RunStatus
  /** Null until it has ended. */
  readonly verdict: Verdict | null
  readonly branch: string
  readonly event: string
  readonly commit: string | null
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly endedAt: string | null
}

export interface StageRecord {
  readonly stage: string
  readonly status: 'running' | 'finished'
  readonly verdict: Verdict | null
  readonly startedAt: string
  readonly endedAt: string | null
}

export interface RunDetail extends RunSummary {
  readonly stages: readonly StageRecord[]
  /** Null until the run has ended. */
  readonly report: Report | null
  readonly events: readonly { readonly at: string; readonly event: RunEvent }[]
}

/** A row of `pipeline_run`. */
export interface RunRow {
  readonly id: string
  readonly root: string
  readonly pipeline: string
  readonly definition: string
  readonly branch: string
  readonly event: string
  readonly git_commit: string | null
  readonly options: string
  readonly status: RunStatus
  readonly verdict: Verdict | null
  readonly pid: number
  readonly process: string | null
  readonly host: string
  readonly beat_at: string
  readonly started_at: string
  readonly ended_at: string | null
  readonly report: string | null
}

/** How often a run says that it is alive, for those who cannot see its process. */
export const BEAT_MS = 5000

/** Whether the process that owns a run is still there; on another machine, or in another container, by its last sign of life. */
export function ownerIsAlive(row: Pick<RunRow, 'pid' | 'process' | 'host' | 'beat_at'>, now: Date): boolean {
  if (row.host !== hostname()) return now.getTime() - Date.parse(row.beat_at) < 6 * BEAT_MS
  return row.process !== null && processIdentity(row.pid) === row.process
}

/** The latest runs first; of one project when `root` is given. */
export function listRuns(stateDir: string, { root, limit = 20 }: { root?: string; limit?: number } = {}): RunSummary[] {
  return reading(stateDir, (database) =>
    database
      .all<RunRow>(
        'SELECT * FROM pipeline_run WHERE root = coalesce(?, root) ORDER BY started_at DESC, id DESC LIMIT ?',
        root ?? null,
        limit,
      )
      .map(summaryOf),
  )
}

/** One run, by its id, the beginning of it, or `latest`. @throws UserError E_NOT_FOUND */
export function showRun(stateDir: string, id: string): RunDetail {
  return reading(stateDir, (database) => {
    const row = findRun(database, id)
    const stages = database.all<{
      stage: string
      status: 'running' | 'finished'
      report: string | null
      started_at: string
      ended_at: string | null
    }>(
      'SELECT stage, status, report, started_at, ended_at FROM pipeline_stage WHERE run_id = ? ORDER BY started_at, rowid',
      row.id,
    )
    const events = database.all<{ at: string; event: string }>(
      'SELECT at, event FROM pipeline_event WHERE run_id = ? ORDER BY sequence',
      row.id,
    )
    return {
      ...summaryOf(row),
      stages: stages.map(({ stage, status, report, started_at, ended_at }) => ({
        stage,
        status,
        verdict: report === null ? null : (JSON.parse(report) as Report).verdict,
        startedAt: started_at,
        endedAt: ended_at,
      })),
      report: row.report === null ? null : (JSON.parse(row.report) as Report),
      events: events.map(({ at, event }) => ({ at, event: JSON.parse(event) as RunEvent })),
    }
  })
}

/** The reports of the steps that a run has finished so far, also of stages from the cache, in the order in which they finished. */
export function finishedStepReports(stateDir: string, runId: string): Report[] {
  return reading(stateDir, (database) => {
    const rows = database.all<{ report: string }>(
      `SELECT report FROM (
         SELECT sequence, report FROM pipeline_stage WHERE run_id = ?1 AND status = 'finished'
         UNION ALL
         SELECT sequence, report FROM pipeline_step WHERE run_id = ?1
           AND stage NOT IN (SELECT stage FROM pipeline_stage WHERE run_id = ?1 AND status = 'finished'))
       ORDER BY sequence`,
      runId,
    )
    return rows.flatMap(({ report }) => {
      const { children, ...own } = JSON.parse(report) as Report
      return own.kind === 'stage' ? children : [{ ...own, children }]
    })
  })
}

/** @throws UserError E_NOT_FOUND when none, E_VALUE when several runs begin so */
export function findRun(database: Database, id: string, root?: string): RunRow {
  const rows =
    id === 'latest'
      ? database.all<RunRow>(
          'SELECT * FROM pipeline_run WHERE root = coalesce(?, root) ORDER BY started_at DESC, id DESC LIMIT 1',
          root ?? null,
        )
      : database.all<RunRow>('SELECT * FROM pipeline_run WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT 2', id)
  if (rows.length === 1) return rows[0]!
  const exact = rows.find((row) => row.id === id)
  if (exact) return exact
  if (rows.length > 1) throw new UserError('E_VALUE', `More than one run begins with "${id}".`, { hint: 'Write more of the id.' })
  throw new UserError('E_NOT_FOUND', id === 'latest' ? 'There is no run yet.' : `There is no run "${id}".`, {
    hint: '`plimsoll runs list` shows what there is.',
  })
}

function reading<T>(stateDir: string, read: (database: Database) => T): T {
  return closing(openPipelineState(stateDir), read)
}

function summaryOf(row: RunRow): RunSummary {
  return {
    id: row.id,
    pipeline: row.pipeline,
    status: row.status === 'running' && !ownerIsAlive(row, new Date()) ? 'interrupted' : row.status,
    verdict: row.verdict,
    branch: row.branch,
    event: row.event,
    commit: row.git_commit,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}
