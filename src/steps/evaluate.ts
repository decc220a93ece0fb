import { join, resolve } from 'node:path'
import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { formatCount } from '../core/counts.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { artifactOf, writeFileAtomic } from '../drivers/files.ts'
import { formatInterval } from '../model/judged-message.ts'
import { confusionMatrix } from '../model/metrics/confusion-matrix.ts'
import { measure, measureAll } from '../model/metrics/measure.ts'
import { asDocument, asMeasurement, type Metric } from '../model/metrics/metric.ts'
import { findMetric } from '../model/metrics/read-metric.ts'
import { writePredictions } from '../model/predictions-file.ts'
import type { Scored, ScoredClasses, Task } from '../model/scored.ts'
import { kishRows } from '../stats/design-effect.ts'
import { metricParams, metricReads, metricSettings } from './metric-params.ts'
import { dataDetails, intervalParams, scoreModelData, scoringParams, requireSources, scoringReads } from './model-data.ts'

/** In the list of metrics: those that fit the task, and the user's own. */
const STANDARD = 'standard'

const params = z
  .strictObject({
    ...scoringParams,
    ...intervalParams,
    metrics: z
      .array(z.string())
      .default([STANDARD])
      .meta({ value: 'NAMES' })
      .describe('Metrics to report, a parameter after an @, such as f-beta@2; standard stands for those that fit the task'),
    ...metricParams,
    output: z.string().default('results').meta({ value: 'FOLDER' }).describe('Where predictions.parquet and metrics.json go'),
  })
  .superRefine(requireSources)
  .superRefine(({ metrics, metricModule }, context) => {
    for (const name of metrics) {
      if (name === STANDARD || metricModule !== undefined) continue
      try {
        findMetric(name)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        context.addIssue({
          code: 'custom',
          path: ['metrics'],
          message: `${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`,
        })
      }
    }
  })

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
    'plimsoll evaluate --predictions results/predictions.parquet --metrics standard,mcc,f-beta@2 --costs \'{"yes": {"no": 5}}\'',
  ],
  reads: (given) => [...scoringReads(given), ...metricReads(given)],
  writes: ({ output }) => [file(predictionsFile(output)), file(metricsFile(output))],
  async run(context, given) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { cwd } = context
    const data = await scoreModelData(context, given)
    try {
      const { scored, subject } = data
      const { confidence, seed } = given
      const options = { confidence, seed, ...(await metricSettings(cwd, given)) }
      const named = [...new Set(given.metrics)].flatMap((name) =>
        name === STANDARD ? measureAll(scored, options) : [measure(scored, name, options)],
      )
      const metrics = [...new Map(named.map((metric) => [metric.name, metric])).values()]
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
        summary: summarize(metrics, scored),
        startedAt,
        durationMs: context.clock.monotonic() - started,
        results: [...unknownClasses(scored), ...metrics.map((metric) => asCheck(metric, scored))],
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

/** Task, how the rows were drawn, and what there is to count: classes with their confusion matrix, or queries. */
function describe(scored: Scored): Record<string, unknown> {
  const about = { task: scored.task, ...describeDesign(scored) }
  if (scored.task === 'regression') return about
  if (scored.task === 'ranking') return { ...about, queries: scored.queryCount }
  if (scored.task === 'multilabel') return { ...about, classes: scored.classes }
  const { classes, counts } = confusionMatrix(scored)
  const matrix = classes.map((_name, row) => [...counts.subarray(row * classes.length, (row + 1) * classes.length)])
  const positive = scored.positive === null ? {} : { positive: classes[scored.positive] }
  return { ...about, classes, ...positive, confusionMatrix: matrix }
}

/** How many equally weighted rows the weighted ones are worth (Kish 1965), and how many clusters there are. */
function describeDesign({ design: { weights, clusters } }: Scored): Record<string, unknown> {
  return {
    ...(weights && { effectiveRows: kishRows(weights, weights.length) }),
    ...(clusters && { clusters: new Set(clusters).size }),
  }
}

/** Evaluation judges nothing: a metric passes when it was measured, and warns where a convention had to stand in. */
function asCheck(metric: Metric, scored: Scored): CheckResult {
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
    message: `${title} ${value.toFixed(4)}${range} on ${formatCount(n)} ${unitOf(scored)}${note === undefined ? '' : `; ${note}`}`,
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

const unitOf = ({ task }: Scored): string => (task === 'ranking' ? 'queries' : 'rows')

/** What the line of a step says of each task, where it was measured: the first with its interval. */
const SUMMARY: Readonly<Record<Task, readonly (readonly [name: string, short: string])[]>> = {
  classification: [
    ['accuracy', 'accuracy'],
    ['roc-auc', 'AUC'],
  ],
  multilabel: [
    ['f1-micro', 'micro F1'],
    ['accuracy', 'subset accuracy'],
  ],
  regression: [
    ['root-mean-squared-error', 'RMSE'],
    ['r2', 'R²'],
  ],
  ranking: [
    ['ndcg', 'NDCG'],
    ['mrr', 'MRR'],
  ],
}

/** `accuracy 0.894 [0.867, 0.916], AUC 0.861 on 595 rows` */
function summarize(metrics: readonly Metric[], scored: Scored): string {
  const measured = metrics.filter(({ value }) => value !== null)
  const usual = SUMMARY[scored.task].flatMap(([name, short]) => {
    const metric = measured.find((candidate) => candidate.name === name)
    return metric ? [{ ...metric, short }] : []
  })
  const shown = usual.length > 0 ? usual : measured.slice(0, 2).map((metric) => ({ ...metric, short: metric.name }))
  const parts = shown.map(
    ({ short, value, interval }, i) =>
      `${short} ${value!.toFixed(3)}${i === 0 && interval ? ` ${formatInterval(interval)}` : ''}`,
  )
  const count = scored.task === 'ranking' ? scored.queryCount : scored.rowCount
  const { weights, clusters } = scored.design
  const drawn = `${clusters ? ` in ${formatCount(new Set(clusters).size)} clusters` : ''}${weights ? ', weighted' : ''}`
  return `${parts.join(', ') || 'nothing measured'} on ${formatCount(count)} ${unitOf(scored)}${drawn}`
}
