import type { Threshold } from '../../core/check.ts'
import { unreachable } from '../../core/errors.ts'
import { measure } from '../metrics/measure.ts'
import { featureImportance } from './importance-test.ts'
import { noNanPredictions, predictionDistribution } from './prediction-tests.ts'
import type { Subject, TestOptions } from './subject.ts'
import { judgedTest, unmeasuredTest, type TestResult } from './test-result.ts'
import type { TestSpec } from './test-spec.ts'

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
    case 'feature_importance':
      return featureImportance(subject, spec.min, options)
    case 'metric': {
      const threshold: Threshold = 'min' in spec ? atLeast(spec.min) : { value: spec.max, good: 'at-most' }
      return metricTest(subject, spec.metric, spec.metric, threshold, options)
    }
    default:
      return unreachable(spec)
  }
}

const atLeast = (value: number): Threshold => ({ value, good: 'at-least' })

function metricTest({ scored }: Subject, testName: string, name: string, threshold: Threshold, options: TestOptions): TestResult {
  if (scored.task === 'regression' && (testName === 'accuracy_threshold' || testName === 'f1_score')) {
    return unmeasuredTest(
      testName,
      'error',
      'the labels are numbers, not classes, so there is no accuracy or F1; test r2 or mean-absolute-error instead',
      threshold,
    )
  }
  const { value, interval, n, title, note, problem } = measure(scored, name, options)
  if (value === null) return unmeasuredTest(testName, problem?.verdict ?? 'error', problem?.reason ?? 'not measured', threshold)
  const key = name.replaceAll('-', '_')
  return judgedTest({ testName, key, title, note }, { value, interval, n }, threshold, options.evidence)
}
