import type { ConditionName } from './conditions.ts'
import type { StateConditionName } from './state-conditions.ts'

/** Names that a framework's own pickles import, and why loading them does no more than restore a model. */
export interface AllowGroup {
  readonly reason: string
  /** What a call of them must look like. */
  readonly condition: ConditionName
  /** What the state must look like that an object of them is given. */
  readonly state?: StateConditionName
  /** Exact names by exact module. */
  readonly names: Readonly<Record<string, readonly string[]>>
}

/** The allow-list of one framework, as `scripts/allow-list` made it. */
export interface AllowList {
  readonly framework: string
  /** The releases whose serialisers were recorded. */
  readonly versions: readonly string[]
  readonly groups: readonly AllowGroup[]
}
