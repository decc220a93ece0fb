import type { Finding } from '../../core/check.ts'
import { count, percent } from '../../core/counts.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { CategoryDrift, DriftFacts, DriftLimits, NumberDrift } from './facts.ts'
import type { Family, SettledTest } from './family.ts'
import { neededText, pText, shortNumber } from './wording.ts'

/** What one test found, with its numbers: what changed, by how much, and how sure that is. */
export function testFinding(
  test: SettledTest,
  facts: DriftFacts,
  family: Family,
  { driftCorrection }: DriftLimits,
  over: Verdict,
): Finding {
  const { outcome, question, column, effect, effectName, interval, limit, adjustedPValue, pValue, rows, method, needed } = test
  const range = `[${shortNumber(interval.lower!)}, ${shortNumber(interval.upper!)}]`
  const sure = `${effectName} ${shortNumber(effect)} ${range}, limit ${limit}; ${method}, adjusted ${pText(adjustedPValue)}, n ${count(rows.current, 'row')} against ${count(rows.reference, 'row')}`
  const end =
    outcome === 'inconclusive'
      ? ` Too few rows to tell: ${neededText(needed)} would do.`
      : outcome === 'stable'
        ? ' A real difference, but below the limit.'
        : ''
  const change = whatChanged(test, facts)
  return {
    message: `${change} (${sure}).${end}`,
    severity: outcome !== 'drift' ? 'note' : over === 'fail' ? 'error' : 'warning',
    rule: 'drift',
    evidence: {
      question,
      outcome,
      change,
      ...(column && { column: column.name, comparison: column.comparison }),
      effect,
      limit,
      pValue,
      adjustedPValue,
      correction: driftCorrection,
      tests: family.size,
      rows,
      ...(needed && { rowsNeeded: needed }),
      ...othersOf(test, facts),
    },
  }
}

function whatChanged({ question, column, effect }: SettledTest, facts: DriftFacts): string {
  if (question === 'separability') {
    const used = facts.separability!.columns.filter(({ share }) => share >= 0.01).slice(0, 5)
    return `A classifier was trained to tell the rows apart; it used ${used.map(({ name, share }) => `${name} (${percent(share)})`).join(', ')}`
  }
  const name = JSON.stringify(column!.name)
  if (question === 'missing') {
    const { present } = column!
    const [before, now] = [1 - present.reference / facts.rows.reference, 1 - present.current / facts.rows.current]
    return `${name} is missing in ${percent(now)}, in the reference in ${percent(before)}`
  }
  if (question === 'categories') {
    const { examples, categories } = column!.categories!.new
    if (column!.isMasked)
      return `${name} has ${count(categories, 'value')} that the reference has not, in ${percent(effect)} of the rows`
    const shown = examples.map(({ value }) => JSON.stringify(value.slice(0, 40))).join(', ')
    return categories === 0
      ? `${name} has no new category`
      : `${name} has ${count(categories, 'value')} that the reference has not, in ${percent(effect)} of the rows: ${shown}${categories > examples.length ? ', …' : ''}`
  }
  const { numbers, categories, isMasked } = column!
  if (isMasked) return `${name} has changed; its values are not shown`
  return numbers ? numbersChanged(name, numbers, column!.comparison === 'lengths') : categoriesChanged(name, categories!)
}

function numbersChanged(name: string, { at, below, median }: NumberDrift, isLength: boolean): string {
  const what = isLength ? `the length of ${name}` : name
  return `${percent(below.current)} of ${what} are at or below ${shortNumber(at)}, in the reference ${percent(below.reference)}; median ${shortNumber(median.current)}, was ${shortNumber(median.reference)}`
}

/** The categories whose shares moved most. */
function categoriesChanged(name: string, { top }: CategoryDrift): string {
  const [n, m] = [top.reduce((sum, { reference }) => sum + reference, 0), top.reduce((sum, { current }) => sum + current, 0)]
  const shares = top
    .map(({ value, reference, current }) => ({ value, before: reference / n, now: current / m }))
    .toSorted((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before))
    .slice(0, 2)
  const moved = shares.map(({ value, before, now }) => `${value.slice(0, 40)} in ${percent(now)}, was in ${percent(before)}`)
  return `${name}: ${moved.join('; ')}`
}

/** The other measures, none of which decides. */
function othersOf({ question, column }: SettledTest, { separability }: DriftFacts): Record<string, unknown> {
  if (question === 'separability') return { columns: separability!.columns }
  if (column!.isMasked) return {}
  if (question === 'categories') return { new: column!.categories!.new }
  if (question !== 'values') return {}
  if (column!.numbers) {
    const { psi, jensenShannon, bins, wasserstein, wassersteinInDeviations, median, exactPValue, errorBound } = column!.numbers
    return { psi, jensenShannon, bins, wasserstein, wassersteinInDeviations, median, exactPValue, errorBound }
  }
  const { psi, cramersV, jensenShannon, statistic, degrees, cells, pooled, vanished } = column!.categories!
  return { psi, cramersV, jensenShannon, chiSquared: statistic, degrees, cells, pooled, vanished }
}
