import { UserError } from '../../../core/errors.ts'
import type { Label, Predictions } from '../../../core/predictor.ts'
import { didYouMean } from '../../../core/suggest.ts'
import type { Column, Table } from '../../../core/table.ts'
import { orderClasses, spell } from '../../labels.ts'
import { bothClasses, mostProbable } from '../class-probabilities.ts'
import { asNumbers } from '../columns.ts'
import type { PredictionColumns } from '../options.ts'
import { PREDICTION, PREDICTION_OF, PROBABILITY } from './prediction-columns.ts'

/**
 * The predictions that a table holds: a column with what was predicted, the probabilities, or both. An empty cell is a
 * prediction that is missing; the metrics say so.
 *
 * @param name the table, for errors
 * @throws UserError E_COLUMN_MISSING; E_VALUE for what is no probability, and for probabilities that nobody called so
 */
export function predictionsIn(table: Table, name: string, columns: PredictionColumns): Predictions {
  const { several } = columns
  if (several !== undefined) {
    const named = Object.keys(table.columns).filter((column) => column.startsWith(PREDICTION_OF))
    const classes = several.length > 0 ? several : named.map((column) => column.slice(PREDICTION_OF.length))
    return classes.length > 0
      ? setsIn(table, name, classes, several.length > 0 ? columns : { several })
      : joinedIn(table, name, columns)
  }
  const { rowCount } = table
  const predicted = predictedIn(table, name, columns)
  const labels = predicted && labelsOf(predicted)
  const named = probabilitiesIn(table, name, columns, labels)
  if (named !== null) {
    const { classes, probabilities } = named
    return { rowCount, labels: labels ?? mostProbable(probabilities, classes), classes, probabilities }
  }
  if (labels === undefined) throw nothingPredicted(table, name)
  const column = columns.prediction ?? PREDICTION
  const about = columns.classes?.[1]
  const hint = `Give --probability ${column} instead, with --positive if they are not about "${about}".`
  requireNoProbabilities(labels, `"${column}" of ${name}`, columns.classes, hint)
  return { rowCount, labels, classes: null, probabilities: null }
}

function predictedIn({ columns }: Table, name: string, { prediction }: PredictionColumns): Column | undefined {
  const found = columns[prediction ?? PREDICTION]
  if (found === undefined && prediction !== undefined) {
    throw new UserError('E_COLUMN_MISSING', `${name} has no column "${prediction}" for the prediction`, {
      hint: didYouMean(prediction, Object.keys(columns)),
    })
  }
  return found
}

function nothingPredicted({ columns }: Table, name: string): UserError {
  return new UserError('E_COLUMN_MISSING', `${name} has neither a column "${PREDICTION}" nor columns "${PROBABILITY}<class>"`, {
    hint: `It has: ${Object.keys(columns).join(', ')}. Name one with --prediction or --probability.`,
  })
}

interface Named {
  readonly classes: readonly Label[]
  readonly probabilities: Float64Array
}

function probabilitiesIn(
  table: Table,
  name: string,
  columns: PredictionColumns,
  labels: readonly Label[] | undefined,
): Named | null {
  const { prediction, probability, id } = columns
  if (probability !== undefined && Object.hasOwn(table.columns, probability)) {
    return ofOneColumn(table.columns[probability]!, probability, name, columns, labels)
  }
  const prefix = probability ?? PROBABILITY
  const names = Object.keys(table.columns).filter(
    (column) => column.startsWith(prefix) && column !== (prediction ?? PREDICTION) && column !== id,
  )
  if (names.length === 0) {
    if (probability === undefined) return null
    throw new UserError(
      'E_COLUMN_MISSING',
      `${name} has no column "${probability}" for the probability, and none that begins so`,
      {
        hint: didYouMean(probability, Object.keys(table.columns)),
      },
    )
  }
  if (labels === undefined && names.length === 1) {
    throw new UserError('E_COLUMN_MISSING', `${name} has "${names[0]}" alone, which does not say what was predicted`, {
      hint: `Give a column "${PREDICTION}", or the probabilities of the other classes too. Of two classes, --probability ${names[0]} is enough.`,
    })
  }
  const width = names.length
  const probabilities = new Float64Array(table.rowCount * width)
  for (const [k, column] of names.entries()) {
    for (const [row, value] of numbersOf(table.columns[column]!, column, name).entries()) probabilities[row * width + k] = value
  }
  return {
    classes: asLabels(
      names.map((column) => column.slice(prefix.length)),
      labels,
    ),
    probabilities,
  }
}

/** One column that says how probable the positive class of two is. */
function ofOneColumn(
  column: Column,
  title: string,
  name: string,
  { classes, positive }: PredictionColumns,
  labels: readonly Label[] | undefined,
): Named {
  const known = orderClasses([...(classes ?? []), ...(labels ?? [])].map(spell).filter((label) => label !== null))
  const both =
    classes?.length === 2 && (positive === undefined || classes.map(String).includes(positive)) ? classes.map(String) : known
  if (positive !== undefined && !both.includes(positive)) both.push(positive)
  if (both.length !== 2) {
    throw new UserError(
      'E_VALUE',
      `"${title}" is one probability, of one class of two, but there ${both.length === 1 ? 'is one class' : `are ${both.length} classes`}: ${both.slice(0, 8).join(', ')}`,
      {
        hint: 'Name both with --classes and the one it is about with --positive, or give one column per class.',
      },
    )
  }
  const numbers = numbersOf(column, title, name)
  const odd = numbers.findIndex((value) => value < 0 || value > 1)
  if (odd >= 0) {
    throw new UserError('E_VALUE', `${name}: row ${odd + 1} has ${numbers[odd]} in "${title}", which is no probability`, {
      hint: 'A probability is between 0 and 1. Scores of another scale must be turned into probabilities first.',
    })
  }
  const of = positive ?? both[1]!
  const ordered = [both.find((label) => label !== of)!, of]
  return { classes: asLabels(ordered, labels ?? classes), probabilities: bothClasses(numbers) }
}

