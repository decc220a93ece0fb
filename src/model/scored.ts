import { UserError } from '../core/errors.ts'
import { requireWhole, type Predictions } from '../core/predictor.ts'
import type { Column } from '../core/table.ts'
import type { SampleDesign } from '../stats/statistic.ts'
import { listed, orderClasses, positiveIndex, spell } from './labels.ts'
import { designOfGroups, readGroups, sampleDesign } from './sample-design.ts'
import { isColumn, scoreSets, type SetLabels } from './score-sets.ts'

export type Task = 'classification' | 'multilabel' | 'regression' | 'ranking'

/** Rows with their true class and what a classifier said of them, in arrays. */
export interface ScoredClasses {
  readonly task: 'classification'
  readonly rowCount: number
  /** Every class of the data and of the model, in scikit-learn's order. The arrays below hold indices into it. */
  readonly classes: readonly string[]
  readonly truth: Int32Array
  /** −1 where the model gave no class (null, NaN), or a probability that is no number: the class beside it means nothing. */
  readonly predicted: Int32Array
  /** Row-major, `rowCount × classes.length`; null when the model gives labels alone. */
  readonly probabilities: Float64Array | null
  /** Index of the positive class; null when there are not two classes and none was named. */
  readonly positive: number | null
  /** Classes of the data that the model has never heard of. */
  readonly unknown: readonly string[]
  readonly design: SampleDesign
}

/** Rows with the set of classes that each truly has and the set that the model gave it. All arrays are row-major, `rowCount × classes.length`. */
export interface ScoredSets {
  readonly task: 'multilabel'
  readonly rowCount: number
  readonly classes: readonly string[]
  /** 1 where the row has the class. */
  readonly truth: Uint8Array
  readonly predicted: Uint8Array
  readonly probabilities: Float64Array | null
  /** Rows for which the model gave no answer, or one that is no number. */
  readonly missing: number
  readonly design: SampleDesign
}

/** Rows with their true value and the value that a regression gave. */
export interface ScoredValues {
  readonly task: 'regression'
  readonly rowCount: number
  readonly truth: Float64Array
  /** NaN where the model gave no number. */
  readonly predicted: Float64Array
  readonly design: SampleDesign
}

/** Rows (documents) of queries, with how relevant each truly is and the score that the model gave it. */
export interface ScoredRanking {
  readonly task: 'ranking'
  readonly rowCount: number
  /** Not negative. */
  readonly truth: Float64Array
  /** NaN where the model gave no number. */
  readonly predicted: Float64Array
  /** The query of each row, 0 to `queryCount` − 1 in order of appearance. */
  readonly queries: Int32Array
  readonly queryCount: number
  /** Of the queries, which are the units here, not of the rows. */
  readonly design: SampleDesign
}

export type Scored = ScoredClasses | ScoredSets | ScoredValues | ScoredRanking

export interface ScoreOptions {
  /** Told from the data when it is not given. */
  readonly task?: Task | undefined
  /** The positive class, as the data spell it. */
  readonly positive?: string | undefined
  /** How much each row counts for; above or equal to 0. */
  readonly weights?: Column | undefined
  /** Rows with the same value belong together, such as those of one user: only whole clusters are independent. */
  readonly clusters?: Column | undefined
  /** The query of each row, for a ranking. */
  readonly queries?: Column | undefined
}

/** More distinct numbers than this are values, not classes. */
const MOST_NUMERIC_CLASSES = 20

/**
 * Puts the truth beside the predictions. `labels` is a column; for a multilabel model a column of 0 and 1 per class, or one column
 * with the names of a row's classes joined by commas.
 *
 * @throws UserError E_VALUE when there are no rows, when labels, weights, clusters or queries are missing or not usable, when the
 *   model's classes are none of the data's, or when the positive class is not a class; E_PREDICTOR when rows and predictions
 *   differ in number
 */
export function score(labels: SetLabels, predictions: Predictions, options: ScoreOptions = {}): Scored {
  const task = options.task ?? guessTask(labels, predictions, options)
  const rowCount = requireRows(labels, predictions)
  const design = sampleDesign(options, rowCount)
  if (task === 'multilabel') return scoreSets(labels, predictions, design)
  if (!isColumn(labels)) {
    throw new UserError('E_VALUE', `There are ${Object.keys(labels).length} label columns, but a ${task} has one`, {
      hint: 'Name one label column, or give the task multilabel.',
    })
  }
  if (task === 'ranking') return scoreRanking(labels, predictions, design, options.queries)
  return task === 'regression' ? scoreValues(labels, predictions, design) : scoreClasses(labels, predictions, design, options)
}

function requireRows(labels: SetLabels, predictions: Predictions): number {
  const columns = isColumn(labels) ? { label: labels } : labels
  const lengths = Object.values(columns).map((column) => column.length)
  const rowCount = lengths[0] ?? 0
  if (rowCount === 0) throw new UserError('E_VALUE', 'There are no rows to score the model on')
  if (lengths.some((length) => length !== rowCount))
    throw new UserError('E_VALUE', 'The label columns differ in their number of rows')
  requireWhole(predictions, rowCount, 'The model')
  return rowCount
}

