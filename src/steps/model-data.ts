import { z } from 'zod'
import { ByteSize } from '../core/byte-size.ts'
import type { Digest } from '../core/digest.ts'
import { Duration } from '../core/duration.ts'
import { messageOf, UserError } from '../core/errors.ts'
import type { Predictions, Predictor } from '../core/predictor.ts'
import type { Subject } from '../core/report.ts'
import { file, type Resource, type StepContext } from '../core/step.ts'
import type { Table } from '../core/table.ts'
import { readTableAndDigest } from '../drivers/duckdb.ts'
import { displayUrl } from '../drivers/http.ts'
import { displayAddress } from '../drivers/remote/address.ts'
import { isPredictionColumn, ROW } from '../model/predictors/file/prediction-columns.ts'
import { isEndpoint, openPredictor } from '../model/predictors/open.ts'
import { parseCallable } from '../model/predictors/python/callable.ts'
import { score, type Scored, type ScoreOptions, type Task } from '../model/scored.ts'
import { takeApart, type DataColumns } from './data-columns.ts'
import { DATA, dataResource, readingOptions, readingParams } from './data-reading.ts'
import { predictionColumns, predictorOptions } from './predictor-options.ts'

/** Says that a parameter names one column. */
const column = (description: string) => z.string().min(1).optional().meta({ value: 'COLUMN' }).describe(description)

/** Parameters of every step that scores a model on labelled data, or judges predictions that were made before. */
export const scoringParams = {
  model: z
    .string()
    .optional()
    .meta({ value: 'FILE|URL' })
    .describe(
      'The model: .onnx, .pkl or .joblib, a folder of MLflow, Python code (package.module:name), an endpoint (http://…), or a file of predictions',
    ),
  testData: z.string().optional().meta({ value: 'PATH' }).describe(`Labelled data: ${DATA}`),
  predictions: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe('Predictions that were made before, with their labels or beside test-data, instead of a model'),
  label: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .transform((names) => [names].flat())
    .optional()
    .meta({ value: 'COLUMN' })
    .describe(
      'The column with the true label; found by itself when it is named label, target or y. Several columns of 0 and 1: a multilabel model',
    ),
  positive: z
    .string()
    .optional()
    .meta({ value: 'VALUE' })
    .describe('The positive class; by default the second of two in order: 1 of 0 and 1, yes of no and yes'),
  task: z
    .enum(['classification', 'multilabel', 'regression', 'ranking'])
    .optional()
    .describe('What the model does; told from the labels by default'),
  weight: column('How much each row counts for'),
  cluster: column('Rows with the same value belong together, such as those of one user, and are not independent of each other'),
  query: column('The query that each row was found for; makes it a ranking'),
  id: column('Names each row; predictions of another file are found by it, in whatever order they are'),
  prediction: column('In a file of predictions, the class or the value that was predicted; by default prediction'),
  probability: z
    .string()
    .min(1)
    .optional()
    .meta({ value: 'COLUMN' })
    .describe(
      'In a file of predictions, the probability of the positive class, or what the columns of one probability per class begin with; by default probability_',
    ),
  classes: z
    .array(z.string())
    .min(2)
    .optional()
    .meta({ value: 'NAMES' })
    .describe('The classes in the order of the probabilities, for a model that does not name them'),
  features: z
    .array(z.string())
    .default([])
    .meta({ value: 'COLUMNS' })
    .describe('The order of the columns, for a model that takes a matrix and does not name them'),
  python: z.string().optional().meta({ value: 'PROGRAM' }).describe('The Python that runs a .pkl or .joblib model'),
  pythonMemory: ByteSize.optional().describe('Memory that a Python model may take, such as 2GB'),
  header: z
    .array(
      z
        .string()
        .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[^\s\0](?:[^\r\n\0]*)$/, 'Write a header as "Name: value", in quotes')
        .meta({ value: 'HEADER' }),
    )
    .default([])
    .meta({ whole: true })
    .describe(
      'Sent with every request to an endpoint, such as "Authorization: Bearer ${secrets.TOKEN}"; may be given several times',
    ),
  concurrency: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .meta({ value: 'N' })
    .describe('Requests to an endpoint that are under way at once; by default 1'),
  batchSize: z.int().min(1).optional().meta({ value: 'ROWS' }).describe('Rows per call of the model'),
  timeout: Duration.optional().describe('How long one answer of an endpoint or of a Python model may take'),
  delimiter: readingParams.delimiter,
  quote: readingParams.quote,
  encoding: readingParams.encoding,
} as const

