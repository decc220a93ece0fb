import { UserError } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'

/** One test of the suite, as data. The fluent methods make these, and so does `tests:` in plimsoll.yaml. */
export type TestSpec =
  | { readonly test: 'accuracy_threshold'; readonly min: number }
  | { readonly test: 'f1_score'; readonly min: number }
  | { readonly test: 'prediction_distribution'; readonly max: number }
  | { readonly test: 'no_nan_predictions' }
  | { readonly test: 'feature_importance'; readonly min: number }
  | { readonly test: 'metric'; readonly metric: string; readonly min: number }
  | { readonly test: 'metric'; readonly metric: string; readonly max: number }

/** The five tests that run when none are named, in their order, with their default limits. */
export const DEFAULT_TESTS = [
  { test: 'accuracy_threshold', min: 0.8 },
  { test: 'f1_score', min: 0.75 },
  { test: 'prediction_distribution', max: 0.5 },
  { test: 'no_nan_predictions' },
  { test: 'feature_importance', min: 0.01 },
] as const satisfies readonly TestSpec[]

/** Tests of a share. */
const SHARES: ReadonlySet<string> = new Set(['accuracy_threshold', 'f1_score'])

/** A spec without a usable limit would pass or fail everything. */
export function requireLimit(test: string, limit: number): number {
  if (!Number.isFinite(limit)) throw new UserError('E_VALUE', `The threshold of ${test} is not a number: ${limit}`)
  if (SHARES.has(test.replaceAll('-', '_')) && (limit < 0 || limit > 1)) {
    throw new UserError('E_VALUE', `The threshold of ${test} is not between 0 and 1: ${limit}`, {
      hint: limit > 1 && limit <= 100 ? `It is a share: ${limit} % is ${limit / 100}.` : 'It is a share, such as 0.85.',
    })
  }
  return limit
}

const KNOWN = [...DEFAULT_TESTS.map(({ test }) => test.replaceAll('_', '-')), 'metric']

/**
 * A test as it is written outside: `accuracy-threshold`, `accuracy-threshold=0.85`, `roc-auc>=0.7`, `log-loss<=0.4`.
 *
 * @throws UserError E_VALUE for what is none of these
 */
export function parseTest(text: string): TestSpec {
  const match = /^\s*([a-z][\w-]*)\s*(?:(>=|<=|=|:)\s*(\S+))?\s*$/i.exec(text)
  const hint = 'Write accuracy-threshold, accuracy-threshold=0.85, roc-auc>=0.7 or log-loss<=0.4.'
  if (!match) throw new UserError('E_VALUE', `"${text}" is not a test of a model`, { hint })
  const [, name = '', operator, given] = match
  const limit = given === undefined ? undefined : requireLimit(name, Number(given))
  if (operator === '>=' || operator === '<=') {
    return operator === '>=' ? { test: 'metric', metric: name, min: limit! } : { test: 'metric', metric: name, max: limit! }
  }
  const standard = DEFAULT_TESTS.find(({ test }) => test === name.replaceAll('-', '_'))
  if (!standard) {
    throw new UserError('E_VALUE', `There is no test "${name}"`, {
      hint: `${didYouMean(name, KNOWN)} A metric takes a limit: ${name}>=0.7.`,
    })
  }
  return withLimit(standard, limit)
}

function withLimit(standard: (typeof DEFAULT_TESTS)[number], limit: number | undefined): TestSpec {
  if (limit === undefined) return standard
  if (standard.test === 'no_nan_predictions') throw new UserError('E_VALUE', 'no-nan-predictions takes no threshold')
  return 'max' in standard ? { ...standard, max: limit } : { ...standard, min: limit }
}
