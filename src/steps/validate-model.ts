import { z } from 'zod'
import { formatCount } from '../core/counts.ts'
import { messageOf, UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep } from '../core/step.ts'
import { formatInterval } from '../model/judged-message.ts'
import { ModelTestSuite } from '../model/suite.ts'
import { asCheck, type TestResult } from '../model/suite/test-result.ts'
import { DEFAULT_TESTS, parseTest, type TestSpec } from '../model/suite/test-spec.ts'
import {
  dataDetails,
  evidenceParam,
  intervalParams,
  scoringParams,
  requireSources,
  openModelData,
  scoringReads,
} from './model-data.ts'

const Test = z.string().transform((text, context): TestSpec => {
  try {
    return parseTest(text)
  } catch (error) {
    const hint = error instanceof UserError && error.hint !== undefined ? `; ${error.hint}` : ''
    context.addIssue({ code: 'custom', message: messageOf(error) + hint })
    return z.NEVER
  }
})

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
      .array(Test)
      .default([])
      .meta({ value: 'TESTS' })
      .describe(
        `Tests with their limits: ${DEFAULT_TESTS.map(({ test }) => test.replaceAll('_', '-')).join(', ')} (each also with =LIMIT), or a metric such as roc-auc>=0.7; all five by default`,
      ),
    evidence: evidenceParam,
    ...intervalParams,
  })
  .superRefine(requireSources)

export const validateModel = defineStep({
  name: 'validate-model',
  summary: 'Run the model test suite: accuracy, F1, spread of the predictions, NaN, feature importance.',
  params,
  examples: [
    'plimsoll validate-model --model artifacts/model.onnx --test-data data/test/ --label deny --threshold 0.85',
    'plimsoll validate-model --predictions results/predictions.parquet --tests "accuracy-threshold=0.85,roc-auc>=0.7"',
  ],
  reads: scoringReads,
  writes: () => [],
  async run(context, given) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { evidence, confidence, seed, threshold } = given
    const data = await openModelData(context, given)
    try {
      const { predictor, table, inputs, labels, scoring } = data
      const suite = new ModelTestSuite(predictor, inputs, labels, {
        ...scoring,
        evidence,
        confidence,
        seed,
        signal: context.signal,
      })
      for (const spec of testsOf(given.tests, threshold)) suite.add(spec)
      const results = await suite.run()
      for (const line of suite.generateReport().split('\n')) context.say(line)
      return stepReport({
        name: 'validate-model',
        summary: summarize(results, table.rowCount),
        startedAt,
        durationMs: context.clock.monotonic() - started,
        results: results.map(asCheck),
        subject: data.subject,
        details: { ...(await dataDetails(context, data)), evidence, confidence, seed },
      })
    } finally {
      await data.predictor.close()
    }
  },
})

/** The tests asked for, or all five; `threshold` is that of accuracy, wherever it is not given otherwise. */
function testsOf(tests: readonly TestSpec[], threshold: number | undefined): TestSpec[] {
  const chosen: readonly TestSpec[] = tests.length > 0 ? tests : DEFAULT_TESTS
  if (threshold === undefined) return [...chosen]
  const accuracy: TestSpec = { test: 'accuracy_threshold', min: threshold }
  const others = chosen.filter(({ test }) => test !== 'accuracy_threshold')
  return [accuracy, ...others]
}

function summarize(results: readonly TestResult[], rows: number): string {
  const passed = results.filter((result) => result.passed).length
  const others = (['fail', 'inconclusive', 'error', 'skip'] as const).flatMap((verdict) => {
    const named = results.filter((result) => result.verdict === verdict).map(({ testName }) => testName.replaceAll('_', '-'))
    return named.length > 0 ? [`; ${verdict}: ${named.join(', ')}`] : []
  })
  const { accuracy } = results.find(({ testName }) => testName === 'accuracy_threshold')?.metrics ?? {}
  const interval = results.find(({ testName }) => testName === 'accuracy_threshold')?.interval
  const reached = accuracy && interval ? `; accuracy ${accuracy.toFixed(3)} ${formatInterval(interval)}` : ''
  return `${passed}/${results.length} tests passed on ${formatCount(rows)} rows${others.join('')}${reached}`
}
