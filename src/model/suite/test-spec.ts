import { UserError } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import type { MetricSettings } from '../metrics/metric-kind.ts'
import { findMetric } from '../metrics/read-metric.ts'
import type { Task } from '../scored.ts'

/** What is asked of a model beside the champion: to lose no more than a margin, or to win at least one. Both are in the metric's units, 0 or more. */
export type ChampionLimit = { readonly noWorseThan: number } | { readonly betterBy: number }

/** One test of the suite, as data. The fluent methods make these, and so does `tests:` in plimsoll.yaml. */
export type TestSpec =
  | { readonly test: 'accuracy_threshold'; readonly min: number }
  | { readonly test: 'f1_score'; readonly min: number }
  | { readonly test: 'prediction_distribution'; readonly max: number }
  | { readonly test: 'no_nan_predictions' }
  | { readonly test: 'varied_predictions' }
  | { readonly test: 'feature_importance'; readonly min: number }
  | { readonly test: 'metric'; readonly metric: string; readonly min: number }
  | { readonly test: 'metric'; readonly metric: string; readonly max: number }
  | ChampionSpec

/** A metric of the model against that of the champion on the same rows. */
export type ChampionSpec = { readonly test: 'champion'; readonly metric: string } & ChampionLimit

/** The five tests of a classifier that run when none are named, in their order, with their default limits. */
export const DEFAULT_TESTS = [
  { test: 'accuracy_threshold', min: 0.8 },
  { test: 'f1_score', min: 0.75 },
  { test: 'prediction_distribution', max: 0.5 },
  { test: 'no_nan_predictions' },
  { test: 'feature_importance', min: 0.01 },
] as const satisfies readonly TestSpec[]

const [, , , NO_NAN, IMPORTANCE] = DEFAULT_TESTS
const VARIED = { test: 'varied_predictions' } as const

/**
 * What runs for other tasks when no tests are named. A regression has to beat the mean of the labels; the scores of a multilabel
 * model are held to what a classifier's F1 is held to. A ranking has no limit that would suit all data; one half is what a model has that
 * puts the one good document of a query third.
 */
const DEFAULTS: Readonly<Record<Task, readonly TestSpec[]>> = {
  classification: DEFAULT_TESTS,
  multilabel: [{ test: 'f1_score', min: 0.75 }, VARIED, NO_NAN, IMPORTANCE],
  regression: [{ test: 'metric', metric: 'r2', min: 0 }, VARIED, NO_NAN, IMPORTANCE],
  ranking: [{ test: 'metric', metric: 'ndcg', min: 0.5 }, VARIED, NO_NAN],
}

/** The tests that run when none are named. */
export const defaultTests = (task: Task): readonly TestSpec[] => DEFAULTS[task]

/** What a model may lose against the champion when nothing else is said: one point of a measure that goes to 1. */
export const DEFAULT_MARGIN = 0.01

const CHAMPION_METRICS: Readonly<Record<Task, string>> = {
  classification: 'accuracy',
  multilabel: 'accuracy',
  regression: 'r2',
  ranking: 'ndcg',
}

/** The test against the champion that runs when none is named. Its metric goes up to 1 for every task, so that one margin suits all of them. */
export const defaultChampionTest = (task: Task, margin = DEFAULT_MARGIN): ChampionSpec => ({
  test: 'champion',
  metric: CHAMPION_METRICS[task],
  noWorseThan: margin,
})

/** Tests of a share. */
const SHARES: ReadonlySet<string> = new Set(['accuracy_threshold', 'f1_score'])

/** A spec without a usable limit would pass or fail everything. */
function requireLimit(test: string, limit: number): number {
  if (!Number.isFinite(limit)) throw new UserError('E_VALUE', `The threshold of ${test} is not a number: ${limit}`)
  if (SHARES.has(test.replaceAll('-', '_')) && (limit < 0 || limit > 1)) {
    throw new UserError('E_VALUE', `The threshold of ${test} is not between 0 and 1: ${limit}`, {
      hint: limit > 1 && limit <= 100 ? `It is a share: ${limit} % is ${limit / 100}.` : 'It is a share, such as 0.85.',
    })
  }
  return limit
}

/** @throws UserError E_VALUE for a margin that is not a number from 0 up */
export function requireMargin(metric: string, margin: number): number {
  if (Number.isFinite(margin) && margin >= 0) return margin
  throw new UserError('E_VALUE', `The margin of ${metric} against the champion is not a number from 0 up: ${margin}`, {
    hint: 'Say { noWorseThan: 0.005 } for what may be lost, { betterBy: 0.01 } for what must be won.',
  })
}

