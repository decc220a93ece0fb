import { checkResult, type CheckResult } from '../../core/check.ts'
import { count } from '../../core/counts.ts'
import type { Verdict } from '../../core/verdict.ts'
import { comparedColumns } from './compared-columns.ts'
import { ALPHA, type DriftFacts, type DriftLimits } from './facts.ts'
import { settle, type Family, type Question, type SettledTest } from './family.ts'
import { testFinding } from './finding.ts'
import { LEAST_ROWS } from './separate.ts'
import { neededText, shortNumber } from './wording.ts'

const TITLES: Readonly<Record<Question, string>> = {
  values: 'Drift of values',
  missing: 'Drift of missing values',
  categories: 'New categories',
  separability: 'Drift of all columns together',
}
const HINTS: Readonly<Record<Question, string>> = {
  values:
    'Look at what changed where the data comes from; where the change is meant, take newer data as the reference. Limit: --max-drift.',
  missing: 'Look for a source that began, or ceased, to deliver the column. Limit: --max-missing-drift.',
  categories: 'A model has learned nothing about them. Is it another spelling, or really new? Limit: --max-new-share.',
  separability:
    'The columns that the classifier used most show where to look; --ignore leaves one out that may differ. Limit: --max-drift-auc.',
}

/**
 * Judges what was measured: a check for the columns, and one for each of four questions (values, missing values, new categories, all columns
 * together). A difference is drift when its effect is above its limit and its p-value survives the correction over all tests. Where a sample is
 * too small to tell an effect of the limit's size from none, the answer is `inconclusive`, with how many rows would do.
 *
 * @param over the verdict when there is drift
 */
export function judgeDrift(facts: DriftFacts, limits: DriftLimits, over: Verdict): CheckResult[] {
  const columns = comparedColumns(facts)
  const { rows } = facts
  if (facts.columns.length === 0 || rows.reference === 0 || rows.current === 0) return [columns]
  const family = settle(facts, limits)
  const questions: readonly Question[] = ['values', 'missing', 'categories', 'separability']
  return [columns, ...questions.map((question) => judgeQuestion(question, facts, family, limits, over))]
}

function judgeQuestion(question: Question, facts: DriftFacts, family: Family, limits: DriftLimits, over: Verdict): CheckResult {
  const id = { check: `data.drift.${question}`, title: TITLES[question] }
  const tests = family.tests.filter((test) => test.question === question).toSorted((a, b) => b.effect - a.effect)
  if (tests.length === 0) return checkResult({ ...id, ...nothingToAsk(question, facts) })
  const drifted = tests.filter(({ outcome }) => outcome === 'drift')
  const open = tests.filter(({ outcome }) => outcome === 'inconclusive')
  const small = tests.filter(({ outcome, adjustedPValue }) => outcome === 'stable' && adjustedPValue <= ALPHA)
  const { effectName, limit } = tests[0]!
  return checkResult({
    ...id,
    // Thin evidence weighs no more than drift itself would.
    verdict: drifted.length > 0 ? over : open.length === 0 ? 'pass' : over === 'warn' ? 'warn' : 'inconclusive',
    message: messageOf(question, { tests, drifted, open }, family, limits),
    expected: `${question === 'values' ? 'effect' : effectName} at most ${limit}, or not significant among ${count(family.size, 'test')}`,
    measurements: tests.map((test) => ({
      name: test.effectName,
      value: test.effect,
      n: test.rows.current,
      interval: test.interval,
      ...(test.column && { slice: { column: test.column.name } }),
      threshold: { value: limit, good: 'at-most' as const },
    })),
    findings: [...drifted, ...open, ...small].map((test) => testFinding(test, facts, family, limits, over)),
    ...(drifted.length > 0 && { hint: HINTS[question] }),
  })
}

function nothingToAsk(question: Question, facts: DriftFacts): { verdict: Verdict; message: string } {
  if (question !== 'separability')
    return { verdict: 'skip', message: 'No column that both have is of a kind that this is asked of.' }
  const few = Math.min(facts.rows.reference, facts.rows.current) < LEAST_ROWS
  return few
    ? { verdict: 'inconclusive', message: `A classifier needs at least ${LEAST_ROWS} rows of each data set.` }
    : { verdict: 'skip', message: 'No column that both have varies, so there is nothing to learn.' }
}

interface Outcomes {
  readonly tests: readonly SettledTest[]
  readonly drifted: readonly SettledTest[]
  readonly open: readonly SettledTest[]
}

function messageOf(question: Question, { tests, drifted, open }: Outcomes, family: Family, limits: DriftLimits): string {
  const { limit } = tests[0]!
  const how = `(${limits.driftCorrection === 'holm' ? 'Holm' : 'Benjamini–Hochberg'} over ${count(family.size, 'test')}, alpha ${ALPHA})`
  if (question === 'separability') {
    const { effect, interval, outcome, needed } = tests[0]!
    const auc = `AUC ${shortNumber(effect)} [${shortNumber(interval.lower!)}, ${shortNumber(interval.upper!)}], at most ${limit} expected`
    if (outcome === 'inconclusive') return `${auc}; too few rows to tell: ${neededText(needed)} would do.`
    return outcome === 'drift'
      ? `A classifier tells the two apart: ${auc}.`
      : `A classifier cannot tell the two apart beyond the limit: ${auc}.`
  }
  const name = ({ column, effect }: SettledTest): string => `${column!.name} ${shortNumber(effect)}`
  const parts = [
    drifted.length > 0 ? `${list(drifted.map(name))}: above ${limit} and significant ${how}` : '',
    open.length > 0 ? `too few rows to judge ${list(open.map(({ column }) => column!.name))}: ${mostNeeded(open)} would do` : '',
  ].filter(Boolean)
  if (parts.length > 0) return `${parts.join('; ')}.`
  return `No drift in ${count(tests.length, 'column')}; most in ${name(tests[0]!)}, limit ${limit} ${how}.`
}

const list = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(', ') : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`

function mostNeeded(open: readonly SettledTest[]): string {
  const size = ({ needed }: SettledTest): number => (needed === null ? 0 : 'each' in needed ? 1e12 + needed.each : needed.current)
  return neededText(open.toSorted((a, b) => size(b) - size(a))[0]!.needed)
}
