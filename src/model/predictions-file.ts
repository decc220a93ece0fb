import type { Predictions } from '../core/predictor.ts'
import type { Cell, Column, Table } from '../core/table.ts'
import { writeParquet } from '../drivers/duckdb.ts'
import { spell } from './labels.ts'

/**
 * Writes what a model said of a data set: a Parquet file with the row's number from 1 (`row`), `label`, `prediction`, one
 * `probability_<class>` per class, and all columns of the data. A column of the data that has one of our names is kept
 * as `data_<name>`.
 */
export async function writePredictions(
  path: string,
  scored: { readonly table: Table; readonly labels: Column; readonly label: string; readonly predictions: Predictions },
): Promise<void> {
  const { table, labels, label, predictions } = scored
  const columns: Record<string, Column> = {
    row: Float64Array.from({ length: table.rowCount }, (_, row) => row + 1),
    label: labels,
    prediction: predictions.labels.map((value): Cell => (spell(value) === null ? null : value)),
    ...probabilityColumns(predictions),
  }
  const ours = new Set(Object.keys(columns))
  const originals = label === 'label' ? table.columns : { [label]: labels, ...table.columns }
  for (const [name, column] of Object.entries(originals)) columns[ours.has(name) ? `data_${name}` : name] = column
  await writeParquet(path, { rowCount: table.rowCount, columns })
}

function probabilityColumns({ classes, probabilities, rowCount }: Predictions): Record<string, Float64Array> {
  if (classes === null || probabilities === null) return {}
  const column = (k: number): Float64Array =>
    Float64Array.from({ length: rowCount }, (_, row) => probabilities[row * classes.length + k]!)
  return Object.fromEntries(classes.map((name, k) => [`probability_${name}`, column(k)]))
}
