import type { Report } from '../core/report.ts'
import type { Verdict } from '../core/verdict.ts'

/** The run has begun; the stages are named in the order in which the file has them. */
export interface RunStarted {
  readonly type: 'run-started'
  readonly runId: string
  readonly pipeline: string
  readonly stages: readonly { readonly name: string; readonly needs: readonly string[] }[]
  readonly resumed: boolean
}

/** A stage has all that it needs and begins. */
export interface StageStarted {
  readonly type: 'stage-started'
  readonly stage: string
  /** 1 for the first try. */
  readonly attempt: number
}

/** A step of a stage begins. */
export interface StepStarted {
  readonly type: 'step-started'
  readonly stage: string
  readonly step: string
}

/** One line that a step, a service or a child process said; secrets are redacted. */
export interface StageOutput {
  readonly type: 'stage-output'
  readonly stage: string
  readonly step: string | null
  readonly line: string
}

/** A step has ended. */
export interface StepFinished {
  readonly type: 'step-finished'
  readonly stage: string
  readonly report: Report
}

/** A stage has ended, was answered from the cache, or was not run: `report.origin` says which and why. */
export interface StageFinished {
  readonly type: 'stage-finished'
  readonly stage: string
  readonly report: Report
  /** Whether stages that need this one may run. */
  readonly opensTheWay: boolean
}

/** The run has ended. */
export interface RunFinished {
  readonly type: 'run-finished'
  readonly verdict: Verdict
  readonly report: Report
}

/** Everything that happens in a run. The terminal, the log, the record and the dashboard are observers of this. */
export type RunEvent = RunStarted | StageStarted | StepStarted | StageOutput | StepFinished | StageFinished | RunFinished

export interface RunObserver {
  /** Must not throw; one observer's trouble never stops a run. */
  onEvent(event: RunEvent): void
}
