import { expect, test } from 'vitest'
import { valueOf } from '../../stats/estimate.ts'
import { seededRandom } from '../../stats/random.ts'
import { score, type Scored, type Task } from '../scored.ts'
import { METRIC_ALIASES, METRICS } from './catalogue.ts'
import { INTERVALS } from './interval-words.ts'
import type { MetricKind, MetricSettings, Readout } from './metric-kind.ts'
import { findMetric, readMetric } from './read-metric.ts'

/** Whole weights, as rows see them; for a ranking, those of the queries. */
type Times = (unit: number) => number

const settings: MetricSettings = { costs: { b: { a: 3 }, a: { b: 1 } } }

/** Data of a task, with ties in the scores: weighted, or with rows repeated as often, or in another order. */
function example(
  task: Task,
  width: number,
  { times, repeat }: { times: Times; repeat: boolean },
  order = (unit: number): number => unit,
): Scored {
  const units = 24
  const random = seededRandom(width * 31 + task.length)
  const rows = Array.from({ length: units }, () => {
    const truth = random.integer(width)
    const given = Array.from({ length: width }, (_, k) => Math.round(4 * random.uniform() + (k === truth ? 1 : 0)) + 1)
    const sum = given.reduce((total, x) => total + x, 0)
    return { truth, set: given.map((_, k) => (random.uniform() < 0.4 || k === truth ? 1 : 0)), shares: given.map((x) => x / sum) }
  })
  // Two rows that hold and lack every class, so that every curve has both of its sides.
  rows[0]!.set.fill(1)
  rows[1]!.set.fill(0)
  const drawn = Array.from({ length: units }, (_, unit) => order(unit)).flatMap((unit) =>
    Array.from({ length: repeat ? times(unit) : 1 }, (_, copy) => ({ unit, copy, ...rows[unit]! })),
  )
  const weights = repeat ? undefined : drawn.map(({ unit }) => times(unit))
  const names = 'abcdefgh'.slice(0, width).split('')
  const highest = (shares: number[]): number => shares.indexOf(Math.max(...shares))
  const rowCount = drawn.length
  const probabilities = Float64Array.from(drawn.flatMap(({ shares }) => shares))
  switch (task) {
    case 'classification':
      return score(
        drawn.map(({ truth }) => names[truth]!),
        { rowCount, labels: drawn.map(({ shares }) => names[highest(shares)]!), classes: names, probabilities },
        { weights },
      )
    case 'multilabel':
      return score(
        Object.fromEntries(names.map((name, k) => [name, drawn.map(({ set }) => set[k]!)])),
        {
          rowCount,
          labels: drawn.map(() => ''),
          classes: names,
          probabilities,
          indicators: Uint8Array.from(probabilities, (p) => (p >= 0.3 ? 1 : 0)),
        },
        { weights },
      )
    case 'regression':
      return score(
        drawn.map(({ truth, shares }) => truth + Math.round(4 * shares[0]!)),
        { rowCount, labels: drawn.map(({ shares }) => Math.round(20 * shares[0]!) / 2), classes: null, probabilities: null },
        { task, weights },
      )
    default: {
      const documents = drawn.flatMap(({ unit, copy, set, shares }) =>
        set.map((relevance, k) => ({
          query: `${unit}/${copy}`,
          relevance: relevance * (k + 1),
          score: Math.round(10 * shares[k]!),
          weight: times(unit),
        })),
      )
      return score(
        documents.map(({ relevance }) => relevance),
        { rowCount: documents.length, labels: documents.map((document) => document.score), classes: null, probabilities: null },
        {
          queries: documents.map(({ query }) => query),
          ...(!repeat && { weights: documents.map(({ weight }) => weight) }),
        },
      )
    }
  }
}

const NEED_POSITIVE = new Set(['specificity', 'precision', 'recall', 'f1', 'f-beta', 'jaccard'])

/** Every metric for every task that it is for, of two classes and of more. */
const cases = METRICS.flatMap((kind) =>
  kind.tasks.flatMap((task) =>
    (NEED_POSITIVE.has(kind.name) ? [2] : [2, 4]).map((width) => ({
      title: `${kind.name} of ${task}, ${width} classes`,
      kind,
      task,
      width,
    })),
  ),
)

const nameOf = ({ name, parameter }: MetricKind): string =>
  parameter?.default === null ? `${name}@${[2, 0.3].find((value) => parameter.isAllowed(value))}` : name

function statisticOf(kind: MetricKind, scored: Scored): Extract<Readout, { statistic: unknown }>['statistic'] | null {
  const { readout } = readMetric(scored, nameOf(kind), settings)
  return 'statistic' in readout ? readout.statistic : null
}

function valueIn(kind: MetricKind, scored: Scored): number | null {
  const statistic = statisticOf(kind, scored)
  return statistic && valueOf(statistic, scored.design.weights)
}

