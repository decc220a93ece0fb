import type { Report } from '../core/report.ts'
import type { Verdict } from '../core/verdict.ts'
import type { RunEvent } from './events.ts'

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

/** The latest runs first; of one project when `root` is given. */
export declare function listRuns(stateDir: string, options?: { root?: string; limit?: number }): RunSummary[]

/** One run, by its id, the beginning of it, or `latest`. @throws UserError E_NOT_FOUND */
export declare function showRun(stateDir: string, id: string): RunDetail
