import type { Label } from '../core/predictor.ts'
import type { StepContext } from '../core/step.ts'
import type { Column } from '../core/table.ts'
import type { OpenOptions } from '../drivers/duckdb.ts'
import { orderClasses, spell } from '../model/labels.ts'
import { isEndpoint, type PredictorOptions } from '../model/predictors/open.ts'
import type { PredictionColumns } from '../model/predictors/options.ts'
import { isColumn } from '../model/score-sets.ts'
import type { Task } from '../model/scored.ts'
import type { DataColumns } from './data-columns.ts'
import type { ScoringParams } from './model-data.ts'

/** The options of a predictor as a step's parameters give them, beside the data that it is for. */
export function predictorOptions(
  context: StepContext,
  params: ScoringParams,
  { path, columns, reading }: { path: string; columns: PredictionColumns; reading: OpenOptions },
): PredictorOptions {
  const { cwd, env, signal } = context
  const asked = params.model ?? params.predictions!
  return {
    cwd,
    env,
    signal,
    say: (line) => context.say(line),
    // Loaded for the models that need it alone.
    admit: async (file) => (await import('./admit-model.ts')).admitModel(context)(file),
    columns,
    reading,
    // Secrets go where they were meant to go.
    headers: isSameOrigin(path, asked) ? headersOf(params.header) : {},
    ...(params.features.length > 0 && { features: [...params.features] }),
    ...given({
      classes: params.classes,
      python: params.python,
      memory: params.pythonMemory,
      concurrency: params.concurrency,
      timeout: params.timeout,
      batchSize: params.batchSize,
    }),
  }
}

/** Whether two endpoints are of one server; true for files, to which nothing is sent. */
function isSameOrigin(a: string, b: string): boolean {
  return !isEndpoint(a) || (isEndpoint(b) && new URL(a).origin === new URL(b).origin)
}

/** Only what was given: an option that is undefined is not one that was left out. */
function given<T extends object>(options: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
}

/** More distinct labels than this are values; counting on would only take time. */
const MOST_CLASSES = 1000

/**
 * How a file of predictions is read beside this data.
 *
 * @param apart whether it is another file than the data, so that its rows may be in another order
 */
export function predictionColumns(
  { prediction, probability, id, positive, classes }: ScoringParams,
  task: Task | undefined,
  { labels, labelColumns }: DataColumns,
  apart: boolean,
): PredictionColumns {
  const named = given({ prediction, probability, positive, id: apart ? id : undefined })
  if (!isColumn(labels)) return { ...named, several: labelColumns }
  if (task === 'multilabel') return { ...named, several: [] }
  if (task === 'regression' || task === 'ranking') return named
  return { ...named, ...given({ classes: classes ?? classesOf(labels) }) }
}

function classesOf(labels: Column): Label[] | undefined {
  const names = new Set<string>()
  for (const label of labels) {
    const name = spell(label)
    if (name !== null) names.add(name)
    if (names.size > MOST_CLASSES) return undefined
  }
  const ordered = orderClasses(names)
  return labels instanceof Float64Array ? ordered.map(Number) : ordered
}
