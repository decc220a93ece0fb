import type { Clock } from '../core/clock.ts'
import type { GitInfo, Resource } from '../core/step.ts'
import type { InconclusivePolicy } from '../core/verdict.ts'
import type { RunObserver } from './events.ts'
import type { Pipeline } from './pipeline.ts'

/**
 * What a blocked stage does to the rest of a run. Running stages are always left to finish.
 *
 * - `fail-fast`: no further stage starts.
 * - `keep-going`: stages that do not need the blocked one still run.
 */
export type FailureMode = 'fail-fast' | 'keep-going'

/** What the pipeline room cannot know by itself; composed by the command line. */
export interface RunHooks {
  /** The state of an environment or of a registry resource, as one line: part of fingerprints. `none` when there is nothing yet. */
  resolve(resource: Resource): Promise<string>
  /** Called before a stage's steps run, with the environments that they name; not called for cached stages. */
  beforeStage(stage: string, environments: readonly string[]): Promise<void>
}

export interface RunOptions {
  readonly pipeline: Pipeline
  /** Absolute path of the project folder; relative paths are taken from here. */
  readonly root: string
  /** Absolute path of the state folder. */
  readonly stateDir: string
  /** The environment of child processes, and the source of secrets. */
  readonly env: Readonly<Record<string, string>>
  readonly git: GitInfo
  /** For `if`; git's branch when not given. */
  readonly branch?: string | undefined
  /** `push`, `pull_request`, `manual`, … */
  readonly event: string
  /** Who starts it, as far as it is known. */
  readonly by?: string | null
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Only these stages and what they need. */
  readonly only?: readonly string[] | undefined
  readonly failureMode: FailureMode
  readonly assumeYes: boolean
  readonly ask: ((question: string) => Promise<boolean>) | null
  /**
   * The id of an interrupted run to go on with, or `latest`. What it was started with (branch, event, `only`, failure mode,
   * policy) is taken from its record.
   */
  readonly resume?: string | undefined
  /** False: every stage runs, and nothing is answered from the cache. */
  readonly cache: boolean
  readonly inconclusive: InconclusivePolicy
  readonly observers: readonly RunObserver[]
  readonly hooks: RunHooks
  /** How many stages may run at the same time; at least 1. */
  readonly maxParallel: number
}
