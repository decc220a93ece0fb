import { join, resolve } from 'node:path'
import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { formatCount } from '../core/counts.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { artifactOf, writeFileAtomic } from '../drivers/files.ts'
import { formatInterval } from '../model/judged-message.ts'
import { confusionMatrix } from '../model/metrics/confusion-matrix.ts'
import { measureAll } from '../model/metrics/measure.ts'
import { asMeasurement, type Metric } from '../model/metrics/metric.ts'
import { writePredictions } from '../model/predictions-file.ts'
import type { Scored, ScoredClasses } from '../model/scored.ts'
import { dataDetails, intervalParams, scoreModelData, scoringParams, requireSources, scoringReads } from './model-data.ts'

const params = z
  .strictObject({
    ...scoringParams,
    ...intervalParams,
    output: z.string().default('results').meta({ value: 'FOLDER' }).describe('Where predictions.parquet and metrics.json go'),
  })
  .superRefine(requireSources)

/** Where `evaluate` leaves the predictions. */
export const predictionsFile = (output: string): string => join(output, 'predictions.parquet')
const metricsFile = (output: string): string => join(output, 'metrics.json')

export const evaluate = defineStep({
  name: 'evaluate',
  summary: 'Score a model on labelled data: predictions, and metrics with their intervals.',
  params,
  examples: [
    'plimsoll evaluate --model artifacts/model.onnx --test-data data/test/ --label deny',
    'plimsoll evaluate --model http://127.0.0.1:8080 --test-data data/test.csv --label price --task regression',
    'plimsoll evaluate --predictions results/predictions.parquet --confidence 0.99',
  ],
  reads: scoringReads,
  writes: ({ output }) => [file(predictionsFile(output)), file(metricsFile(output))],
  async run(context, given) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { cwd } = context
    const data = await scoreModelData(context, given)
    try {
      const { scored, subject } = data
      const metrics = measureAll(scored, given)
      const details = { ...(await dataDetails(context, data)), ...describe(scored) }
      const document = {
        schemaVersion: 1,
        model: subject,
        ...details,
        confidence: given.confidence,
        metrics: metrics.map(asDocument),
      }
      await writePredictions(resolve(cwd, predictionsFile(given.output)), data)
      await writeFileAtomic(resolve(cwd, metricsFile(given.output)), `${JSON.stringify(document, undefined, 2)}\n`)
      return stepReport({
        name: 'evaluate',
        summary: summarize(metrics, scored.rowCount),
        startedAt,
        durationMs: context.clock.monotonic() - started,
        results: [...unknownClasses(scored), ...metrics.map(asCheck)],
        subject,
        artifacts: [
          await artifactOf(cwd, predictionsFile(given.output), 'application/vnd.apache.parquet'),
          await artifactOf(cwd, metricsFile(given.output), 'application/json'),
        ],
        details,
      })
    } finally {
      await data.predictor.close()
    }
  },
})

/** Task, classes and confusion matrix. */
function describe(scored: Scored): Record<string, unknown> {
  if (scored.task !== 'classification') return { task: scored.task }
  const { classes, counts } = confusionMatrix(scored)
  const matrix = classes.map((_name, row) => [...counts.subarray(row * classes.length, (row + 1) * classes.length)])
  const positive = scored.positive === null ? {} : { positive: classes[scored.positive] }
  return { task: scored.task, classes, ...positive, confusionMatrix: matrix }
}

function asDocument(metric: Metric): Record<string, unknown> {
  const { name, title, value, interval, n, problem, note } = metric
  return { name, title, value, interval, n, ...(problem && { problem: problem.reason }), ...(note && { note }) }
}

/** Evaluation judges nothing: a metric passes when it was measured, and warns where a convention had to stand in. */
function asCheck(metric: Metric): CheckResult {
  const { name, title, value, interval, n, problem, note } = metric
  const check = `model.${name}`
  if (value === null) {
    return checkResult({
      check,
      title,
      verdict: problem?.verdict ?? 'error',
      message: `${title} was not measured: ${problem?.reason}`,
    })
  }
  const range = interval ? ` ${formatInterval(interval)}` : ''
  return checkResult({
    check,
    title,
    verdict: note === undefined ? 'pass' : 'warn',
    message: `${title} ${value.toFixed(4)}${range} on ${formatCount(n)} rows${note === undefined ? '' : `; ${note}`}`,
    measurements: [asMeasurement(metric)],
  })
}

function unknownClasses(scored: Scored): CheckResult[] {
  if (scored.task !== 'classification' || scored.unknown.length === 0) return []
  return [
    checkResult({
      check: 'model.classes',
      title: 'Classes of the data',
      verdict: 'warn',
      message: `The model does not know ${scored.unknown.map((name) => `"${name}" in ${formatCount(rowsOf(scored, name))} of ${formatCount(scored.rowCount)} rows`).join(', ')}; these rows count as wrong`,
      hint: 'Train with these classes, or look for misspelt labels.',
    }),
  ]
}

function rowsOf({ classes, truth }: ScoredClasses, name: string): number {
  const k = classes.indexOf(name)
  return truth.filter((label) => label === k).length
}

/** `accuracy 0.894 [0.867, 0.916], AUC 0.861 on 595 rows` */
function summarize(metrics: readonly Metric[], rows: number): string {
  const shown = [
    ['accuracy', 'accuracy', true],
    ['roc-auc', 'AUC', false],
    ['root-mean-squared-error', 'RMSE', true],
    ['r2', 'R²', false],
  ] as const
  const parts = shown.flatMap(([name, short, withInterval]) => {
    const metric = metrics.find((candidate) => candidate.name === name)
    if (!metric || metric.value === null) return []
    return [`${short} ${metric.value.toFixed(3)}${withInterval && metric.interval ? ` ${formatInterval(metric.interval)}` : ''}`]
  })
  return `${parts.join(', ') || 'nothing measured'} on ${formatCount(rows)} rows`
}
