import { z } from 'zod'
import { fields, mostly, severity, short } from '../fields.ts'
import { tableRuleKind } from '../kind.ts'
import { keyRule } from './repeated-keys.ts'

const value = short(
  z.union([fields({ mostly, severity }), z.literal(false)], 'it must be true, or an object with mostly or severity'),
  (value) => (value === true ? {} : value),
)

export const unique = tableRuleKind<z.output<typeof value>>({
  kind: 'unique',
  where: 'column',
  summary: 'No two rows have the same value; missing ones are not compared.',
  example: '"unique": true',
  value,
  rules(value, site) {
    if (value === false) return []
    const { mostly = 1, severity = site.severity } = value
    return [keyRule({ columns: [site.column], path: [], phrase: 'unique', mostly, severity, complete: false }, site)]
  },
})
