import { count, listed, percent } from '../../../core/counts.ts'
import type { ColumnFacts } from '../facts.ts'
import type { QualityRule } from '../rule.ts'
import { shareOf } from '../share.ts'

/** No column lacks more values than it may. A column without any value fails, and so does a label that is missing. */
export const missingValues: QualityRule = {
  name: 'missing',
  title: 'Missing values',
  summary: 'No column lacks more values than its limit; a column without any value, and a label that is missing, always fail.',
  severity: 'warn',
  why: 'How much may be missing is a matter of the data.',
  limits: ['maxMissingShare'],
  judge({ rows, columns, label }, { maxMissingShare }, over) {
    const isEmpty = ({ missing }: ColumnFacts) => missing === rows
    const isLabel = ({ name, missing }: ColumnFacts) => name === label?.column && missing > 0
    const isOver = ({ missing }: ColumnFacts) => missing / rows > maxMissingShare
    const bad = columns.filter((column) => isEmpty(column) || isLabel(column) || isOver(column))
    const alwaysFails = bad.some((column) => isEmpty(column) || isLabel(column))
    const worst = columns.reduce<ColumnFacts | undefined>((a, b) => (a && a.missing >= b.missing ? a : b), undefined)
    const limit = `at most ${percent(maxMissingShare)} of a column`
    const found = bad.map(({ name, missing }) => `${name} ${percent(missing / rows)}`)
    const none = columns.every(({ missing }) => missing === 0)
    const inside = none ? 'No column has missing values' : `Most in ${worst!.name}: ${percent(worst!.missing / rows)}`
    return {
      verdict: alwaysFails ? 'fail' : bad.length > 0 ? over : 'pass',
      message: bad.length === 0 ? `${inside} (${limit}).` : `${listed(found)}; ${limit} expected.`,
      expected: limit,
      measurements: columns.map(({ name, missing }) => ({
        ...shareOf('missing share', missing, rows),
        slice: { column: name },
        threshold: { value: maxMissingShare, good: 'at-most' as const },
      })),
      findings: bad.map((column) => ({
        severity: isEmpty(column) || isLabel(column) ? 'error' : 'warning',
        message: missingMessage(column, rows, isEmpty(column), isLabel(column)),
        rule: 'missing',
        evidence: { column: column.name, missing: column.missing, share: column.missing / rows },
      })),
      ...(bad.length > 0 && { hint: 'Find out why they are missing before filling them; or change --max-missing-share.' }),
    }
  },
}

function missingMessage({ name, missing }: ColumnFacts, rows: number, empty: boolean, label: boolean): string {
  if (empty) return `The column "${name}" has no value in any row.`
  const some = `${count(missing, 'row')} (${percent(missing / rows)})`
  return label
    ? `The label "${name}" is missing in ${some}: they can neither train nor test a model.`
    : `"${name}" is missing in ${some}.`
}
