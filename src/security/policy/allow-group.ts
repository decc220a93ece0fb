import type { Condition } from './judgement.ts'

/** Names that a framework's own pickles import, and why loading them does no more than restore a model. */
export interface AllowGroup {
  readonly framework: string
  readonly reason: string
  /** `value`: models refer to these names and never call them while loading. */
  readonly use?: 'value'
  /** Exact names by exact module. */
  readonly names: Readonly<Record<string, readonly string[]>>
  /** What calls must look like, by `module name`: names that would do harm when called in another way. */
  readonly conditions?: Readonly<Record<string, Condition>>
}
