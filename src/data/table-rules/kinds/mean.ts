import type { z } from 'zod'
import { meanInterval } from '../../../stats/mean.ts'
import { number, range } from '../fields.ts'
import { tableRuleKind } from '../kind.ts'
import { numberRule } from './number-rule.ts'

const value = range(number)

export const mean = tableRuleKind<z.output<typeof value>>({
  kind: 'mean',
  where: 'column',
  summary: 'The mean of the numbers of the column.',
  example: '"mean": { "min": 30000, "max": 60000 }',
  value,
  rules(value, site) {
    const measure = ({ n, mean, m2 }: { n: number; mean: number; m2: number }) => {
      if (n === 0) return null
      const interval = meanInterval({ n, mean, m2 })
      return interval ? { value: mean, interval } : { value: mean }
    }
    return [numberRule({ name: 'mean', range: value, severity: value.severity ?? site.severity, measure, least: 1 }, site)]
  },
})
