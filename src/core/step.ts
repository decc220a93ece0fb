import type { z } from 'zod'
import type { Clock } from './clock.ts'
import type { Report } from './report.ts'

/**
 * Something that a step reads or writes, as far as caching is concerned.
 *
 * - `file`: a file, a folder or a glob, relative to the project folder.
 * - `environment`: the release that an environment is at.
 * - `registry`: a model of the registry, by name.
 * - `secret`: a variable of the environment whose value is secret, such as a signing key.
 * - `unknown`: it cannot be told, so the stage is never cached; `why` is shown to the user. When it is `declarable`, the
 *   `reads` of the stage tell it instead.
 *
 * A `volatile` file holds times or the like: when only it differs, the stages after this one are not stale, unless they read it.
 */
export type Resource =
  | { readonly kind: 'file'; readonly path: string; readonly volatile?: boolean }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'registry'; readonly name: string }
  | { readonly kind: 'secret'; readonly name: string }
  | { readonly kind: 'unknown'; readonly why: string; readonly declarable?: boolean }

export const file = (path: string): Resource => ({ kind: 'file', path })

/** What git says of the project folder; all null outside a repository. */
export interface GitInfo {
  readonly commit: string | null
  readonly branch: string | null
  readonly dirty: boolean
}

/** The pipeline run that a step is part of. */
export interface RunInfo {
  readonly id: string
  readonly pipeline: string
  readonly stage: string
  /** `push`, `pull_request`, `manual`, … */
  readonly event: string
}

/** All that a step may know of the world around it. Steps never read `process.env` or `process.cwd()`. */
export interface StepContext {
  /** Absolute. Relative paths in parameters are taken from here. */
  readonly cwd: string
  /** Absolute path of the state folder, `.plimsoll` by default. */
  readonly stateDir: string
  /** The environment for child processes, with the URLs of services in it. */
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly git: GitInfo
  /** Null when the step runs as a command of its own. */
  readonly run: RunInfo | null
  /** `--yes`: questions are answered with yes. */
  readonly assumeYes: boolean
  /** Asks a yes-or-no question on the terminal; null where there is none. */
  readonly ask: ((question: string) => Promise<boolean>) | null
  /** One line of progress, or of a child's output. Secrets are redacted on the way. */
  say(line: string): void
}

/**
 * The unit of work. From this one definition come the CLI command with its flags and help, the YAML step with its
 * validation, the JSON Schema for editors and the reference page.
 *
 * Parameter names are camelCase here and kebab-case (`test-data`) in YAML and on the command line.
 */
export interface Step<Params extends z.ZodObject = z.ZodObject> {
  readonly name: string
  /** The name on the command line, where it cannot be `name`. */
  readonly commandName?: string
  /** One line, in the imperative: "Check every row of a data set against a JSON Schema." */
  readonly summary: string
  /** Every field carries `.describe(...)`; `.meta({ value: 'FILE' })` names the flag's value in help. */
  readonly params: Params
  /** The parameter that may also be given without a flag, for example `security-scan PATH`. */
  readonly argument?: keyof z.output<Params> & string
  /** Command lines that work, for the help and the reference page. */
  readonly examples: readonly string[]
  reads(params: z.output<Params>): readonly Resource[]
  writes(params: z.output<Params>): readonly Resource[]
  /**
   * Does the work. Findings and failed gates are in the report; only what the user must put right before
   * anything can be measured (a missing file, a wrong column) is thrown, as a UserError.
   */
  run(context: StepContext, params: z.output<Params>): Promise<Report>
}

/** Ties the type of `run`'s parameters to the schema. */
export function defineStep<Params extends z.ZodObject>(step: Step<Params>): Step<Params> {
  return step
}

/** `testData` → `test-data`: the spelling in YAML and on the command line. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
