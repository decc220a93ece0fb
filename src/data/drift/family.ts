import type { Interval } from '../../core/check.ts'
import { adjustPValues } from '../../stats/adjusted-p-values.ts'
import { CHI_SQUARED_PER_BIT } from '../../stats/divergence.ts'
import { statisticInterval } from '../../stats/kolmogorov-smirnov.ts'
import { noncentralityAt } from '../../stats/noncentral-chi-squared.ts'
import { proportionTest } from '../../stats/proportion-test.ts'
import { wilson } from '../../stats/proportion.ts'
import { differenceInterval } from '../../stats/two-proportions.ts'
import { effectiveSize } from '../../stats/two-sample-counts.ts'
import { ALPHA, type ColumnDrift, type DriftFacts, type DriftLimits, type Pair } from './facts.ts'
import {
  neededForNewCategory,
  rowsNeeded,
  sizeForAuc,
  sizeForChiSquared,
  sizeForKolmogorovSmirnov,
  sizeForProportions,
  type RowsNeeded,
} from './power.ts'

/** The four questions that are asked. */
export type Question = 'values' | 'missing' | 'categories' | 'separability'

/** One test of the family. */
export interface DriftTest {
  readonly question: Question
  /** Null for the question that is asked of all columns together. */
  readonly column: ColumnDrift | null
  /** Rows that it rests on. */
  readonly rows: Pair
  readonly effect: number
  readonly effectName: string
  readonly method: string
  readonly limit: number
  readonly interval: Interval
  /** The end of the interval that must be above the limit as well; only for the AUC, whose interval does not come from its test. */
  readonly least: number
  /** Null where both data sets together leave nothing to test, such as one value alone; such a test is not counted in the family. */
  readonly pValue: number | null
  /** What the sample lacks to find an effect of the size of the limit at this level. */
  readonly lacks: (alpha: number) => RowsNeeded | null
}

export interface SettledTest extends DriftTest {
  readonly adjustedPValue: number
  readonly outcome: 'drift' | 'stable' | 'inconclusive'
  readonly needed: RowsNeeded | null
}

export interface Family {
  readonly tests: readonly SettledTest[]
  /** Tests that the p-values are adjusted for. */
  readonly size: number
}

/**
 * Settles all tests together.
 *
 * - drift: the effect is above its limit, and its adjusted p-value is at most alpha;
 * - stable: not so, and the interval of the effect lies within the limit, or the sample is large enough to find an effect of the limit's size
 *   four times in five;
 * - inconclusive: none of these.
 */
export function settle(facts: DriftFacts, limits: DriftLimits): Family {
  const tests = [...facts.columns.flatMap((column) => testsOf(column, facts, limits)), ...separabilityTest(facts, limits)]
  const family = tests.flatMap(({ pValue }, i) => (pValue === null ? [] : [{ i, pValue }]))
  const adjusted = adjustPValues(
    family.map(({ pValue }) => pValue),
    limits.driftCorrection,
  )
  const adjustedOf = new Map(family.map(({ i }, at) => [i, adjusted[at]!]))
  // The level that every test is sure to have, under Holm as under Benjamini and Hochberg.
  const level = ALPHA / Math.max(1, family.length)
  return {
    size: family.length,
    tests: tests.map((test, i) => {
      const adjustedPValue = adjustedOf.get(i) ?? 1
      const isDrift = test.effect > test.limit && test.least > test.limit && adjustedPValue <= ALPHA
      const isWithin = Math.max(Math.abs(test.interval.lower!), Math.abs(test.interval.upper!)) <= test.limit
      const needed = isDrift || isWithin ? null : test.lacks(level)
      return { ...test, adjustedPValue, needed, outcome: isDrift ? 'drift' : needed ? 'inconclusive' : 'stable' }
    }),
  }
}

function testsOf(column: ColumnDrift, facts: DriftFacts, limits: DriftLimits): DriftTest[] {
  return [valuesTest(column, limits), missingTest(column, facts, limits), newCategoriesTest(column, limits)].filter(
    (test) => test !== null,
  )
}