function guessTask(labels: SetLabels, predictions: Predictions, { queries }: ScoreOptions): Task {
  if (queries !== undefined) return 'ranking'
  if (!isColumn(labels) || predictions.indicators) return 'multilabel'
  if (predictions.probabilities !== null) return 'classification'
  const numbers = new Set<number>()
  for (const label of labels) {
    if (typeof label !== 'number') return 'classification'
    if (!Number.isInteger(label) && Number.isFinite(label)) return 'regression'
    numbers.add(label)
  }
  const fractional = predictions.labels.some((label) => typeof label === 'number' && label % 1 !== 0 && Number.isFinite(label))
  return fractional || numbers.size > MOST_NUMERIC_CLASSES ? 'regression' : 'classification'
}

function scoreValues(labels: Column, predictions: Predictions, design: SampleDesign): ScoredValues {
  return { task: 'regression', rowCount: labels.length, truth: numbersOf(labels), predicted: answersOf(predictions), design }
}

function scoreRanking(labels: Column, predictions: Predictions, ofRows: SampleDesign, column: Column | undefined): ScoredRanking {
  if (column === undefined) {
    throw new UserError('E_VALUE', 'A ranking is measured query by query, and it is not known which rows belong to which', {
      hint: 'Name the column that holds the query of each row.',
    })
  }
  const truth = numbersOf(labels)
  const negative = truth.findIndex((relevance) => relevance < 0)
  if (negative !== -1) {
    throw new UserError('E_VALUE', `The relevance of row ${negative + 1} is ${truth[negative]}: it is 0 or more`)
  }
  const { groups: queries, count: queryCount } = readGroups(column, labels.length, 'query')
  const design = designOfGroups(ofRows, queries, queryCount)
  return { task: 'ranking', rowCount: labels.length, truth, predicted: answersOf(predictions), queries, queryCount, design }
}

function numbersOf(labels: Column): Float64Array {
  const truth = Float64Array.from(labels, (label) => (typeof label === 'number' ? label : Number.NaN))
  requireLabels(truth.filter((value) => !Number.isFinite(value)).length, truth.length, 'number')
  return truth
}

const answersOf = ({ labels }: Predictions): Float64Array =>
  Float64Array.from(labels, (label) => (typeof label === 'number' ? label : Number.NaN))

function scoreClasses(labels: Column, predictions: Predictions, design: SampleDesign, { positive }: ScoreOptions): ScoredClasses {
  const truth = Array.from(labels, spell)
  const missing = truth.filter((label) => label === null).length
  requireLabels(missing, truth.length, 'label')
  const predicted = predictions.labels.map(spell)
  const modelClasses = predictions.classes?.map((name) => spell(name) ?? 'null') ?? null
  const ofData = new Set(truth as string[])
  const ofModel = new Set(modelClasses ?? predicted.filter((label) => label !== null))
  const disjoint = ofModel.size > 0 && [...ofModel].every((name) => !ofData.has(name))
  // One class each may be a model that is simply wrong about a small slice.
  if (disjoint && (ofModel.size > 1 || ofData.size > 1)) throw noCommonClass([...ofModel], [...ofData])

  const classes = orderClasses([...ofData, ...ofModel, ...predicted.filter((label) => label !== null)])
  const index = new Map(classes.map((name, i) => [name, i]))
  const isNumber = rowsWithNumbers(predictions)
  return {
    task: 'classification',
    rowCount: truth.length,
    classes,
    truth: Int32Array.from(truth, (label) => index.get(label!)!),
    predicted: Int32Array.from(predicted, (label, row) => (label === null || !isNumber(row) ? -1 : index.get(label)!)),
    probabilities: modelClasses && alignProbabilities(predictions, modelClasses, index),
    positive: positiveIndex(classes, positive),
    design,
    unknown: modelClasses ? [...ofData].filter((name) => !ofModel.has(name)) : [],
  }
}

function requireLabels(missing: number, rows: number, what: string): void {
  if (missing === 0) return
  throw new UserError('E_VALUE', `${missing} of ${rows} rows have no ${what}`, {
    hint: 'Label these rows or take them out: a score of the rest would not be about this data.',
  })
}

function noCommonClass(ofModel: string[], ofData: string[]): UserError {
  const [model, data] = [listed(orderClasses(ofModel)), listed(orderClasses(ofData))]
  return new UserError('E_VALUE', `The model answers ${model}, but the label column holds ${data}: no class in common`, {
    hint: 'Give the label in the spelling that the model was trained on, or name the right label column.',
  })
}

/** Whether all probabilities of a row are numbers. */
function rowsWithNumbers({ classes, probabilities }: Predictions): (row: number) => boolean {
  const width = classes?.length ?? 0
  return (row) => probabilities?.subarray(row * width, (row + 1) * width).every(Number.isFinite) ?? true
}

/** The model's probabilities in the order of `classes`; 0 for a class that it does not know. */
function alignProbabilities(
  predictions: Predictions,
  modelClasses: readonly string[],
  index: ReadonlyMap<string, number>,
): Float64Array | null {
  const { probabilities, rowCount } = predictions
  if (probabilities === null) return null
  if (probabilities.length !== rowCount * modelClasses.length) {
    throw new UserError(
      'E_PREDICTOR',
      `${probabilities.length} probabilities came back for ${rowCount} rows and ${modelClasses.length} classes`,
    )
  }
  const width = index.size
  if (width === modelClasses.length && modelClasses.every((name, i) => index.get(name) === i)) return probabilities
  const aligned = new Float64Array(rowCount * width)
  for (const [from, name] of modelClasses.entries()) {
    const to = index.get(name)!
    for (let row = 0; row < rowCount; row++) aligned[row * width + to] = probabilities[row * modelClasses.length + from]!
  }
  return aligned
}
