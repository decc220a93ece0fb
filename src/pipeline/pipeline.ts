import type { Resource, Step } from '../core/step.ts'
import type { Location } from '../core/check.ts'
import type { Expression } from './expression.ts'

/** A pipeline file that has been read and found right. Frozen; holds references to secrets, never their values. */
export interface Pipeline {
  readonly name: string
  /** Absolute path of the file. */
  readonly path: string
  /** Every stage, in the order of the file. Each need exists, and there is no cycle. */
  readonly stages: readonly Stage[]
}

/** Steps that run in order, with what they need around them. */
export interface Stage {
  readonly name: string
  /** Stages that must have opened the way before this one. */
  readonly needs: readonly string[]
  /** Null: always. */
  readonly condition: Expression | null
  /** The environment that the stage acts on; two stages of one environment never run at the same time. */
  readonly environment: string | null
  /** The pipeline's and the stage's own variables; a secret stands as `${secrets.NAME}`. */
  readonly env: Readonly<Record<string, string>>
  readonly services: Readonly<Record<string, ServiceRequest>>
  /** Milliseconds for one attempt, services and all steps together. */
  readonly timeout: number | null
  /** Further attempts after a verdict of `error`. A gate that said no is not asked again. */
  readonly retries: number
  /** `cache: false` in the file: the stage always runs. */
  readonly cache: boolean
  /** Globs of what its commands read, beyond what the steps say themselves; null when the file says nothing. */
  readonly reads: readonly string[] | null
  /** Globs of what its commands write, beyond what the steps say themselves. */
  readonly writes: readonly string[]
  readonly steps: readonly StageStep[]
  readonly location: Location
}

/** Where a service may come from, in the order in which the ways are tried. */
export type ServiceSource = 'url' | 'local' | 'docker' | 'pglite'

export interface ServiceRequest {
  /** A service that cannot be had is then skipped, and the report says so. */
  readonly optional: boolean
  /** Only this way is tried. */
  readonly via: ServiceSource | null
}

/** One step of a stage with its parameters. */
export interface StageStep {
  /** The step's name, or `name-2` for the second of that name in a stage. */
  readonly id: string
  readonly step: Step
  /** The parameters as given, variables filled in, secrets as `${secrets.NAME}`: safe to show and to record. */
  readonly given: Readonly<Record<string, unknown>>
  readonly location: Location
  /**
   * The parameters as the step takes them, with defaults, and with secrets from these variables.
   *
   * @throws UserError E_CONFIG when a secret is not set
   */
  readonly bind: (env: Readonly<Record<string, string>>) => Readonly<Record<string, unknown>>
  /** What the step reads and writes. Secrets that are not set stand as their reference. */
  readonly reads: (env: Readonly<Record<string, string>>) => readonly Resource[]
  readonly writes: (env: Readonly<Record<string, string>>) => readonly Resource[]
}