/** Parameters of every step that gives intervals. */
export const intervalParams = {
  confidence: z.number().min(0.5).max(0.9999).default(0.95).meta({ value: 'SHARE' }).describe('Confidence of every interval'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1)
    .meta({ value: 'N' })
    .describe('Seed of bootstrap and permutations'),
} as const

/** What a gate decides by. */
export const evidenceParam = z
  .enum(['interval', 'point'])
  .default('interval')
  .describe(
    'interval: the whole interval must clear the limit; point: only the number is compared, and the report says what that costs',
  )

export interface ScoringParams {
  readonly model?: string | undefined
  readonly testData?: string | undefined
  readonly predictions?: string | undefined
  readonly label?: readonly string[] | undefined
  readonly positive?: string | undefined
  readonly task?: Task | undefined
  readonly weight?: string | undefined
  readonly cluster?: string | undefined
  readonly query?: string | undefined
  readonly id?: string | undefined
  readonly prediction?: string | undefined
  readonly probability?: string | undefined
  readonly classes?: readonly string[] | undefined
  readonly features: readonly string[]
  readonly python?: string | undefined
  readonly pythonMemory?: number | undefined
  readonly header: readonly string[]
  readonly concurrency?: number | undefined
  readonly batchSize?: number | undefined
  readonly timeout?: number | undefined
  readonly delimiter?: string | undefined
  readonly quote?: string | undefined
  readonly encoding?: string | undefined
}

type Sources = Pick<ScoringParams, 'model' | 'testData' | 'predictions' | 'label' | 'task' | 'query'>

/** What is scored, and on what: both the same file for predictions that hold their labels. */
function sourcesOf({ model, testData, predictions }: Sources): { model: string; data: string } {
  const scored = model ?? predictions
  const data = testData ?? predictions
  if (model !== undefined && predictions !== undefined) throw sourceError('model and predictions are both given')
  if (scored === undefined) throw sourceError('the model is missing')
  if (data === undefined) throw sourceError('the test data are missing')
  return { model: scored, data }
}

const sourceError = (problem: string): UserError =>
  new UserError('E_USAGE', `What is to be scored is not clear, ${problem}: give model and test-data, or predictions`)

/** The task as the parameters say it; undefined leaves it to the labels. */
function taskOf({ task, label = [], query }: Sources): Task | undefined {
  const mistake = (problem: string) => new UserError('E_USAGE', problem)
  if (task === 'ranking' && query === undefined)
    throw mistake('A ranking needs query, the column that says which rows are ranked together')
  if (query !== undefined && task !== undefined && task !== 'ranking')
    throw mistake(`query is for a ranking, and the task is ${task}`)
  if (label.length > 1 && task !== undefined && task !== 'multilabel')
    throw mistake(`Several label columns are for a multilabel model, and the task is ${task}`)
  if (label.length > 1 && query !== undefined) throw mistake('A ranking has one label column')
  return query !== undefined ? 'ranking' : label.length > 1 ? 'multilabel' : task
}

/** Finds what is missing, or does not go together, when the parameters are read, so that a pipeline does not find it when it gets there. */
export function requireSources(params: Sources, context: z.RefinementCtx): void {
  try {
    sourcesOf(params)
    taskOf(params)
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) })
  }
}

/** Files that scoring depends on; an endpoint's answers depend on what cannot be seen. */
export function scoringReads({ model, testData, predictions }: ScoringParams): Resource[] {
  const data = [testData, predictions].filter((path) => path !== undefined)
  return [...(model === undefined ? [] : [modelResource(model)]), ...data.map(dataResource)]
}

