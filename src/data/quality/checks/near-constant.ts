import { count, listed, percent } from '../../../core/counts.ts'
import type { ColumnFacts } from '../facts.ts'
import { quantile } from '../facts/numbers.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'
import { shownNumber, shownValue } from '../shown-value.ts'

/** One value makes up nearly all of a column. */
export const nearConstant: QualityRule = {
  name: 'near-constant',
  title: 'Near-constant columns',
  summary: 'No column has one value in nearly all of its rows.',
  severity: 'note',
  why: 'Rare events look like this in good data; a model may ignore such a column, or learn it by heart.',
  limits: ['maxValueShare'],
  judge({ rows, columns, label }, { maxValueShare }, over) {
    const found = columns.flatMap((column) => {
      const main = column.onlyValue === null && column.name !== label?.column ? mainValue(column, rows) : undefined
      return main && main.share >= maxValueShare ? [{ column, ...main }] : []
    })
    const limit = `${percent(maxValueShare)} of a column`
    return {
      verdict: found.length > 0 ? over : 'pass',
      message:
        found.length === 0
          ? `No value makes up ${limit}.`
          : `One value makes up ${percent(maxValueShare)} or more of ${listed(found.map(({ column }) => column.name))}.`,
      findings: found.map(({ column, value, share }) => ({
        severity: findingSeverity(over),
        message: `"${column.name}" is ${value} in ${percent(share)} of ${count(rows - column.missing, 'row')}.`,
        rule: 'near-constant',
        evidence: { column: column.name, share },
      })),
      ...(found.length > 0 && { hint: 'Does the column say enough to be worth a feature? Limit: --max-value-share.' }),
    }
  },
}

/** The most frequent value. Of many numbers it is known when it reaches from one tail to the other. */
function mainValue(column: ColumnFacts, rows: number): { value: string; share: number } | undefined {
  const most = column.top?.[0]
  if (most) return { value: shownValue(column, most.value), share: most.rows / (rows - column.missing) }
  if (!column.numbers || column.numbers.quantiles.length === 0) return undefined
  const low = quantile(column.numbers, 0.005)
  return low === quantile(column.numbers, 0.995) ? { value: shownNumber(column, low), share: 0.99 } : undefined
}