const uneven: Times = (unit) => (unit < 2 ? 1 : (unit * 7) % 4)

test.each(cases)(
  'a row of weight 2 counts as if it were there twice, one of weight 0 not at all: $title',
  ({ kind, task, width }) => {
    const weighted = valueIn(kind, example(task, width, { times: uneven, repeat: false }))
    const repeated = valueIn(kind, example(task, width, { times: uneven, repeat: true }))
    expect(weighted).toBeCloseTo(repeated!, 10)
  },
)

test.each(cases)('the order of the rows does not matter: $title', ({ kind, task, width }) => {
  const once = { times: () => 1, repeat: false }
  const value = valueIn(kind, example(task, width, once))
  const reversed = valueIn(
    kind,
    example(task, width, once, (unit) => 23 - unit),
  )
  expect(reversed).toBeCloseTo(value!, 10)
})

test.each(cases)('the reference says how the interval is made: $title', ({ kind, task, width }) => {
  const statistic = statisticOf(kind, example(task, width, { times: () => 1, repeat: false }))
  expect(kind.interval).toContain(INTERVALS[statistic!.kind])
})

const withFormula = cases.filter(({ kind, task, width }) => {
  const statistic = statisticOf(kind, example(task, width, { times: uneven, repeat: false }))
  return statistic?.kind === 'rows' && statistic.influence !== undefined
})

test('average precision, micro ROC AUC and Spearman have a formula for their influence', () => {
  expect(new Set(withFormula.map(({ kind }) => kind.name))).toEqual(
    new Set(['roc-auc-micro', 'average-precision', 'average-precision-weighted', 'average-precision-micro', 'spearman']),
  )
})

test.each(withFormula)('the influence of a row is weight × derivative: $title', ({ kind, task, width }) => {
  const scored = example(task, width, { times: uneven, repeat: false })
  const statistic = statisticOf(kind, scored)
  if (statistic?.kind !== 'rows') throw new Error('not a statistic of rows')
  const weights = scored.design.weights!
  const step = 1e-5
  const numeric = weights.map((weight, row) => {
    const at = (change: number): number => statistic.at(weights.with(row, weight + change))
    return weight === 0 ? 0 : (weight * (at(step) - at(-step))) / (2 * step)
  })
  const influence = statistic.influence!(weights)
  expect(Array.from(influence)).toEqual(Array.from(numeric, (value) => expect.closeTo(value, 8)))
  expect(influence.some((value) => Math.abs(value) > 1e-3)).toBe(true)
})

test('names are unique and in kebab case, and every other name leads to one of them', () => {
  const names = METRICS.map(({ name }) => name)
  expect(new Set([...names, ...METRIC_ALIASES.keys()]).size).toBe(names.length + METRIC_ALIASES.size)
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([])
  expect([...METRIC_ALIASES.values()].filter((name) => !names.includes(name))).toEqual([])
})

test('a name may carry a parameter, and another name leads to the metric', () => {
  expect(findMetric('f-beta@0.5')).toMatchObject({ name: 'f-beta@0.5', parameter: 0.5 })
  expect(findMetric('calibration-error@15').name).toBe('calibration-error')
  expect(findMetric('ndcg').parameter).toBe(Infinity)
  expect(findMetric('rmse').name).toBe('root-mean-squared-error')
})

test.each([
  ['acuracy', 'There is no metric "acuracy"', 'Did you mean "accuracy"?'],
  ['f-beta', 'The beta of the metric "f-beta" is missing', 'Write it after an @, such as f-beta@2.'],
  ['f-beta@-1', 'The beta of the metric "f-beta" is "-1": a number above 0', 'f-beta@2'],
  ['pinball-loss@2', 'The alpha of the metric "pinball-loss" is "2"', 'pinball-loss@0.5'],
  ['ndcg@', 'The k of the metric "ndcg" is ""', 'ndcg@2'],
  ['ndcg@2.5', 'The k of the metric "ndcg" is "2.5": a whole number from 1', 'ndcg@2'],
  ['accuracy@3', 'The metric "accuracy" takes no parameter', 'Write accuracy.'],
  ['ndcg@3@4', '"ndcg@3@4" has more than one @', 'such as ndcg@10'],
])('a name that is wrong is told so: %s', (name, message, hint) => {
  expect(() => findMetric(name)).toThrow(
    expect.objectContaining({ code: 'E_VALUE', message: expect.stringContaining(message) as string }),
  )
  const error = expect.objectContaining({
    code: 'E_VALUE',
    message: expect.stringContaining(message) as string,
    hint: expect.stringContaining(hint) as string,
  })
  expect(() => findMetric(name)).toThrow(error)
})

test('a metric of another task is told from one that there is not', () => {
  expect(() => findMetric('rmse', {}, 'classification')).toThrow(
    '"root-mean-squared-error" is for regression, and this is a classification',
  )
})
