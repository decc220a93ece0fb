import type { z } from 'zod'
import { number, range } from '../fields.ts'
import { tableRuleKind } from '../kind.ts'
import { numberRule } from './number-rule.ts'

const value = range(number.min(0, 'it must not be below 0'))

export const standardDeviation = tableRuleKind<z.output<typeof value>>({
  kind: 'standardDeviation',
  where: 'column',
  summary: 'The standard deviation of the numbers of the column, with n − 1.',
  example: '"standardDeviation": { "min": 1, "max": 25000 }',
  value,
  rules(value, site) {
    // No interval: the one by chi-squared holds for normal data alone, and columns seldom are.
    const measure = ({ n, m2 }: { n: number; m2: number }) => (n < 2 ? null : { value: Math.sqrt(Math.max(m2, 0) / (n - 1)) })
    const severity = value.severity ?? site.severity
    return [numberRule({ name: 'standard deviation', range: value, severity, measure, least: 2 }, site)]
  },
})
