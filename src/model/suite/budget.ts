import { digestOf } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { formatCount } from '../../core/counts.ts'
import type { Table } from '../../core/table.ts'
import type { Evidence } from '../../stats/judge.ts'
import type { Standing, TestSetLedger } from '../ledger/ledger.ts'
import { predictionsDigest, testSetDigest } from '../ledger/test-set-digest.ts'
import type { Subject } from './subject.ts'
import type { TestResult } from './test-result.ts'
import type { TestSpec } from './test-spec.ts'

/** A ledger, and what is to be written into it of a suite's data. */
export interface LedgerUse {
  readonly ledger: TestSetLedger
  /** All columns of the test data but the labels, where the suite is given only those that its model reads: they name the test set. */
  readonly table?: Table
  /** How many decisions the test data are good for, 1 to 1,000. Each interval is then so wide that all of them together keep to the confidence. */
  readonly budget?: number | undefined
  /** The data as the user named them. */
  readonly path?: string
  readonly runId?: string | null
  /** Default: now. */
  readonly at?: Date
}

const LARGEST_BUDGET = 1000

/**
 * Bonferroni's correction: with a confidence of 1 − α / N for each of N decisions, the chance that any of them lets a model through
 * that is not good enough is at most what it was for one, α / 2 on the side that is judged. Several tests within a decision need no
 * correction, because a model passes only when all of them pass.
 *
 * @throws UserError E_VALUE when the budget is not a whole number from 1 to 1,000
 */
export function correctedConfidence(confidence: number, budget: number): number {
  if (!Number.isInteger(budget) || budget < 1 || budget > LARGEST_BUDGET) {
    throw new UserError(
      'E_VALUE',
      `The budget of a test set is a number of decisions from 1 to ${formatCount(LARGEST_BUDGET)}, not ${budget}`,
    )
  }
  return 1 - (1 - confidence) / budget
}

/**
 * Writes down that the tests judge the model, before they do: what was seen once is seen. The decision is known again by what the models
 * said and what was asked, not by their files, because two models that answer alike tell nothing new.
 */
export function recordDecision(
  { ledger, table, budget, path, runId = null, at = new Date() }: LedgerUse,
  { table: inputs, labels, predictor, predictions, champion, scored, settings }: Subject,
  tests: readonly TestSpec[],
  asked: { readonly evidence: Evidence; readonly confidence: number; readonly seed: number },
  name: string,
): Standing {
  const other = champion !== null && 'predictions' in champion ? predictionsDigest(champion.predictions) : null
  const { costs = null, own = [] } = settings
  return ledger.record({
    testSet: testSetDigest(table ?? inputs, labels),
    path: path ?? name,
    rows: inputs.rowCount,
    identity: digestOf({
      model: predictionsDigest(predictions),
      champion: other,
      tests,
      asked,
      task: scored.task,
      positive: 'positive' in scored ? scored.positive : null,
      costs,
      own: own.map((metric) => metric.name),
    }),
    model: predictor.name,
    budget: budget ?? null,
    runId,
    at,
  })
}

/** Whether the budget of the test data still holds, as a result of its own: what is used up cannot make a gate pass. */
export function budgetResult(
  { number, budget, isUsedUp, withoutBudget }: Standing,
  { evidence, asked, confidence }: { readonly evidence: Evidence; readonly asked: number; readonly confidence: number },
): TestResult {
  const of = formatCount(budget!)
  const parts = [
    isUsedUp
      ? `These test data were good for ${of} decisions, which are used up: this is number ${formatCount(number)}, and what passes now may have been found by trying`
      : `Decision ${formatCount(number)} of the ${of} that these test data are good for`,
    evidence === 'point'
      ? 'bare numbers are compared, so nothing is corrected for the number of decisions'
      : `each interval is at ${percent(confidence)}, so that ${budget === 1 ? 'it keeps' : `all ${of} together keep`} to ${percent(asked)}`,
    ...(withoutBudget > 0 && evidence === 'interval' ? [uncovered(withoutBudget)] : []),
  ]
  const verdict = isUsedUp ? 'inconclusive' : evidence === 'point' ? 'warn' : 'pass'
  return {
    testName: 'test_set_budget',
    passed: verdict === 'pass',
    verdict,
    message: parts.join('; '),
    metrics: { decision: number, budget },
    interval: null,
    n: number,
    threshold: null,
    ...(isUsedUp && {
      hint: 'Test on fresh data that no decision was made on. plimsoll test-sets shows what each test set was used for.',
    }),
  }
}

function uncovered(count: number): string {
  return count === 1
    ? 'an earlier one was made without a budget, and is not covered by that'
    : `${formatCount(count)} earlier ones were made without a budget, and are not covered by that`
}

/** `99.75 %`: two digits of what is missing to 100. */
const percent = (share: number): string => `${Number((100 - Number((100 * (1 - share)).toPrecision(2))).toFixed(8))} %`
