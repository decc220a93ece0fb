import type { Threshold } from '../../core/check.ts'
import { unreachable } from '../../core/errors.ts'
import { measure } from '../metrics/measure.ts'
import { cautionsOf } from './cautions.ts'
import { championTest, championTestName } from './champion-test.ts'
import { farOut } from './far-out.ts'
import { featureImportance } from './importance-test.ts'
import { noNanPredictions, predictionDistribution, variedPredictions } from './prediction-tests.ts'
import type { Subject, TestOptions } from './subject.ts'
import { judgedTest, unmeasuredTest, type TestResult } from './test-result.ts'
import type { TestSpec } from './test-spec.ts'

/** A test's name in reports. */
export function nameOf(spec: TestSpec): string {
  if (spec.test === 'champion') return championTestName(spec.metric)
  return spec.test === 'metric' ? spec.metric : spec.test
}

/** Runs one test on a scored model. */
export async function runTest(spec: TestSpec, subject: Subject, options: TestOptions): Promise<TestResult> {
  switch (spec.test) {
    case 'accuracy_threshold':
      return metricTest(subject, spec.test, 'accuracy', atLeast(spec.min), options)
    case 'f1_score':
      return metricTest(subject, spec.test, 'f1-weighted', atLeast(spec.min), options)
    case 'prediction_distribution':
      return predictionDistribution(subject, spec.max, options)
    case 'no_nan_predictions':
      return noNanPredictions(subject, options)
    case 'varied_predictions':
      return variedPredictions(subject)
    case 'feature_importance':
      return featureImportance(subject, spec.min, options)
    case 'metric': {
      const threshold: Threshold = 'min' in spec ? atLeast(spec.min) : { value: spec.max, good: 'at-most' }
      return metricTest(subject, spec.metric, spec.metric, threshold, options)
    }
    case 'champion':
      return championTest(spec, subject, options)
    default:
      return unreachable(spec)
  }
}

const atLeast = (value: number): Threshold => ({ value, good: 'at-least' })

function metricTest(
  { scored, settings }: Subject,
  testName: string,
  name: string,
  threshold: Threshold,
  options: TestOptions,
): TestResult {
  const hasClasses = scored.task === 'classification' || scored.task === 'multilabel'
  if (!hasClasses && (testName === 'accuracy_threshold' || testName === 'f1_score')) {
    return unmeasuredTest(
      testName,
      'error',
      scored.task === 'regression'
        ? 'the labels are numbers, not classes, so there is no accuracy or F1; test r2 or mean-absolute-error instead'
        : 'a ranking has no accuracy or F1; test ndcg or map instead',
      threshold,
    )
  }
  const { confidence, seed } = options
  const { value, interval, n, title, note, problem } = farOut(confidence, (at) =>
    measure(scored, name, { confidence: at, seed, ...settings }),
  )
  // A report may leave out what a model gives nothing to measure on. A gate that was asked for may not.
  if (value === null) return unmeasuredTest(testName, 'error', problem?.reason ?? 'not measured', threshold)
  const cautions = cautionsOf(scored, [note])
  const about = {
    testName,
    key: name.replaceAll('-', '_'),
    title,
    note: cautions.text.slice(2) || undefined,
    spoils: cautions.spoils,
  }
  const [things, rowCount] = scored.task === 'ranking' ? (['queries', n] as const) : (['rows', scored.rowCount] as const)
  return judgedTest(about, { value, interval, n, rowCount, things }, threshold, options.evidence)
}
