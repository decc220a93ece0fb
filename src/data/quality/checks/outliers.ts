import { count, listed, percent } from '../../../core/counts.ts'
import type { OutlierFacts } from '../facts/outliers.ts'
import type { ColumnFacts } from '../facts.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'
import { shownNumber } from '../shown-value.ts'

/** More than this share of a column is no outlier but a part of it: a second group, or a heavy tail. */
const MOST = 0.01

/** Numbers far from all others, and infinite ones. */
export const outliers: QualityRule = {
  name: 'outliers',
  title: 'Outliers',
  summary:
    'No number lies farther from the quartiles than --outlier-reach times their distance, also on a scale of logarithms where all are positive; none is infinite.',
  severity: 'warn',
  why: 'A far value can be the most important row of all; whether it is a mistake, only its source can tell.',
  limits: ['outlierReach'],
  judge({ rows, columns, outliers: all }, _limits, over) {
    const columnOf = (name: string) => columns.find((column) => column.name === name)!
    const shareOf = (one: OutlierFacts) => (one.below + one.above) / (rows - columnOf(one.column).missing)
    const found = all.filter((one) => shareOf(one) <= MOST)
    const groups = all.filter((one) => shareOf(one) > MOST)
    const infinite = columns.filter(({ numbers }) => numbers && numbers.infinite > 0)
    const told = [
      ...infinite.map(({ name, numbers }) => `${name}: ${count(numbers!.infinite, 'infinite value')}`),
      ...found.map((one) => `${one.column}: ${count(one.below + one.above, 'value')} ${where(one, columnOf(one.column))}`),
    ]
    const severity = findingSeverity(over)
    return {
      verdict: told.length > 0 ? over : 'pass',
      message: told.length > 0 ? `${listed(told)}.` : 'No number lies far from all others.',
      measurements: found.map(({ column, below, above }) => ({
        name: 'outlier share',
        value: (below + above) / rows,
        unit: 'share',
        n: rows,
        slice: { column },
      })),
      findings: [
        ...infinite.map(({ name, numbers }) => ({
          severity,
          message: `"${name}" is infinite in ${count(numbers!.infinite, 'row')}: the trace of a division by zero or an overflow.`,
          rule: 'outliers',
        })),
        ...found.map((one) => ({
          severity,
          message: describe(one, columnOf(one.column), rows),
          rule: 'outliers',
          evidence: { column: one.column, below: one.below, above: one.above },
        })),
        ...groups.map((one) => ({
          severity: 'note' as const,
          message: `"${one.column}" has ${percent(shareOf(one))} of its values ${where(one, columnOf(one.column))}: too many to be outliers, rather a second group or a heavy tail.`,
          rule: 'outliers',
        })),
      ],
      ...(told.length > 0 && {
        hint: 'Look at the rows: another unit, a slip of the decimal point, or real? Limit: --outlier-reach.',
      }),
    }
  },
}

function where({ fences, below, above }: OutlierFacts, column: ColumnFacts): string {
  const parts = [
    ...(below > 0 ? [`below ${shownNumber(column, fences.lower)}`] : []),
    ...(above > 0 ? [`above ${shownNumber(column, fences.upper)}`] : []),
  ]
  return parts.join(' or ')
}

function describe(one: OutlierFacts, column: ColumnFacts, rows: number): string {
  const { quartiles, examples, below, above } = one
  const middle = `half of all lie between ${shownNumber(column, quartiles[0])} and ${shownNumber(column, quartiles[2])}`
  const shown = examples.map(
    ({ value, place: { row, line } }) => `${line === undefined ? `row ${row}` : `line ${line}`}: ${shownNumber(column, value)}`,
  )
  return `"${one.column}": ${count(below + above, 'value')} (${percent((below + above) / rows)}) ${where(one, column)}, where ${middle}: ${shown.join(', ')}.`
}
