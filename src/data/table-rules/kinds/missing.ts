import type { z } from 'zod'
import { wilson } from '../../../stats/proportion.ts'
import { isMissing, missingCount } from '../aggregates/missing.ts'
import { exactPercent } from '../allowance.ts'
import { fields, severity, share } from '../fields.ts'
import { tableRuleKind } from '../kind.ts'
import { rangeVerdict, unmeasured } from '../range-verdict.ts'
import type { TableRule } from '../rule.ts'
import { formatCount, percent } from '../../../core/counts.ts'

const value = fields({ max: share, severity })

export const missing = tableRuleKind<z.output<typeof value>>({
  kind: 'missing',
  where: 'column',
  summary: 'The share of rows without a value: null, an empty CSV field, a JSON key that is not there, NaN.',
  example: '"missing": { "max": 0.05 }',
  value,
  rules({ max, severity }, site) {
    const { column } = site
    const rule: TableRule = {
      kind: site.kind,
      columns: [column],
      ...site.at([]),
      severity: severity ?? site.severity,
      phrase: `missing at most ${exactPercent(max)}`,
      bind(scan) {
        const cell = scan.cell(column)!
        const count = missingCount(column, cell)
        return {
          rule,
          aggregates: [count],
          judge(states, { rows }) {
            if (rows === 0) return unmeasured(`at most ${exactPercent(max)}`, 'no rows', 'There is no row to judge.')
            const broken = states.of(count)
            const note = `${formatCount(broken)} of ${formatCount(rows)} rows (${percent(broken / rows)}) have no value.`
            const interval = wilson(broken, rows)
            const verdict = rangeVerdict({
              name: `missing share of ${column}`,
              value: broken / rows,
              range: { max },
              unit: 'share',
              n: rows,
              interval,
              format: exactPercent,
              note,
            })
            return { ...verdict, broken }
          },
          rows: { condition: isMissing(cell), value: cell.json },
        }
      },
    }
    return [rule]
  },
})
