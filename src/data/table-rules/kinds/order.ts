import { z } from 'zod'
import { columnNames, direction, fields, severity, short } from '../fields.ts'
import { namedAt, tableRuleKind } from '../kind.ts'
import { sortedRule } from './sorted-rule.ts'

const strict = z.boolean('it must be true or false').optional()
const ofColumn = short(fields({ direction, strict, severity }), (value) =>
  typeof value === 'string' ? { direction: value } : value,
)
const ofRow = short(fields({ columns: columnNames, direction: direction.optional(), strict, severity }), (value) =>
  Array.isArray(value) ? { columns: value } : value,
)

/** On a column. */
export const order = tableRuleKind<z.output<typeof ofColumn>>({
  kind: 'order',
  where: 'column',
  summary: 'The values never fall, or never rise, in reading order through all files.',
  example: '"order": "ascending"',
  value: ofColumn,
  rules: (value, site) => [sortedRule({ ...value, columns: [site.column] }, site)],
})

/** On the row. */
export const rowOrder = tableRuleKind<z.output<typeof ofRow>>({
  kind: 'order',
  where: 'row',
  summary: 'The rows are sorted by these columns, the first that differs deciding.',
  example: '"order": ["customer", "month"]',
  value: ofRow,
  columns: ({ columns }) => namedAt(columns, 'columns'),
  rules: (value, site) => [sortedRule(value, site)],
})
