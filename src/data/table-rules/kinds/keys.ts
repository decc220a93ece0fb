import { z } from 'zod'
import { columnNames, fields, mostly, severity, short } from '../fields.ts'
import { namedAt, tableRuleKind } from '../kind.ts'
import { keyRule } from './repeated-keys.ts'

const key = short(fields({ columns: columnNames, mostly, severity }), (value) =>
  Array.isArray(value) ? { columns: value } : value,
)
const value = z.array(key, 'it must be a list of keys, each a list of column names').min(1, 'it must hold a key')

export const keys = tableRuleKind<z.output<typeof value>>({
  kind: 'keys',
  where: 'row',
  summary: 'Columns that tell every row from every other: no two rows have the same values, and none lacks one.',
  example: '"keys": [["id"], ["customer", "month"]]',
  value,
  columns: (value) => value.flatMap(({ columns }, i) => namedAt(columns, i, 'columns')),
  rules: (value, site) =>
    value.map(({ columns, mostly = 1, severity = site.severity }, i) =>
      keyRule({ columns, path: [i], phrase: `key (${columns.join(', ')})`, mostly, severity, complete: true }, site),
    ),
})
