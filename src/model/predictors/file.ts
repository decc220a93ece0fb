import { digestFile } from '../../drivers/files.ts'
import { readTable } from '../../drivers/duckdb.ts'
import { UserError } from '../../core/errors.ts'
import type { Label, Predictions, Predictor } from '../../core/predictor.ts'
import type { Column, Table } from '../../core/table.ts'
import { mostProbable } from './class-probabilities.ts'
import { asNumbers } from './columns.ts'

const PREDICTION = 'prediction'
const PROBABILITY = 'probability_'

/**
 * A predictor that repeats predictions which were made elsewhere. The file has one row per row of the data, in the same
 * order: a column `prediction`, or one column `probability_<class>` per class, or both.
 *
 * @throws UserError E_COLUMN_MISSING, E_VALUE, and what reading a data file throws
 */
export async function openFilePredictor(path: string, name: string, cwd: string): Promise<Predictor> {
  const [digest, table] = await Promise.all([digestFile(path), readTable(cwd, path)])
  const predictions = predictionsOf(table, name)
  return {
    kind: 'file',
    name,
    digest,
    features: [],
    importances: null,
    predict: async ({ rowCount }) => {
      if (rowCount === predictions.rowCount) return predictions
      throw new UserError('E_PREDICTOR', `${name} holds ${predictions.rowCount} predictions; the data has ${rowCount} rows`, {
        hint: 'Make the predictions for exactly this data, in its order.',
      })
    },
    close: async () => {},
  }
}

function predictionsOf(table: Table, name: string): Predictions {
  const { rowCount, columns } = table
  const names = Object.keys(columns).filter((column) => column.startsWith(PROBABILITY))
  const labels = columns[PREDICTION] && labelsOf(columns[PREDICTION], name)
  if (labels === undefined && names.length === 0) {
    throw new UserError('E_COLUMN_MISSING', `${name} has neither a column "${PREDICTION}" nor columns "${PROBABILITY}<class>"`, {
      hint: `It has: ${Object.keys(columns).join(', ')}.`,
    })
  }
  if (names.length === 0) return { rowCount, labels: labels!, classes: null, probabilities: null }
  if (labels === undefined && names.length === 1) {
    throw new UserError('E_COLUMN_MISSING', `${name} has "${names[0]}" alone, which does not say what was predicted`, {
      hint: `Give a column "${PREDICTION}", or the probabilities of the other classes too.`,
    })
  }
  const probabilities = new Float64Array(rowCount * names.length)
  for (const [k, column] of names.entries()) {
    const numbers = asNumbers(columns[column]!)
    if (numbers === undefined) throw new UserError('E_VALUE', `${name}: column "${column}" holds text, not probabilities`)
    for (const [row, value] of numbers.entries()) probabilities[row * names.length + k] = value
  }
  const classes = classesOf(names, labels)
  return { rowCount, labels: labels ?? mostProbable(probabilities, classes), classes, probabilities }
}

function labelsOf(column: Column, name: string): Label[] {
  return Array.from(column, (cell, row) => {
    if (cell === null) throw new UserError('E_VALUE', `${name}: row ${row + 1} has no prediction`)
    return typeof cell === 'boolean' ? String(cell) : cell
  })
}

/** Column names are text; where the predictions are numbers, so are the classes. */
function classesOf(names: readonly string[], labels: readonly Label[] | undefined): Label[] {
  const classes = names.map((column) => column.slice(PROBABILITY.length))
  const numeric =
    labels?.every((label) => typeof label === 'number') && classes.every((text) => text !== '' && !Number.isNaN(+text))
  return numeric ? classes.map(Number) : classes
}
