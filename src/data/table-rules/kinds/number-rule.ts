import { formatCount } from '../../../core/counts.ts'
import { moments, type Moments } from '../aggregates/moments.ts'
import type { Range } from '../fields.ts'
import type { RuleSite } from '../kind.ts'
import { rangeText, rangeVerdict, unmeasured, type RangedValue } from '../range-verdict.ts'
import type { Severity, TableRule } from '../rule.ts'

export interface NumberDemand {
  /** `mean`. */
  readonly name: string
  readonly range: Range
  readonly severity: Severity
  /** Null when so few numbers do not have it. */
  readonly measure: (moments: Moments) => Pick<RangedValue, 'value' | 'interval'> | null
  /** Numbers that it takes. */
  readonly least: number
}

/** A demand on something that follows from the moments of a column. */
export function numberRule({ name, range, severity, measure, least }: NumberDemand, site: RuleSite): TableRule {
  const { column } = site
  const expected = rangeText(range)
  const rule: TableRule = {
    kind: site.kind,
    columns: [column],
    ...site.at([]),
    severity,
    phrase: `${name} ${expected}`,
    bind(scan) {
      const aggregate = moments(column, scan.cell(column)!, site.types(column))
      return {
        rule,
        aggregates: [aggregate],
        judge(states) {
          const found = states.of(aggregate)
          const measured = measure(found)
          if (!measured) {
            const actual = `${formatCount(found.n)} finite numbers`
            const needed = least === 1 ? 'a number' : `${least} numbers`
            return unmeasured(
              expected,
              actual,
              `The ${name} of ${column} cannot be measured: it takes ${needed}, and there are ${found.n}.`,
            )
          }
          const of = { name: `${name} of ${column}`, range, n: found.n }
          if (found.others === 0) return rangeVerdict({ ...of, ...measured })
          // With infinities and text there is no mean of all values, so the demand is not kept.
          const note = `${formatCount(found.others)} ${found.others === 1 ? 'value is' : 'values are'} not a finite number below 1e150, so the column as a whole has none.`
          return { ...rangeVerdict({ ...of, ...measured, note }), verdict: 'fail' }
        },
      }
    },
  }
  return rule
}
