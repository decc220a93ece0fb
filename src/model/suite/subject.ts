import type { Digest } from '../../core/digest.ts'
import type { Predictions, Predictor } from '../../core/predictor.ts'
import type { Column, Table } from '../../core/table.ts'
import type { Evidence } from '../../stats/judge.ts'
import type { MetricSettings } from '../metrics/metric-kind.ts'
import type { Scored, ScoreOptions } from '../scored.ts'
import type { SetLabels } from '../score-sets.ts'
import type { Flips } from './flips.ts'

/** A model on its test data, scored once for all tests. */
export interface Subject {
  readonly predictor: Predictor
  /** Features, and whatever else the data hold. */
  readonly table: Table
  /** The columns that the model reads. */
  readonly features: readonly string[]
  readonly labels: SetLabels
  /** How labels and predictions are put together. */
  readonly scoring: ScoreOptions
  /** Names the rows, where the data do. */
  readonly ids: Column | null
  readonly predictions: Predictions
  readonly scored: Scored
  readonly settings: MetricSettings
  /** Null when the model is compared with none. */
  readonly champion: Champion | null
}

/** The model to beat, on the same rows; or why there is nothing to compare with. */
export type Champion =
  | {
      readonly name: string
      readonly digest: Digest | null
      readonly predictions: Predictions
      readonly scored: Scored
      /** Rows that the two models answer differently well; null for a ranking, whose rows are right or wrong only together. */
      readonly flips: Flips | null
      /** Whether both said the same of every row. */
      readonly isAlike: boolean
    }
  | NoChampion

/** Why there is no champion to compare with. */
export interface NoChampion {
  readonly verdict: 'error' | 'skip'
  readonly reason: string
  readonly hint?: string
}

export interface TestOptions {
  readonly evidence: Evidence
  readonly confidence: number
  readonly seed: number
  readonly signal?: AbortSignal | undefined
}