function modelResource(model: string): Resource {
  if (isEndpoint(model)) return { kind: 'unknown', why: `the model behind ${displayUrl(model)} can change at any time` }
  if (parseCallable(model))
    return { kind: 'unknown', why: `what ${model} imports cannot be told from its name`, declarable: true }
  // The folder that an MLmodel file describes.
  return file(model.replace(/[\\/]MLmodel$/, ''))
}

/** Labelled data with a predictor for them, before anything is predicted. */
export interface ModelData extends DataColumns {
  readonly predictor: Predictor
  /** Opens another model for the same data, with the same settings. The caller closes it. */
  openAnother(model: string): Promise<Predictor>
  /** What the model is given: its features, where it does not name them itself. */
  readonly inputs: Table
  /** The label, or the labels of a multilabel model, as reports name it. */
  readonly label: string
  /** The data as it was named, for reports. */
  readonly source: string
  readonly digest: Digest
  readonly subject: Subject
  /** How the labels and the predictions are put together. */
  readonly scoring: ScoreOptions
}

/**
 * Reads the data and opens the model; a model that can run code is scanned first. The caller closes the predictor.
 *
 * Columns that name weights, clusters, queries or ids are not features: a model that takes whatever it is given does not get
 * them. One that names such a column among its features does. No model ever gets the label.
 *
 * @throws UserError E_USAGE, E_FILE_MISSING, E_COLUMN_MISSING, E_VALUE for data without rows, and what opening a model throws
 */
export async function openModelData(context: StepContext, params: ScoringParams): Promise<ModelData> {
  const { model, data } = sourcesOf(params)
  const task = taskOf(params)
  const { cwd, signal } = context
  const source = displayAddress(data)
  const reading = { ...readingOptions(context, { ...params, header: true }), signal }
  const { table: whole, digest } = await readTableAndDigest(cwd, data, reading)
  if (whole.rowCount === 0)
    throw new UserError('E_VALUE', `${source} has no rows`, { hint: 'A model cannot be judged without data.' })
  const columns = takeApart(whole, params, source, task === 'multilabel')
  const columnsOf = (path: string) => predictionColumns(params, task, columns, path !== data)
  const open = (path: string): Promise<Predictor> =>
    openPredictor(path, predictorOptions(context, params, { path, columns: columnsOf(path), reading }))
  const predictor = await open(model)
  // What evaluate has written holds the label twice, under its own name too.
  const isCopy = (name: string) => name === 'label' && Object.hasOwn(whole.columns, ROW)
  const isKept = (name: string) => model !== data || !(isPredictionColumn(name, columnsOf(model)) || isCopy(name))
  const kept = { ...columns, table: only(columns.table, isKept), features: only(columns.features, isKept) }
  return {
    ...kept,
    predictor,
    openAnother: open,
    inputs: predictor.features === null ? kept.features : kept.table,
    label: columns.labelColumns.join(','),
    source,
    digest,
    subject: {
      kind: 'model',
      name: isEndpoint(model) ? predictor.name : model,
      ...(predictor.digest && { digest: predictor.digest }),
    },
    scoring: {
      task,
      positive: params.positive,
      weights: columns.weights,
      clusters: columns.clusters,
      queries: columns.queries,
    },
  }
}

const only = ({ rowCount, columns }: Table, keep: (name: string) => boolean): Table => ({
  rowCount,
  columns: Object.fromEntries(Object.entries(columns).filter(([name]) => keep(name))),
})

/** Labelled data with the model's predictions for them. */
export interface ScoredData extends ModelData {
  readonly predictions: Predictions
  readonly scored: Scored
}

/** `openModelData`, then predicts and puts predictions beside labels. The caller closes the predictor. */
export async function scoreModelData(context: StepContext, params: ScoringParams): Promise<ScoredData> {
  const opened = await openModelData(context, params)
  try {
    const predictions = await opened.predictor.predict(opened.inputs, { signal: context.signal })
    return { ...opened, predictions, scored: score(opened.labels, predictions, opened.scoring) }
  } catch (error) {
    await opened.predictor.close()
    throw error
  }
}

/** Data and classes, for the details of a report. */
export async function dataDetails(
  _context: StepContext,
  { source, digest, label, table }: ModelData,
): Promise<Record<string, unknown>> {
  return { data: { path: source, digest }, label, rows: table.rowCount }
}
