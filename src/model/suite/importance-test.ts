import type { Threshold } from '../../core/check.ts'
import { problemOfAnswers } from '../metrics/usable.ts'
import { judgedTest, unmeasuredTest, type TestResult } from './test-result.ts'
import { permutationImportance, toShares, type Shares } from './permutation-importance.ts'
import type { Subject, TestOptions } from './subject.ts'

const TEST = 'feature_importance'

/**
 * No feature has a smaller share of the whole importance than `min`: by the model's own importances where it has them, which
 * are a fact and not an estimate; else by permutation importance. Skipped where predictions cannot be asked for again.
 */
export async function featureImportance(subject: Subject, min: number, options: TestOptions): Promise<TestResult> {
  const threshold: Threshold = { value: min, good: 'at-least' }
  const { predictor, features, table, labels, scored } = subject
  const problem = problemOfAnswers(scored)
  if (problem !== null) return unmeasuredTest(TEST, problem.verdict, problem.reason, threshold)
  if (predictor.importances) return judgeOwn(predictor.importances, threshold, options)
  if (predictor.kind === 'file') {
    const reason = 'these are predictions from a file, without importances, and a file cannot be asked about shuffled columns'
    return unmeasuredTest(TEST, 'skip', reason, threshold)
  }
  if (scored.task === 'ranking') {
    const reason = 'the model gives no importances, and what shuffling does to a ranking is not measured'
    return unmeasuredTest(TEST, 'skip', reason, threshold)
  }
  const present = features.filter((name) => table.columns[name] !== undefined)
  if (present.length === 0) return unmeasuredTest(TEST, 'error', 'the test data holds no feature of the model', threshold)
  const { confidence, seed, signal } = options
  const shares = await permutationImportance({
    predictor,
    table,
    labels,
    features: present,
    task: scored.task,
    confidence,
    seed,
    signal,
  })
  return judgePermuted(shares, threshold, options)
}

function judgeOwn(importances: Readonly<Record<string, number>>, threshold: Threshold, { evidence }: TestOptions): TestResult {
  const features = Object.keys(importances)
  const bad = features.find((name) => !(Number.isFinite(importances[name]) && importances[name]! >= 0))
  if (bad !== undefined)
    return unmeasuredTest(TEST, 'error', `the model's importance of "${bad}" is ${importances[bad]}`, threshold)
  const shares = toShares(Object.values(importances))
  const value = Math.min(...shares)
  if (shares.every((share) => share === 0))
    return unmeasuredTest(TEST, 'error', 'the model gives no feature any importance', threshold)
  const interval = { lower: value, upper: value, confidence: 1, method: 'exact' }
  const estimate = { value, interval, n: features.length }
  const about = { testName: TEST, key: 'min_importance', ...wording(features, shares, threshold.value) }
  return judgedTest(about, estimate, threshold, evidence, byFeature(features, shares))
}

/**
 * The smallest share is below the limit as soon as one feature is (corrected for asking about each), and at or above it only
 * when all are (which needs no correction: the weakest feature decides).
 */
function judgePermuted({ features, shares, lower, upper, n }: Shares, threshold: Threshold, options: TestOptions): TestResult {
  const value = Math.min(...shares)
  if (!Number.isFinite(value)) return unmeasuredTest(TEST, 'error', 'the model answers NaN when a column is shuffled', threshold)
  const interval = {
    lower: Math.min(...lower),
    upper: Math.min(...upper),
    confidence: options.confidence,
    method: 'bootstrap-permutation',
  }
  const about = { testName: TEST, key: 'min_importance', ...wording(features, shares, threshold.value) }
  return judgedTest(about, { value, interval, n }, threshold, options.evidence, byFeature(features, shares))
}

function wording(
  features: readonly string[],
  shares: readonly number[],
  min: number,
): { title: string; note: string | undefined } {
  const smallest = features[shares.indexOf(Math.min(...shares))]!
  const below = features.filter((_name, i) => shares[i]! < min)
  const title = `Smallest feature importance (${smallest})`
  if (below.length < 2) return { title, note: undefined }
  const named = below.slice(0, 5).join(', ') + (below.length > 5 ? ', …' : '')
  return { title, note: `${below.length} of ${features.length} features are below: ${named}` }
}

const byFeature = (features: readonly string[], shares: readonly number[]): Record<string, number> =>
  Object.fromEntries(features.map((name, i) => [`importance:${name}`, shares[i]!]))
