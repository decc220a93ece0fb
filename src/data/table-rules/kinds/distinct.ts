import type { z } from 'zod'
import { distinctKeys } from '../../plan/distinct-keys.ts'
import { range, wholeNumber } from '../fields.ts'
import { tableRuleKind } from '../kind.ts'
import { rangeText, rangeVerdict } from '../range-verdict.ts'
import type { TableRule } from '../rule.ts'

const value = range(wholeNumber)

export const distinct = tableRuleKind<z.output<typeof value>>({
  kind: 'distinct',
  where: 'column',
  summary: 'How many different values there are, missing ones not counted.',
  example: '"distinct": { "min": 2, "max": 50 }',
  value,
  rules(value, site) {
    const { column } = site
    const rule: TableRule = {
      kind: site.kind,
      columns: [column],
      ...site.at([]),
      severity: value.severity ?? site.severity,
      phrase: `distinct values ${rangeText(value)}`,
      bind(scan) {
        const keys = distinctKeys(scan, [column], site.types)
        return {
          rule,
          aggregates: [keys],
          judge(states) {
            const { distinct, complete } = states.of(keys)
            const name = `number of different values of ${column}`
            return rangeVerdict({ name, value: distinct, range: value, unit: 'values', n: complete })
          },
        }
      },
    }
    return [rule]
  },
})
