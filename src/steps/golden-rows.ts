import { checkResult, type CheckResult, type Finding } from '../core/check.ts'
import { messageOf, UserError } from '../core/errors.ts'
import { slicePredictions, type Label, type Predictions, type Predictor } from '../core/predictor.ts'
import type { StepContext } from '../core/step.ts'
import { evenlySpread, rowOf, sliceTable, takeRows, type Table } from '../core/table.ts'
import { readTable } from '../drivers/duckdb.ts'
import { openPredictor, type PredictorOptions } from '../model/predictors/open.ts'

export interface GoldenRows {
  /** Address of the server or of its model. */
  readonly endpoint: string
  /** Path of the model file that the endpoint should serve. */
  readonly model: string
  readonly testData: string
  /** How many rows are sent. */
  readonly rows: number
  /** Largest difference of a probability that is let pass: a model may round differently in batches. Default 1e-5. */
  readonly tolerance?: number
  readonly python?: string | undefined
}

const TOLERANCE = 1e-5
const TIMEOUT_MS = 10_000
/** Findings shown; the count is in the message. */
const SHOWN = 5

/**
 * Sends rows through an endpoint, one by one and all in one request, and compares what comes back with what the model itself
 * says of them here. The rows are spread evenly over the data, so they are the same every time.
 *
 * @throws UserError when the model or the data cannot be read; what the endpoint does wrong is in the results
 */
export async function compareGoldenRows(context: StepContext, golden: GoldenRows): Promise<CheckResult[]> {
  const { endpoint, model, testData, rows, tolerance = TOLERANCE, python } = golden
  const { cwd, env, signal } = context
  const options: PredictorOptions = {
    cwd,
    env,
    signal,
    // Loaded for the models that need it alone.
    admit: async (path) => (await import('./admit-model.ts')).admitModel(context)(path),
    ...(python !== undefined && { python }),
  }
  const data = await readTable(cwd, testData, { signal })
  const sample = takeRows(data, evenlySpread(data.rowCount, rows))
  const expected = await predictOnce(() => openPredictor(model, options), sample)
  const served = await opened(() => openPredictor(endpoint, { ...options, timeout: TIMEOUT_MS }))
  if (served instanceof UserError) {
    return ['one by one', 'all in one request'].map((manner) =>
      result(manner, sample.rowCount, [{ row: 0, message: served.message }], true),
    )
  }
  try {
    return [
      result('one by one', sample.rowCount, await oneByOne(served, sample, expected, { tolerance, signal })),
      result('all in one request', sample.rowCount, await allInOne(served, sample, expected, { tolerance, signal })),
    ]
  } finally {
    await served.close()
  }
}

interface Comparison {
  readonly tolerance: number
  readonly signal: AbortSignal
}

/** What is wrong with a row of the answer. */
interface Mismatch {
  /** Index in the sample. */
  readonly row: number
  readonly message: string
  readonly evidence?: unknown
}

async function predictOnce(open: () => Promise<Predictor>, sample: Table): Promise<Predictions> {
  const predictor = await open()
  try {
    return await predictor.predict(sample)
  } finally {
    await predictor.close()
  }
}

async function opened(open: () => Promise<Predictor>): Promise<Predictor | UserError> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

async function oneByOne(served: Predictor, sample: Table, expected: Predictions, comparison: Comparison): Promise<Mismatch[]> {
  const mismatches: Mismatch[] = []
  for (let row = 0; row < sample.rowCount; row++) {
    const found = await allInOne(served, sliceTable(sample, row, row + 1), slicePredictions(expected, row, row + 1), comparison)
    mismatches.push(...found.map((mismatch) => ({ ...mismatch, row })))
  }
  return mismatches
}

async function allInOne(served: Predictor, sample: Table, expected: Predictions, comparison: Comparison): Promise<Mismatch[]> {
  try {
    const answered = await served.predict(sample, { signal: comparison.signal })
    return Array.from({ length: sample.rowCount }, (_, row) =>
      differenceIn(row, sample, expected, answered, comparison.tolerance),
    ).filter((mismatch) => mismatch !== null)
  } catch (error) {
    comparison.signal.throwIfAborted()
    if (!(error instanceof UserError)) throw error
    return [{ row: 0, message: messageOf(error), evidence: rowOf(sample, 0) }]
  }
}

function differenceIn(
  row: number,
  sample: Table,
  expected: Predictions,
  answered: Predictions,
  tolerance: number,
): Mismatch | null {
  const [wanted, got] = [describe(expected, row), describe(answered, row)]
  const evidence = { expected: wanted, answered: got, row: rowOf(sample, row) }
  if (String(wanted.label) !== String(got.label)) {
    return { row, message: `expected label ${wanted.label}, got ${got.label}`, evidence }
  }
  if (wanted.probabilities === null) return null
  for (const [name, probability] of Object.entries(wanted.probabilities)) {
    const other = got.probabilities?.[name]
    if (other === undefined) return { row, message: `expected a probability of class ${name}, got none`, evidence }
    // Written so that NaN is never near enough.
    if (!(Math.abs(probability - other) <= tolerance)) {
      return { row, message: `expected probability ${probability} of class ${name}, got ${other}`, evidence }
    }
  }
  return null
}

/** Classes are compared by name, whatever their order. */
function describe(
  { labels, classes, probabilities }: Predictions,
  row: number,
): { label: Label; probabilities: Record<string, number> | null } {
  const of = (index: number) => probabilities![row * classes!.length + index]!
  return {
    label: labels[row]!,
    probabilities: classes && probabilities ? Object.fromEntries(classes.map((name, index) => [String(name), of(index)])) : null,
  }
}

function result(manner: string, rows: number, mismatches: readonly Mismatch[], unanswered = false): CheckResult {
  const single = manner === 'one by one'
  const wrong = unanswered ? rows : new Set(mismatches.map(({ row }) => row)).size
  const agree = rows - wrong
  const verdict = rows === 0 ? 'error' : wrong === 0 ? 'pass' : 'fail'
  return checkResult({
    check: single ? 'endpoint.golden-rows' : 'endpoint.golden-batch',
    title: `Golden rows, ${manner}`,
    verdict,
    message:
      rows === 0
        ? 'The data has no rows to send.'
        : wrong === 0
          ? `The endpoint predicts all ${rows} rows as the model does, ${manner}.`
          : `The endpoint differs from the model in ${wrong} of ${rows} rows, ${manner}: ${mismatches[0]!.message}.`,
    expected: `${rows} of ${rows} rows as the model predicts them`,
    actual: `${agree} of ${rows} rows`,
    measurements: [{ name: 'rows-that-agree', value: agree, unit: 'rows', n: rows }],
    findings: mismatches.slice(0, SHOWN).map(({ row, message, evidence }): Finding => ({
      message: unanswered ? message : `row ${row + 1} of the sample: ${message}`,
      severity: 'error',
      rule: 'endpoint.prediction',
      ...(evidence !== undefined && { evidence }),
    })),
    ...(wrong > 0 && {
      hint: 'See whether the endpoint serves the model that was given, and gets the features as the model expects them.',
    }),
  })
}
