import type { Predictions, Predictor } from '../../core/predictor.ts'
import type { Column, Table } from '../../core/table.ts'
import type { Evidence } from '../../stats/judge.ts'
import type { Scored } from '../scored.ts'

/** A model on its test data, scored once for all tests. */
export interface Subject {
  readonly predictor: Predictor
  /** Features, and whatever else the data hold. */
  readonly table: Table
  /** The columns that the model reads. */
  readonly features: readonly string[]
  readonly labels: Column
  readonly predictions: Predictions
  readonly scored: Scored
}

export interface TestOptions {
  readonly evidence: Evidence
  readonly confidence: number
  readonly seed: number
  readonly signal?: AbortSignal | undefined
}