/** Names are text; where the predictions are numbers, so are the classes. */
function asLabels(names: readonly string[], like: readonly Label[] | undefined): Label[] {
  const isNumeric =
    like?.every((label) => typeof label === 'number') && names.every((text) => text !== '' && !Number.isNaN(+text))
  return isNumeric ? names.map(Number) : [...names]
}

/**
 * A value of a regression is fine between 0 and 1; beside labels of two classes it would be a class that nobody knows.
 *
 * @param what holds the numbers, as a sentence begins
 * @param classes of the data
 * @throws UserError E_VALUE
 */
export function requireNoProbabilities(
  labels: readonly Label[],
  what: string,
  classes: readonly Label[] | undefined,
  hint: string,
): void {
  if (classes?.length !== 2 || classes.some((label) => typeof label === 'number' && !Number.isInteger(label))) return
  const isShare = (label: Label) => typeof label === 'number' && !(label < 0 || label > 1)
  const between = labels.find((label) => typeof label === 'number' && label > 0 && label < 1)
  if (between === undefined || !labels.every(isShare)) return
  throw new UserError(
    'E_VALUE',
    `${what} holds numbers between 0 and 1 such as ${between}, and the label is ${classes.join(' or ')}: these look like probabilities, not classes`,
    { hint: `${hint}${typeof classes[1] === 'number' ? ' Or --task regression, if the label is a value.' : ''}` },
  )
}

/** The names of a row's classes in one column, joined by commas. */
function joinedIn(table: Table, name: string, columns: PredictionColumns): Predictions {
  const predicted = predictedIn(table, name, columns)
  if (predicted === undefined) throw nothingPredicted(table, name)
  // No name at all is an answer too: the empty set.
  const labels = Array.from(predicted, (cell): Label => (cell === null ? '' : typeof cell === 'boolean' ? String(cell) : cell))
  const named = probabilitiesIn(table, name, columns, labels)
  if (named === null) return { rowCount: table.rowCount, labels, classes: null, probabilities: null }
  const sets = labels.map(
    (label) =>
      new Set(
        String(label)
          .split(',')
          .map((part) => part.trim()),
      ),
  )
  const indicators = Uint8Array.from(sets.flatMap((set) => named.classes.map((label) => Number(set.has(String(label))))))
  return { rowCount: table.rowCount, labels, ...named, indicators }
}

function setsIn(table: Table, name: string, several: readonly string[], columns: PredictionColumns): Predictions {
  const { rowCount } = table
  const width = several.length
  const predicted = columns.prediction ?? PREDICTION_OF
  const probable = columns.probability ?? PROBABILITY
  const missing = several.filter((label) => !Object.hasOwn(table.columns, predicted + label))
  if (missing.length > 0) {
    throw new UserError(
      'E_COLUMN_MISSING',
      `${name} does not say of every label whether it was predicted: ${missing.map((label) => `"${predicted}${label}"`).join(', ')} missing`,
      {
        hint: `A column of 0 and 1 is needed for each label. It has: ${Object.keys(table.columns).join(', ')}.`,
      },
    )
  }
  const indicators = new Uint8Array(rowCount * width)
  const unanswered = new Set<number>()
  for (const [k, label] of several.entries()) {
    for (const [row, value] of numbersOf(table.columns[predicted + label]!, predicted + label, name).entries()) {
      if (Number.isNaN(value)) unanswered.add(row)
      else if (value !== 0 && value !== 1)
        throw new UserError('E_VALUE', `${name}: row ${row + 1} has ${value} in "${predicted}${label}", which is neither 0 nor 1`)
      else indicators[row * width + k] = value
    }
  }
  const labels = Array.from({ length: rowCount }, (_, row): Label =>
    unanswered.has(row) ? Number.NaN : several.filter((_label, k) => indicators[row * width + k] === 1).join(','),
  )
  return { rowCount, labels, classes: [...several], probabilities: probabilitiesOf(table, name, several, probable), indicators }
}

function probabilitiesOf(table: Table, name: string, several: readonly string[], prefix: string): Float64Array | null {
  const found = several.filter((label) => Object.hasOwn(table.columns, prefix + label))
  if (found.length === 0) return null
  if (found.length < several.length) {
    const lacking = several.filter((label) => !found.includes(label)).map((label) => `"${prefix}${label}"`)
    throw new UserError('E_COLUMN_MISSING', `${name} has probabilities of some labels only: ${lacking.join(', ')} missing`)
  }
  const probabilities = new Float64Array(table.rowCount * several.length)
  for (const [k, label] of several.entries()) {
    const numbers = numbersOf(table.columns[prefix + label]!, prefix + label, name)
    for (const [row, value] of numbers.entries()) probabilities[row * several.length + k] = value
  }
  return probabilities
}

function numbersOf(column: Column, title: string, name: string): Float64Array {
  const numbers = asNumbers(column)
  if (numbers !== undefined) return numbers
  throw new UserError('E_VALUE', `${name}: column "${title}" holds text, not numbers`)
}

function labelsOf(column: Column): Label[] {
  return Array.from(column, (cell) => (cell === null ? Number.NaN : typeof cell === 'boolean' ? String(cell) : cell))
}
