import { z } from 'zod'
import { count, formatCount } from '../../core/counts.ts'
import type { Report } from '../../core/report.ts'
import { defineStep, type StepContext } from '../../core/step.ts'
import type { InconclusivePolicy } from '../../core/verdict.ts'
import { formatInterval } from '../../model/judged-message.ts'
import { measureAll } from '../../model/metrics/measure.ts'
import { asDocument, type Metric } from '../../model/metrics/metric.ts'
import type { Scored, Task } from '../../model/scored.ts'
import { textTable } from '../../report/text-table.ts'
import { palette } from '../../report/text.ts'
import { printable } from '../../report/wording.ts'
import { metricSettings } from '../../steps/metric-params.ts'
import { requireSources, scoreModelData } from '../../steps/model-data.ts'
import { requireChampion, requireTests, validateModel } from '../../steps/validate-model.ts'
import { eventOf, policyOf } from '../environment.ts'
import { publishToGithub, withoutWorkflowCommands } from '../github.ts'
import { printReport } from '../output.ts'
import type { Session } from '../session.ts'
import { stepContext } from './step.ts'

/** What only a model needs that is run. */
const OF_MODELS = ['model', 'features', 'python', 'pythonMemory', 'header', 'concurrency', 'batchSize', 'timeout'] as const
type Shape = typeof validateModel.params.shape
const forPredictions = Object.fromEntries(
  Object.entries(validateModel.params.shape).filter(([name]) => !(OF_MODELS as readonly string[]).includes(name)),
) as Omit<Shape, (typeof OF_MODELS)[number]>

const params = z
  .strictObject({
    ...forPredictions,
    predictions: z
      .string()
      .meta({ value: 'FILE' })
      .describe('What was predicted, with the labels or beside test-data: CSV, Parquet or JSON Lines'),
  })
  .superRefine(requireSources)
  .superRefine(requireTests)
  .superRefine(requireChampion)

type Params = z.output<typeof params>
const FOR_MODELS = { features: [], header: [] }

/** `validate-model` without the parameters of a model that is run. */
export const testStep = defineStep({
  name: 'test',
  summary: validateModel.summary,
  params,
  argument: 'predictions',
  examples: [
    'plimsoll test predictions.csv --label y --prediction p',
    'plimsoll test predictions.csv --label churned --probability score --tests "roc-auc>=0.7,log-loss<=0.5"',
    'plimsoll test predictions.csv --test-data data/test.csv --id customer --label churned --probability score',
    'plimsoll test predictions.csv --label price --task regression --tests "r2>=0.8"',
  ],
  reads: (given) => validateModel.reads({ ...given, ...FOR_MODELS }),
  writes: (given) => validateModel.writes({ ...given, ...FOR_MODELS }),
  run: (context, given) => validateModel.run(context, { ...given, ...FOR_MODELS }),
})

/** Measures everything, runs the tests, prints both and answers the exit code. */
export async function testCommand(session: Session, given: Params, policy: InconclusivePolicy | undefined): Promise<number> {
  const inconclusive = policy ?? policyOf(eventOf(session.env))
  // The lines that validate-model says are in the report below.
  const context: StepContext = { ...(await stepContext(session)), say: () => {} }
  const [report, code] = await withoutWorkflowCommands(session, async () => {
    const { scored, metrics } = await measured(context, given)
    const tested = await testStep.run(context, given)
    const report: Report = {
      ...tested,
      name: 'test',
      details: { ...tested.details, ...about(scored), metrics: metrics.map(asDocument) },
    }
    if (!session.json) session.terminal.out.write(`${overview(session, given, scored, metrics)}\n\n`)
    const code = printReport(session, report, inconclusive)
    if (given.tests.length === 0 && given.threshold === undefined) session.say(`\n${noLimits(scored)}`)
    return [report, code] as const
  })
  await publishToGithub(session, report)
  return code
}

const noLimits = ({ task }: Scored): string =>
  `No limits were given, so these are the defaults, which know nothing of your problem. Give your own: --tests "${EXAMPLES[task]}".`

const EXAMPLES: Readonly<Record<Task, string>> = {
  classification: 'accuracy-threshold=0.85,roc-auc>=0.7',
  multilabel: 'f1-micro>=0.8,hamming-loss<=0.1',
  regression: 'r2>=0.8,mean-absolute-error<=5',
  ranking: 'ndcg@10>=0.8',
}

async function measured(context: StepContext, given: Params): Promise<{ scored: Scored; metrics: Metric[] }> {
  const data = await scoreModelData(context, { ...given, ...FOR_MODELS })
  await data.predictor.close()
  return { scored: data.scored, metrics: measureAll(data.scored, { ...given, ...(await metricSettings(context.cwd, given)) }) }
}

/** Task, classes and the positive one: what was read from the labels and not given. */
function about(scored: Scored): Record<string, unknown> {
  if (!('classes' in scored)) return { task: scored.task }
  const positive = 'positive' in scored && scored.positive !== null ? { positive: scored.classes[scored.positive] } : {}
  return { task: scored.task, classes: scored.classes, ...positive }
}

function overview({ terminal: { out } }: Session, given: Params, scored: Scored, metrics: readonly Metric[]): string {
  const { bold, dim } = palette(out.color)
  const header = ['metric', 'value', `${+(given.confidence * 100).toFixed(2)} % interval`, 'n', '']
  const rows = metrics.map(({ title, value, interval, n, problem, note }) => [
    printable(title),
    value === null ? '–' : Math.abs(value) < 1000 ? value.toFixed(4) : value.toPrecision(7),
    interval === null ? '–' : formatInterval(interval),
    formatCount(n),
    dim(printable(problem?.reason ?? note ?? '')),
  ])
  const table = textTable([header.map((cell) => dim(cell)), ...rows], { wrap: 4, width: out.width ?? 120 })
  return `${bold(printable(given.predictions))}${dim(` · ${count(scored.rowCount, 'row')} · ${taskOf(scored)}`)}\n\n${table}`
}

/** `classification, "yes" (positive) against "no"` */
function taskOf(scored: Scored): string {
  if (!('classes' in scored)) return scored.task
  const { classes } = scored
  const positive = 'positive' in scored ? scored.positive : null
  if (positive !== null && classes.length === 2)
    return printable(`${scored.task}, "${classes[positive]}" (positive) against "${classes[1 - positive]}"`)
  return printable(`${scored.task}, ${classes.length} classes`)
}
