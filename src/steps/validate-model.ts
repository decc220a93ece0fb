import { resolve } from 'node:path'
import { z } from 'zod'
import { formatCount } from '../core/counts.ts'
import { messageOf, UserError } from '../core/errors.ts'
import { stepReport, type Artifact } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { artifactOf, writeFileAtomic } from '../drivers/files.ts'
import { formatInterval } from '../model/judged-message.ts'
import { openTestSetLedger, type Standing, type TestSetLedger } from '../model/ledger/ledger.ts'
import type { MetricSettings } from '../model/metrics/metric-kind.ts'
import { ModelTestSuite, type SuiteOptions } from '../model/suite.ts'
import { asChecks } from '../model/suite/as-checks.ts'
import type { TestResult } from '../model/suite/test-result.ts'
import { DEFAULT_MARGIN, DEFAULT_TESTS, parseTest } from '../model/suite/test-spec.ts'
import { championReads, openChampion } from './champion.ts'
import { metricParams, metricReads, metricSettings, type MetricParams } from './metric-params.ts'
import {
  dataDetails,
  evidenceParam,
  intervalParams,
  scoringParams,
  requireSources,
  openModelData,
  scoringReads,
  type ModelData,
} from './model-data.ts'

const params = z
  .strictObject({
    ...scoringParams,
    threshold: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .meta({ value: 'SHARE' })
      .describe('The accuracy that the model must reach; default 0.8'),
    tests: z
      .array(z.string())
      .default([])
      .meta({ value: 'TESTS' })
      .describe(
        `Tests with their limits: ${DEFAULT_TESTS.map(({ test }) => test.replaceAll('_', '-')).join(', ')}, varied-predictions, a metric such as roc-auc>=0.7, or one against the champion such as accuracy>=champion-0.005; those of the task by default`,
      ),
    champion: z
      .string()
      .min(1)
      .optional()
      .meta({ value: 'FILE|URL|VERSION' })
      .describe(
        'The model to beat on the same rows: a model file, an endpoint, predictions, or a version such as mortgage@champion',
      ),
    margin: z
      .number()
      .min(0)
      .optional()
      .meta({ value: 'NUMBER' })
      .describe(
        `How much worse than the champion the model may be when no test names the champion: in accuracy, in R² of a regression, in NDCG of a ranking; default ${DEFAULT_MARGIN}`,
      ),
    ifNoChampion: z
      .enum(['error', 'skip'])
      .default('error')
      .describe('What a test against a champion is while the registry has none: skip lets a first model through'),
    flips: z
      .string()
      .default('results/flipped-rows.jsonl')
      .meta({ value: 'FILE' })
      .describe('Where the rows go that the champion has right and the model wrong, and the other way round'),
    testSetBudget: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .meta({ value: 'N' })
      .describe(
        'How many decisions the test data are good for; each interval is widened so that all of them together keep to the confidence',
      ),
    ...metricParams,
    evidence: evidenceParam,
    ...intervalParams,
  })
  .superRefine(requireSources)
  .superRefine(requireTests)
  .superRefine(requireChampion)
export type ValidateModelParams = z.output<typeof params>

interface TestParams extends MetricParams {
  readonly tests: readonly string[]
  readonly champion?: string | undefined
  readonly margin?: number | undefined
}

/** Finds tests that cannot be run when the parameters are read; with metrics of the user's own that has to wait until they are loaded. */
export function requireTests({ tests, metricModule }: TestParams, context: z.RefinementCtx): void {
  if (metricModule !== undefined) return
  for (const [i, text] of tests.entries()) {
    try {
      parseTest(text)
    } catch (error) {
      const hint = error instanceof UserError && error.hint !== undefined ? `; ${error.hint}` : ''
      context.addIssue({ code: 'custom', path: ['tests', i], message: messageOf(error) + hint })
    }
  }
}

/** Finds what is said of a champion that is not there, when the parameters are read. */
export function requireChampion({ champion, tests, margin }: TestParams, context: z.RefinementCtx): void {
  const named = tests.find((text) => /[<>]=\s*champion/i.test(text))
  const mistake =
    champion === undefined && named !== undefined
      ? 'A test compares with the champion: give champion, a model file, an endpoint or a version such as mortgage@champion'
      : champion === undefined && margin !== undefined
        ? 'margin is how much worse than the champion a model may be: give champion too'
        : named !== undefined && margin !== undefined
          ? 'The tests say what the champion asks, so margin has no meaning: leave it out'
          : undefined
  if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake })
}

