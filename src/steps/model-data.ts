import { z } from 'zod'
import { messageOf, UserError } from '../core/errors.ts'
import type { Predictions, Predictor } from '../core/predictor.ts'
import type { Subject } from '../core/report.ts'
import { file, type Resource, type StepContext } from '../core/step.ts'
import { didYouMean } from '../core/suggest.ts'
import type { Column, Table } from '../core/table.ts'
import { readTable } from '../drivers/duckdb.ts'
import { digestPath } from '../drivers/files.ts'
import { openPredictor } from '../model/predictors/open.ts'
import { parseCallable } from '../model/predictors/python-callable.ts'
import { score, type Scored } from '../model/scored.ts'

/** Parameters of every step that scores a model on labelled data, or judges predictions that were made before. */
export const scoringParams = {
  model: z
    .string()
    .optional()
    .meta({ value: 'FILE|URL' })
    .describe('The model: .onnx, .pkl or .joblib, an endpoint (http://…), or a file of predictions'),
  testData: z
    .string()
    .optional()
    .meta({ value: 'PATH' })
    .describe('Labelled data: Parquet, CSV or JSON Lines; a file, a folder or a glob'),
  predictions: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe('Predictions with their labels, as evaluate writes them, instead of a model and data'),
  label: z
    .string()
    .optional()
    .meta({ value: 'COLUMN' })
    .describe('The column with the true label; found by itself when it is named label, target or y'),
  positive: z
    .string()
    .optional()
    .meta({ value: 'VALUE' })
    .describe('The positive class; by default the second of two in order: 1 of 0 and 1, yes of no and yes'),
  task: z.enum(['classification', 'regression']).optional().describe('What the model does; told from the labels by default'),
  features: z
    .array(z.string())
    .default([])
    .meta({ value: 'COLUMNS' })
    .describe('The order of the columns, for a model that takes a matrix and does not name them'),
  python: z.string().optional().meta({ value: 'PROGRAM' }).describe('The Python that runs a .pkl or .joblib model'),
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
  readonly label?: string | undefined
  readonly positive?: string | undefined
  readonly task?: 'classification' | 'regression' | undefined
  readonly features: readonly string[]
  readonly python?: string | undefined
}

/** Columns that hold the label, when it is not said which one does. */
const LABEL_COLUMNS: readonly string[] = ['label', 'target', 'y']

type Sources = Pick<ScoringParams, 'model' | 'testData' | 'predictions'>

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

/** Finds a source that is missing when the parameters are read, so that a pipeline does not find it when it gets there. */
export function requireSources(params: Sources, context: z.RefinementCtx): void {
  try {
    sourcesOf(params)
  } catch (error) {
    context.addIssue({ code: 'custom', message: messageOf(error) })
  }
}

/** Files that scoring depends on; an endpoint's answers depend on what cannot be seen. */
export function scoringReads({ model, testData, predictions }: ScoringParams): Resource[] {
  const files = [model, testData, predictions].filter((path) => path !== undefined)
  return files.map((path) => {
    if (/^https?:\/\//i.test(path)) return { kind: 'unknown', why: `the model behind ${path} can change at any time` }
    return parseCallable(path) ? { kind: 'unknown', why: `the code of ${path} can change`, declarable: true } : file(path)
  })
}

/** Labelled data with a predictor for them, before anything is predicted. */
export interface ModelData {
  readonly predictor: Predictor
  /** All columns of the data but the label. */
  readonly table: Table
  readonly labels: Column
  readonly label: string
  /** The data as it was named, for reports. */
  readonly source: string
  readonly subject: Subject
}

/**
 * Reads the data and opens the model; a model that can run code is scanned first. The caller closes the predictor.
 *
 * @throws UserError E_USAGE, E_FILE_MISSING, E_COLUMN_MISSING, E_VALUE for data without rows, and what opening a model throws
 */
export async function openModelData(context: StepContext, params: ScoringParams): Promise<ModelData> {
  const { model, data } = sourcesOf(params)
  const { cwd, env, signal } = context
  const whole = await readTable(cwd, data, { signal })
  if (whole.rowCount === 0)
    throw new UserError('E_VALUE', `${data} has no rows`, { hint: 'A model cannot be judged without data.' })
  const label = labelColumn(whole, params.label, data)
  const { [label]: labels, ...others } = whole.columns
  const predictor = await openPredictor(model, {
    cwd,
    env,
    signal,
    say: (line) => context.say(line),
    // Loaded for the models that need it alone.
    admit: async (path) => (await import('./admit-model.ts')).admitModel(context)(path),
    ...(params.features.length > 0 && { features: [...params.features] }),
    ...(params.python !== undefined && { python: params.python }),
  })
  const subject: Subject = { kind: 'model', name: model, ...(predictor.digest && { digest: predictor.digest }) }
  return {
    predictor,
    table: { rowCount: whole.rowCount, columns: data === model ? withoutPredictions(others) : others },
    labels: labels!,
    label,
    source: data,
    subject,
  }
}

/** A file of predictions with their labels holds data, which are kept, and predictions, which are made again of it. */
function withoutPredictions(columns: Table['columns']): Table['columns'] {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => !/^(row|prediction|probability_.*)$/.test(name)))
}

function labelColumn({ columns }: Table, asked: string | undefined, data: string): string {
  const names = Object.keys(columns)
  if (asked !== undefined) {
    if (columns[asked] !== undefined) return asked
    throw new UserError('E_COLUMN_MISSING', `${data} has no column "${asked}" for the label`, { hint: didYouMean(asked, names) })
  }
  const found = LABEL_COLUMNS.filter((name) => columns[name] !== undefined)
  if (found.length === 1) return found[0]!
  throw new UserError('E_USAGE', `Which column of ${data} is the label?`, {
    hint: `Give --label; the columns are ${names.join(', ')}.`,
  })
}

/** Labelled data with the model's predictions for them. */
export interface ScoredData extends ModelData {
  readonly predictions: Predictions
  readonly scored: Scored
}

/** `openModelData`, then predicts and puts predictions beside labels. The caller closes the predictor. */
export async function scoreModelData(context: StepContext, params: ScoringParams): Promise<ScoredData> {
  const opened = await openModelData(context, params)
  try {
    const predictions = await opened.predictor.predict(opened.table, { signal: context.signal })
    return { ...opened, predictions, scored: score(opened.labels, predictions, { task: params.task, positive: params.positive }) }
  } catch (error) {
    await opened.predictor.close()
    throw error
  }
}

/** Data and classes, for the details of a report. */
export async function dataDetails({ cwd }: StepContext, { source, label, table }: ModelData): Promise<Record<string, unknown>> {
  return { data: { path: source, digest: await digestPath(cwd, source) }, label, rows: table.rowCount }
}
