import type { Digest } from '../../../core/digest.ts'
import type { Datatype, Predictions } from '../../../core/predictor.ts'
import type { Table } from '../../../core/table.ts'
import type { Answer } from './client.ts'

/** How one protocol asks a model for predictions. */
export interface Conversation {
  /** Where batches are posted. */
  readonly url: string
  /** Of the model, where the server told it already. */
  readonly digest: Digest | null
  /** As in `Predictor`. */
  readonly features: readonly string[] | null
  readonly datatypes: Readonly<Record<string, Datatype>> | null
  readonly importances: Readonly<Record<string, number>> | null
  /** The request's body for some rows. @throws UserError E_MODEL_INPUT */
  encode(batch: Table): string
  /** @throws UserError E_PREDICTOR unless the answer holds one prediction per row */
  decode(answer: Answer, rows: number): Predictions
}