export const validateModel = defineStep({
  name: 'validate-model',
  summary: 'Test a model against limits and against the champion, with how sure each verdict is.',
  params,
  examples: [
    'plimsoll validate-model --model artifacts/model.onnx --test-data data/test/ --label deny --threshold 0.85',
    'plimsoll validate-model --predictions results/predictions.parquet --tests "accuracy-threshold=0.85,roc-auc>=0.7"',
    'plimsoll validate-model --model artifacts/model.onnx --test-data data/test/ --label deny --champion mortgage@champion --tests "roc-auc>=champion-0.005"',
  ],
  reads: (given) => [...scoringReads(given), ...championReads(given.champion), ...metricReads(given)],
  writes: ({ champion, flips }) => (champion === undefined ? [] : [file(flips)]),
  async run(context, given) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { evidence, confidence, seed } = given
    return judgeModel(context, given, context.stateDir, async ({ data, suite, results }) => {
      for (const line of suite.generateReport().split('\n')) context.say(line)
      const use = suite.standing
      if (use !== null && use.budget === null && use.decisions > 1) context.say(usedText(use))
      return stepReport({
        name: 'validate-model',
        summary: summarize(results, data.table.rowCount),
        startedAt,
        durationMs: context.clock.monotonic() - started,
        results: asChecks(results),
        subject: data.subject,
        artifacts: given.champion === undefined ? [] : [await writeFlips(context, given.flips, results)],
        details: {
          ...(await dataDetails(context, data)),
          evidence,
          confidence,
          seed,
          ...(use && { testSet: { decision: use.number, ...(use.budget !== null && { budget: use.budget }) } }),
        },
      })
    })
  },
})

/** A suite that has judged a model, while the model is still open. */
interface Judged {
  readonly data: ModelData
  readonly suite: ModelTestSuite
  readonly results: readonly TestResult[]
}

/**
 * Opens the model and its champion, runs the tests, and closes what was opened after `use`.
 *
 * @param ledgerFolder where the ledger of test sets is
 */
export async function judgeModel<T>(
  context: StepContext,
  given: ValidateModelParams,
  ledgerFolder: string,
  use: (judged: Judged) => Promise<T>,
): Promise<T> {
  const data = await openModelData(context, given)
  const opened: { close(): unknown }[] = [data.predictor]
  try {
    const champion =
      given.champion === undefined ? undefined : await openChampion(context, given.champion, given.ifNoChampion, data)
    if (champion) opened.push(champion)
    const ledger = openTestSetLedger(ledgerFolder)
    opened.push(ledger)
    const settings = await metricSettings(context.cwd, given)
    const suite = suiteOf(context, given, data, champion?.champion, ledger, settings)
    const results = await runTests(suite, given, settings)
    return await use({ data, suite, results })
  } finally {
    for (const each of opened.toReversed()) await each.close()
  }
}

function suiteOf(
  context: StepContext,
  given: ValidateModelParams,
  { predictor, inputs, table, labels, ids, source, scoring }: ModelData,
  champion: SuiteOptions['champion'],
  ledger: TestSetLedger,
  { costs, own }: MetricSettings,
): ModelTestSuite {
  const { evidence, confidence, seed, margin, testSetBudget } = given
  return new ModelTestSuite(predictor, inputs, labels, {
    ...scoring,
    evidence,
    confidence,
    seed,
    margin,
    signal: context.signal,
    ledger: {
      ledger,
      table,
      budget: testSetBudget,
      path: source,
      runId: context.run?.id ?? null,
      at: context.clock.now(),
    },
    ...(ids && { ids }),
    ...(costs && { costs }),
    ...(own && { metrics: own }),
    ...(champion && { champion }),
  })
}

/** The tests asked for, or those of the task; `threshold` is that of accuracy, wherever it is not given otherwise. */
async function runTests(
  suite: ModelTestSuite,
  { tests, threshold }: ValidateModelParams,
  settings: MetricSettings,
): Promise<TestResult[]> {
  if (tests.length === 0) return suite.runAll(threshold)
  if (threshold !== undefined) suite.testAccuracyThreshold(threshold)
  for (const spec of tests.map((text) => parseTest(text, settings)))
    if (threshold === undefined || spec.test !== 'accuracy_threshold') suite.add(spec)
  return suite.run()
}

/** Every row that flipped, one JSON object a line; an empty file when none did. */
async function writeFlips({ cwd }: StepContext, path: string, results: readonly TestResult[]): Promise<Artifact> {
  const rows = results.find(({ flips }) => flips)?.flips?.rows ?? []
  await writeFileAtomic(resolve(cwd, path), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return artifactOf(cwd, path, 'application/x-ndjson')
}

function usedText({ number, decisions }: Standing): string {
  return `These test data were used for ${formatCount(decisions)} decisions; this is number ${formatCount(number)}. --test-set-budget makes the intervals allow for that.`
}

function summarize(results: readonly TestResult[], rows: number): string {
  const passed = results.filter((result) => result.passed).length
  const others = (['fail', 'inconclusive', 'error', 'warn', 'skip'] as const).flatMap((verdict) => {
    const named = results.filter((result) => result.verdict === verdict).map(({ testName }) => testName.replaceAll('_', '-'))
    return named.length > 0 ? [`; ${verdict}: ${named.join(', ')}`] : []
  })
  const { accuracy } = results.find(({ testName }) => testName === 'accuracy_threshold')?.metrics ?? {}
  const interval = results.find(({ testName }) => testName === 'accuracy_threshold')?.interval
  const reached = accuracy && interval ? `; accuracy ${accuracy.toFixed(3)} ${formatInterval(interval)}` : ''
  return `${passed}/${results.length} tests passed on ${formatCount(rows)} rows${others.join('')}${reached}`
}
