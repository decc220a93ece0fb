import { count, formatCount } from '../../../core/counts.ts'
import type { Scan } from '../../scan/scan.ts'
import { orderKey } from '../aggregates/order-key.ts'
import { sequence, sequenceTable, type SequenceOf } from '../aggregates/sequence.ts'
import type { RuleSite } from '../kind.ts'
import { unmeasured } from '../range-verdict.ts'
import { rowValue } from '../row-value.ts'
import type { Severity, TableRule, TableVerdict } from '../rule.ts'
import { typedValue } from '../typed-value.ts'

export interface OrderDemand {
  readonly columns: readonly string[]
  readonly direction?: 'ascending' | 'descending' | undefined
  readonly strict?: boolean | undefined
  readonly severity?: Severity | undefined
}

/** The rows come in the order of some columns, in reading order through all files. Rows without a value are passed over. */
export function sortedRule(
  { columns, direction = 'ascending', strict = false, severity }: OrderDemand,
  site: RuleSite,
): TableRule {
  const phrase = `${strict ? 'strictly ' : ''}${direction}${columns.length > 1 ? ` by ${columns.join(', ')}` : ''}`
  const rule: TableRule = {
    kind: site.kind,
    columns,
    ...site.at([]),
    severity: severity ?? site.severity,
    phrase,
    bind(scan) {
      const of = sequenceOf(scan, columns, direction, strict, site)
      const aggregate = sequence(of)
      return {
        rule,
        aggregates: [aggregate],
        judge: (states): TableVerdict => {
          const { n, steps } = states.of(aggregate)
          if (n === 0) return unmeasured(phrase, 'no values', `${phrase}: not judged, because no row has a value.`)
          const measurements = [{ name: 'rows out of order', value: steps, unit: 'rows', n }]
          const which = direction === 'ascending' ? 'below' : 'above'
          const expected = `each ${columns.join(', ')} not ${which} the one before${strict ? ', and not the same' : ''}`
          const actual =
            steps === 0 ? `all ${count(n, 'row')} in order` : `${formatCount(steps)} of ${count(n, 'row')} out of order`
          return {
            verdict: steps === 0 ? 'pass' : 'fail',
            message: `${phrase}: ${actual}.`,
            expected,
            actual,
            measurements,
            broken: steps,
          }
        },
        rows: {
          query: (table) => {
            const more = ['__file', '__row', `${rowValue(scan, columns)} AS value`]
            return `SELECT __file, __row, value FROM ${sequenceTable(of, table, more)} WHERE broken`
          },
        },
      }
    },
  }
  return rule
}

function sequenceOf(
  scan: Scan,
  columns: readonly string[],
  direction: SequenceOf['direction'],
  strict: boolean,
  { types }: RuleSite,
): SequenceOf {
  const typed = columns.map((column) => typedValue(scan.source, column, types))
  const keys = typed.map((value, i) => ({ value: value.of(scan.cell(columns[i]!)!), order: orderKey(value) }))
  return { columns, direction, strict, keys, detail: typed.map(({ type }) => type) }
}