/**
 * A spec that can be judged: its limit is a number, its metric exists, and its side is the one that is good.
 *
 * @throws UserError E_VALUE
 */
export function requireSpec(spec: TestSpec, settings: MetricSettings = {}): TestSpec {
  if (spec.test === 'champion') {
    findMetric(spec.metric, settings)
    requireMargin(spec.metric, 'noWorseThan' in spec ? spec.noWorseThan : spec.betterBy)
    return spec
  }
  const limit = 'min' in spec ? spec.min : 'max' in spec ? spec.max : undefined
  if (limit !== undefined) requireLimit(spec.test === 'metric' ? spec.metric : spec.test, limit)
  if (spec.test !== 'metric') return spec
  const { good } = findMetric(spec.metric, settings).kind
  if ('min' in spec !== (good === 'high')) {
    const [than, sign] = good === 'high' ? ['higher', '>='] : ['lower', '<=']
    throw new UserError('E_VALUE', `${spec.metric} is better the ${than} it is, so its limit cannot be on the other side`, {
      hint: `Write ${spec.metric}${sign}${limit}.`,
    })
  }
  return spec
}

/** The tests that have a name of their own. */
const NAMED = [...DEFAULT_TESTS, VARIED]
const KNOWN = [...NAMED.map(({ test }) => test.replaceAll('_', '-')), 'metric']
const FORMS =
  'Write accuracy-threshold, accuracy-threshold=0.85, roc-auc>=0.7, log-loss<=0.4, or accuracy>=champion-0.005 for no worse than the champion by more than that.'

/**
 * A test as it is written outside: `accuracy-threshold`, `accuracy-threshold=0.85`, `roc-auc>=0.7`, `f-beta@2>=0.6`, `log-loss<=0.4`,
 * `accuracy>=champion-0.005` (no worse by more than that), `accuracy>=champion+0.01` (better by at least that).
 *
 * @throws UserError E_VALUE for what is none of these
 */
export function parseTest(text: string, settings: MetricSettings = {}): TestSpec {
  const match = /^\s*([a-z][\w-]*(?:@[\w.-]+)?)\s*(?:(>=|<=|=|:)\s*(\S.*?))?\s*$/i.exec(text)
  if (!match) throw new UserError('E_VALUE', `"${text}" is not a test of a model`, { hint: FORMS })
  const [, name = '', operator, given] = match
  if (operator === '>=' || operator === '<=') {
    const champion = /^champion(?:\s*([+-])\s*(\S+))?$/i.exec(given!)
    if (champion) return parseChampionTest(name, operator, champion[1], Number(champion[2] ?? 0), settings)
    const limit = requireLimit(name, Number(given))
    return requireSpec(
      operator === '>=' ? { test: 'metric', metric: name, min: limit } : { test: 'metric', metric: name, max: limit },
      settings,
    )
  }
  const limit = given === undefined ? undefined : requireLimit(name, Number(given))
  const standard = NAMED.find(({ test }) => test === name.replaceAll('-', '_'))
  if (!standard) {
    throw new UserError('E_VALUE', `There is no test "${name}"`, {
      hint: `${didYouMean(name, KNOWN)} A metric takes a limit: ${name}>=0.7.`,
    })
  }
  return withLimit(standard, limit)
}

/** What may be lost moves the limit to the bad side of the champion, what must be won to the good side. */
function parseChampionTest(
  metric: string,
  operator: '>=' | '<=',
  sign: string | undefined,
  margin: number,
  settings: MetricSettings,
): TestSpec {
  const { good } = findMetric(metric, settings).kind
  const [fitting, loss, win] = good === 'high' ? (['>=', '-', '+'] as const) : (['<=', '+', '-'] as const)
  requireMargin(metric, margin)
  if (operator !== fitting) {
    throw new UserError(
      'E_VALUE',
      `${metric} is better the ${good === 'high' ? 'higher' : 'lower'} it is: ${metric}${operator}champion would let every worse model pass`,
      {
        hint: `Write ${metric}${fitting}champion${loss}${margin || 0.01} for no worse by more than that, ${metric}${fitting}champion${win}${margin || 0.01} for better by at least that.`,
      },
    )
  }
  return sign === win ? { test: 'champion', metric, betterBy: margin } : { test: 'champion', metric, noWorseThan: margin }
}

function withLimit(standard: (typeof NAMED)[number], limit: number | undefined): TestSpec {
  if (limit === undefined) return standard
  if ('max' in standard) return { ...standard, max: limit }
  if ('min' in standard) return { ...standard, min: limit }
  throw new UserError('E_VALUE', `${standard.test.replaceAll('_', '-')} takes no threshold`)
}
