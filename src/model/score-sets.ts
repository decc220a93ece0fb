import { UserError } from '../core/errors.ts'
import type { Label, Predictions } from '../core/predictor.ts'
import type { Cell, Column } from '../core/table.ts'
import type { SampleDesign } from '../stats/statistic.ts'
import { listed, spell } from './labels.ts'
import type { ScoredSets } from './scored.ts'

/** The labels of a multilabel data set: a column of 0 and 1 per class, or one column with the names of a row's classes joined by commas. */
export type SetLabels = Column | Readonly<Record<string, Column>>

/** From this probability on a class counts as given, where the model does not say which it gives. */
const GIVEN_FROM = 0.5

/**
 * Puts the true sets of classes beside those that a multilabel model gave.
 *
 * @throws UserError E_VALUE for a label that is neither 0 nor 1, is missing, or for classes of the model that are not those of
 *   the data; E_PREDICTOR when the model's arrays do not fit its classes
 */
export function scoreSets(labels: SetLabels, predictions: Predictions, design: SampleDesign): ScoredSets {
  const { classes, truth } = isColumn(labels) ? namedSets(labels, namesOf(predictions)) : indicatorColumns(labels)
  const { rowCount } = predictions
  const width = classes.length
  const places = placesOf(predictions.classes, classes)
  const probabilities = aligned(predictions.probabilities, places, rowCount, width)
  const indicators = aligned(predictions.indicators ?? null, places, rowCount, width)

  const predicted = new Uint8Array(rowCount * width)
  const index = new Map(classes.map((name, k) => [name, k]))
  let missing = 0
  for (let row = 0; row < rowCount; row++) {
    const from = row * width
    const given = probabilities?.subarray(from, from + width)
    if (Number.isNaN(predictions.labels[row]) || given?.some((p) => !Number.isFinite(p))) missing++
    else if (indicators) predicted.set(indicators.subarray(from, from + width), from)
    else if (given) for (let k = 0; k < width; k++) predicted[from + k] = given[k]! >= GIVEN_FROM ? 1 : 0
    else {
      const names = splitNames(predictions.labels[row])
      if (names === null) missing++
      for (const name of names ?? []) predicted[from + placeOf(name, index)] = 1
    }
  }
  return { task: 'multilabel', rowCount, classes, truth, predicted, probabilities, missing, design }
}

export const isColumn = (labels: SetLabels): labels is Column => Array.isArray(labels) || labels instanceof Float64Array

/** Classes that the model names, so that one it never gives and one that the data never hold both count. */
function namesOf({ classes, labels }: Predictions): string[] {
  if (classes !== null) return classes.map(String)
  return labels.flatMap((label) => splitNames(label) ?? [])
}

/** `"news,sport"` as names; null when there is no answer, and none for the empty text. */
function splitNames(cell: Cell | undefined): string[] | null {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return null
  return String(cell)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function namedSets(column: Column, ofModel: readonly string[]): { classes: string[]; truth: Uint8Array } {
  const sets = Array.from(column, (cell, row) => {
    const names = splitNames(cell)
    if (names === null) throw noLabel(row)
    return names
  })
  const classes = [...new Set([...sets.flat(), ...ofModel])].toSorted((a, b) => (a < b ? -1 : 1))
  const index = new Map(classes.map((name, k) => [name, k]))
  const truth = new Uint8Array(sets.length * classes.length)
  for (const [row, names] of sets.entries()) for (const name of names) truth[row * classes.length + index.get(name)!] = 1
  return { classes, truth }
}

function indicatorColumns(columns: Readonly<Record<string, Column>>): { classes: string[]; truth: Uint8Array } {
  const classes = Object.keys(columns)
  const rowCount = columns[classes[0]!]!.length
  const truth = new Uint8Array(rowCount * classes.length)
  for (const [k, name] of classes.entries()) {
    for (let row = 0; row < rowCount; row++) truth[row * classes.length + k] = indicator(columns[name]![row], row, name)
  }
  return { classes, truth }
}

function indicator(cell: Cell | undefined, row: number, name: string): 0 | 1 {
  const spelled = spell(cell)
  if (spelled === null) throw noLabel(row, name)
  if (spelled === '1' || spelled.toLowerCase() === 'true') return 1
  if (spelled === '0' || spelled.toLowerCase() === 'false') return 0
  throw new UserError(
    'E_VALUE',
    `"${spelled}" in column "${name}", row ${row + 1}, is not a label of a multilabel model: 0 or 1`,
    {
      hint: 'Several label columns are read as one class each, with 1 where a row has the class.',
    },
  )
}

function noLabel(row: number, column?: string): UserError {
  return new UserError('E_VALUE', `Row ${row + 1} has no label${column === undefined ? '' : ` in column "${column}"`}`, {
    hint: 'Label this row or take it out: a score of the rest would not be about this data.',
  })
}

function placeOf(name: string, index: ReadonlyMap<string, number>): number {
  const place = index.get(name)
  if (place !== undefined) return place
  throw new UserError('E_VALUE', `The model answers the class "${name}", and there is no label column of that name`, {
    hint: `The label columns are ${listed([...index.keys()])}.`,
  })
}

/** Where each class of the model stands among those of the data: by name, or by position where the model only numbers its classes. */
function placesOf(ofModel: readonly Label[] | null, classes: readonly string[]): number[] | null {
  if (ofModel === null) return null
  const names = ofModel.map(String)
  const index = new Map(classes.map((name, k) => [name, k]))
  const numbered = names.every((name, k) => name === String(k))
  if (numbered && names.length === classes.length && !index.has(names[0]!)) return names.map((_name, k) => k)
  return names.map((name) => placeOf(name, index))
}

/** An array of the model in the order of the data's classes; 0 for a class that it does not know. */
function aligned<T extends Float64Array | Uint8Array>(
  array: T | null,
  places: number[] | null,
  rowCount: number,
  width: number,
): T | null {
  if (array === null) return null
  if (places === null || array.length !== rowCount * places.length) {
    throw new UserError('E_PREDICTOR', `${array.length} values came back for ${rowCount} rows and ${places?.length ?? 0} classes`)
  }
  if (places.length === width && places.every((place, k) => place === k)) return array
  const result = new (array.constructor as new (length: number) => T)(rowCount * width)
  for (const [from, to] of places.entries()) {
    for (let row = 0; row < rowCount; row++) result[row * width + to] = array[row * places.length + from]!
  }
  return result
}
