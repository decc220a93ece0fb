import { digestFile } from '../../../drivers/files.ts'
import { readTable } from '../../../drivers/duckdb.ts'
import { count } from '../../../core/counts.ts'
import { UserError } from '../../../core/errors.ts'
import { takePredictions, type Predictions, type Predictor } from '../../../core/predictor.ts'
import { listed } from '../../../core/counts.ts'
import type { Column, Table } from '../../../core/table.ts'
import type { PredictorOptions } from '../options.ts'
import { predictionsIn } from './predictions-in.ts'

/**
 * A predictor that repeats predictions which were made elsewhere. The file has one row per row of the data: in the same order,
 * or in any order when a column of both, `columns.id`, names the rows. See `predictionsIn` for its columns.
 *
 * @throws UserError E_COLUMN_MISSING, E_VALUE, and what reading a data file throws
 */
export async function openFilePredictor(path: string, name: string, options: PredictorOptions): Promise<Predictor> {
  const { cwd, reading = {}, columns = {} } = options
  const [digest, table] = await Promise.all([digestFile(path), readTable(cwd, path, reading)])
  const predictions = predictionsIn(table, name, columns)
  const find = columns.id === undefined ? undefined : finder(table, columns.id, name)
  return {
    kind: 'file',
    name,
    digest,
    features: columns.id === undefined ? [] : [columns.id],
    importances: null,
    predict: async (data) => (find ? takePredictions(predictions, find(data)) : inOrder(predictions, data.rowCount, name)),
    close: async () => {},
  }
}

function inOrder(predictions: Predictions, rows: number, name: string): Predictions {
  if (rows === predictions.rowCount) return predictions
  throw new UserError('E_PREDICTOR', `${name} holds ${predictions.rowCount} predictions; the data has ${rows} rows`, {
    hint: 'Make the predictions for exactly this data, in its order; or name the rows in both with --id.',
  })
}

/** Answers where the predictions of some rows are. */
function finder(table: Table, id: string, name: string): (data: Table) => number[] {
  const places = placesOf(table.columns[id], id, name)
  return (data) => {
    const wanted = placesOf(data.columns[id], id, 'the data')
    const missing = [...wanted.keys()].filter((key) => !places.has(key))
    const extra = [...places.keys()].filter((key) => !wanted.has(key))
    if (missing.length > 0 || extra.length > 0) throw unmatched(missing, extra, id, name)
    return [...wanted.keys()].map((key) => places.get(key)!)
  }
}

function unmatched(missing: readonly string[], extra: readonly string[], id: string, name: string): UserError {
  const lacks =
    missing.length > 0 && `${name} has no prediction for ${count(missing.length, 'row')} of the data: ${id} ${listed(missing)}`
  const has =
    extra.length > 0 &&
    `${lacks ? 'it' : name} has ${count(extra.length, 'prediction')} for rows that the data lacks: ${id} ${listed(extra)}`
  return new UserError('E_PREDICTOR', [lacks, has].filter(Boolean).join('; '), {
    hint: 'Make the predictions for exactly this data.',
  })
}

/** The row of each id, in the order of the rows. */
function placesOf(column: Column | undefined, id: string, name: string): Map<string, number> {
  if (column === undefined) throw new UserError('E_COLUMN_MISSING', `${name} has no column "${id}" to find rows by`)
  const places = new Map<string, number>()
  const twice = new Set<string>()
  for (let row = 0; row < column.length; row++) {
    const cell = column[row]
    if (cell === null || cell === undefined || Number.isNaN(cell))
      throw new UserError('E_VALUE', `${name}: row ${row + 1} has no ${id}`)
    const key = String(cell)
    if (places.has(key)) twice.add(key)
    places.set(key, row)
  }
  if (twice.size === 0) return places
  throw new UserError('E_VALUE', `${name} has ${count(twice.size, 'id')} more than once: ${id} ${listed([...twice])}`, {
    hint: 'An id must name one row. Rows that belong together are named with --cluster.',
  })
}
