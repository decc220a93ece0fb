import type { Predictions } from '../core/predictor.ts'
import type { Cell, Column, Table } from '../core/table.ts'
import { writeParquet } from '../drivers/duckdb.ts'
import { spell } from './labels.ts'
import { isColumn, type SetLabels } from './score-sets.ts'
import { PREDICTION, PREDICTION_OF, PROBABILITY, ROW } from './predictors/file/prediction-columns.ts'

/**
 * Writes what a model said of a data set: a Parquet file with the row's number from 1 (`row`), `label`, `prediction`, one
 * `probability_<class>` per class, and all columns of the data. Of a multilabel model it holds `prediction_<class>`, 0 or 1, and the
 * label columns under their own names. A column of the data that has one of our names is kept as `data_<name>`.
 */
export async function writePredictions(
  path: string,
  scored: { readonly table: Table; readonly labels: SetLabels; readonly label: string; readonly predictions: Predictions },
): Promise<void> {
  const { table, labels, label, predictions } = scored
  const { rowCount } = table
  const columns: Record<string, Column> = {
    [ROW]: Float64Array.from({ length: rowCount }, (_, row) => row + 1),
    ...(isColumn(labels) && { label: labels }),
    [PREDICTION]: predictions.labels.map((value): Cell =>
      spell(value) === null && !(predictions.indicators && value === '') ? null : value,
    ),
    ...perClass(PREDICTION_OF, predictions, predictions.indicators ?? null),
    ...perClass(PROBABILITY, predictions, predictions.probabilities),
  }
  const ours = new Set(Object.keys(columns))
  const truth = !isColumn(labels) ? labels : label === 'label' ? {} : { [label]: labels }
  for (const [name, column] of Object.entries({ ...truth, ...table.columns }))
    columns[ours.has(name) ? `data_${name}` : name] = column
  await writeParquet(path, { rowCount, columns })
}

/** One column per class; nothing for a row without an answer. */
function perClass(
  prefix: string,
  { classes, labels, rowCount }: Predictions,
  values: Float64Array | Uint8Array | null,
): Record<string, Column> {
  if (classes === null || values === null) return {}
  const isMissing = (row: number) => values instanceof Uint8Array && typeof labels[row] === 'number'
  const column = (k: number): Float64Array =>
    Float64Array.from({ length: rowCount }, (_, row) => (isMissing(row) ? Number.NaN : values[row * classes.length + k]!))
  return Object.fromEntries(classes.map((name, k) => [`${prefix}${name}`, column(k)]))
}
