import type { PredictionColumns } from '../options.ts'

/** What the columns of a file of predictions are called when nobody says otherwise: as `evaluate` writes them. */
export const PREDICTION = 'prediction'
export const PROBABILITY = 'probability_'
/** Of a multilabel model; the name of the class follows. */
export const PREDICTION_OF = 'prediction_'
/** Counts the rows from 1; nothing reads it. */
export const ROW = 'row'

/** Whether a column of a file of predictions that holds its own data was predicted, and is none of the data. */
export function isPredictionColumn(name: string, { prediction, probability, several }: PredictionColumns): boolean {
  if (name === ROW || name.startsWith(probability ?? PROBABILITY)) return true
  if (several === undefined) return name === (prediction ?? PREDICTION)
  if (several.length === 0) return name === (prediction ?? PREDICTION) || name.startsWith(PREDICTION_OF)
  return name === PREDICTION || several.some((label) => name === `${prediction ?? PREDICTION_OF}${label}`)
}
