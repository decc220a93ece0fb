import type { z } from 'zod'
import { range, wholeNumber } from '../fields.ts'
import { tableRuleKind } from '../kind.ts'
import { rangeText, rangeVerdict } from '../range-verdict.ts'
import type { TableRule } from '../rule.ts'

const value = range(wholeNumber)

export const rows = tableRuleKind<z.output<typeof value>>({
  kind: 'rows',
  where: 'row',
  summary: 'How many rows there are.',
  example: '"rows": { "min": 1000, "max": 2000000 }',
  value,
  rules(value, site) {
    const rule: TableRule = {
      kind: site.kind,
      columns: [],
      ...site.at([]),
      severity: value.severity ?? site.severity,
      phrase: `rows ${rangeText(value)}`,
      bind: () => ({
        rule,
        aggregates: [],
        judge: (_states, { rows: n }) => rangeVerdict({ name: 'number of rows', value: n, range: value, unit: 'rows', n }),
      }),
    }
    return [rule]
  },
})