function valuesTest(column: ColumnDrift, { maxDrift: limit }: DriftLimits): DriftTest | null {
  const { numbers, categories, present } = column
  const { reference: n, current: m } = present
  const common = { question: 'values' as const, column, rows: present, limit, least: Infinity }
  if (numbers) {
    return {
      ...common,
      effect: numbers.statistic,
      effectName: 'Kolmogorov–Smirnov statistic',
      method: 'Kolmogorov–Smirnov',
      interval: statisticInterval(numbers.statistic, n, m),
      pValue: numbers.pValue,
      lacks: (alpha) => rowsNeeded(sizeForKolmogorovSmirnov(limit, alpha), present),
    }
  }
  if (categories) {
    const { statistic, degrees, pValue, jensenShannonBeyondChance } = categories
    const bits = CHI_SQUARED_PER_BIT * effectiveSize(n, m)
    const bound = (probability: number): number =>
      Math.min(1, Math.sqrt(noncentralityAt(statistic, Math.max(1, degrees), probability) / bits))
    const [lower, upper] = [bound(0.975), bound(0.025)]
    return {
      ...common,
      effect: jensenShannonBeyondChance,
      effectName: 'Jensen–Shannon distance',
      method: 'chi-squared',
      interval: {
        lower: Math.min(lower, jensenShannonBeyondChance),
        upper: Math.max(upper, jensenShannonBeyondChance),
        confidence: 0.95,
        method: 'noncentral-chi-squared',
      },
      pValue: degrees > 0 ? pValue : null,
      lacks: (alpha) => rowsNeeded(sizeForChiSquared(limit, degrees, alpha), present),
    }
  }
  return null
}

function missingTest(column: ColumnDrift, { rows }: DriftFacts, { maxMissingDrift: limit }: DriftLimits): DriftTest {
  const reference = { successes: rows.reference - column.present.reference, trials: rows.reference }
  const current = { successes: rows.current - column.present.current, trials: rows.current }
  const missing = reference.successes + current.successes
  const isVaried = missing > 0 && missing < rows.reference + rows.current
  const test = isVaried ? proportionTest(current, reference) : null
  const shareOfReference = reference.successes / rows.reference
  return {
    question: 'missing',
    column,
    rows,
    effect: Math.abs(current.successes / rows.current - shareOfReference),
    effectName: 'change of missing share',
    method: test?.method === 'fisher' ? "Fisher's exact test" : 'two proportions',
    limit,
    interval: differenceInterval(current, reference),
    least: Infinity,
    pValue: test?.pValue ?? null,
    lacks: (alpha) => rowsNeeded(sizeForProportions(limit, shareOfReference, alpha), rows),
  }
}

function newCategoriesTest(column: ColumnDrift, { maxNewShare: limit }: DriftLimits): DriftTest | null {
  const { categories, kind, present } = column
  // Numbers and true/false have no categories that a model could be without.
  if (!categories || kind !== 'text') return null
  return {
    question: 'categories',
    column,
    rows: present,
    effect: categories.new.rows / present.current,
    effectName: 'share of rows in new categories',
    method: 'all on one side',
    limit,
    interval: wilson(categories.new.rows, present.current),
    least: Infinity,
    pValue: categories.distinct > 1 ? categories.new.pValue : null,
    lacks: (alpha) => neededForNewCategory(limit, categories.distinct, present, alpha),
  }
}

function separabilityTest({ separability }: DriftFacts, { maxDriftAuc: limit }: DriftLimits): DriftTest[] {
  if (!separability) return []
  const { auc, interval, pValue, trainedOn, judgedOn } = separability
  const all = { reference: trainedOn.reference + judgedOn.reference, current: trainedOn.current + judgedOn.current }
  return [
    {
      question: 'separability',
      column: null,
      rows: judgedOn,
      effect: auc,
      effectName: 'AUC',
      method: 'boosted trees on rows they were not trained on',
      limit,
      interval,
      least: interval.lower,
      pValue,
      // Half of the rows train it.
      lacks: (alpha) => rowsNeeded(2 * sizeForAuc(limit, alpha), all),
    },
  ]
}
