import type { RunOptions } from './run-options.ts'

/** One field of a stage's fingerprint, now and in the entry of the cache that it was compared with. */
export interface WhyField {
  /** `reads data/raw/latest.parquet`, `env PYTHONHASHSEED`, `plimsoll`, `upstream unit-tests`, … */
  readonly field: string
  /** Null when the field is not there. */
  readonly before: string | null
  readonly now: string | null
  readonly changed: boolean
}

/** Why a stage would, or would not, be answered from the cache if the pipeline ran now. */
export interface Why {
  readonly stage: string
  readonly outcome: 'hit' | 'miss' | 'not-cached'
  /** One sentence. */
  readonly reason: string
  /** The run that filled the cache entry, and when; null when there is none. */
  readonly entry: { readonly runId: string; readonly at: string } | null
  /** Every field, the changed ones first. */
  readonly fields: readonly WhyField[]
}

/** @throws UserError E_NOT_FOUND when there is no such stage */
export declare function whyStage(
  stage: string,
  options: Pick<RunOptions, 'pipeline' | 'root' | 'stateDir' | 'env' | 'hooks' | 'inconclusive'>,
): Promise<Why>
