import { z } from 'zod'
import type { Aggregate } from '../../plan/aggregate.ts'
import type { Scan } from '../../scan/scan.ts'
import { aggregateId } from '../aggregates/count-where.ts'
import { allPresent, keyItems, keyNames, keysOf } from '../aggregates/keys.ts'
import { columnNames, fields, mostly, severity } from '../fields.ts'
import { namedAt, tableRuleKind, type RuleSite } from '../kind.ts'
import { rowValue } from '../row-value.ts'
import type { TableRule } from '../rule.ts'
import { rowsVerdict } from '../rows-verdict.ts'

const dependency = fields({ from: columnNames, to: columnNames, mostly, severity })
const value = z.array(dependency, 'it must be a list of objects with from and to').min(1, 'it must hold a dependency')
type Dependency = z.output<typeof dependency>

/**
 * `from` decides `to`. The rows that break it are those that would have to be left out for it to hold: the measure g₃ of Kivinen and
 * Mannila, "Approximate inference of functional dependencies from relations" (1995), without the division by the rows.
 */
export const functionalDependencies = tableRuleKind<readonly Dependency[]>({
  kind: 'functionalDependencies',
  where: 'row',
  summary:
    'Rows with the same values in some columns have the same values in others; rows that lack one of them are not compared.',
  example: '"functionalDependencies": [{ "from": ["zip"], "to": ["city"] }]',
  value,
  columns: (value) => value.flatMap(({ from, to }, i) => [...namedAt(from, i, 'from'), ...namedAt(to, i, 'to')]),
  rules: (value, site) => value.map((dependency, i) => dependencyRule(dependency, i, site)),
})

function dependencyRule({ from, to, mostly = 1, severity }: Dependency, i: number, site: RuleSite): TableRule {
  const columns = [...new Set([...from, ...to])]
  const phrase = `${from.join(', ')} decides ${to.join(', ')}`
  const rule: TableRule = {
    kind: site.kind,
    columns,
    ...site.at([i]),
    severity: severity ?? site.severity,
    phrase,
    bind(scan) {
      const aggregate = minority(scan, from, to, site)
      return {
        rule,
        aggregates: [aggregate],
        judge(states) {
          const { complete, minority } = states.of(aggregate)
          return rowsVerdict({ phrase, broken: minority, rows: complete, mostly, none: 'no row has all of these values' })
        },
        rows: { query: minorityRows(scan, from, to, columns) },
      }
    },
  }
  return rule
}

interface Minority {
  /** Rows with a value in every column. */
  readonly complete: number
  /** Rows whose `to` is not the most frequent one of their `from`. */
  readonly minority: number
}

function minority(scan: Scan, from: readonly string[], to: readonly string[], { types }: RuleSite): Aggregate<Minority> {
  const [source, target] = [keysOf(scan, from), keysOf(scan, to)]
  const columns = [...new Set([...from, ...to])]
  const query = (table: string): string => {
    const items = `${keyItems(source, 'f')}, ${keyItems(target, 't')}`
    const present = `${allPresent(source, 'f')} AND ${allPresent(target, 't')}`
    const pairs = `(SELECT ${keyNames(source, 'f')}, count(*) AS n FROM (SELECT ${items} FROM ${table}) WHERE ${present}
      GROUP BY ${keyNames(source, 'f')}, ${keyNames(target, 't')})`
    const groups = `(SELECT sum(n) AS total, max(n) AS most FROM ${pairs} GROUP BY ${keyNames(source, 'f')})`
    const fields = 'complete: coalesce(sum(total), 0)::BIGINT, minority: coalesce(sum(total - most), 0)::BIGINT'
    return `SELECT CAST(to_json({${fields}}) AS VARCHAR) FROM ${groups}`
  }
  return {
    id: aggregateId('dependency', columns, [from, to, columns.map((column) => [...types(column)].toSorted())]),
    columns,
    how: { query, numbered: false },
    mergeable: false,
    read: (value) => JSON.parse(String(value)) as Minority,
    merge() {
      throw new Error('which value is the most frequent of two files is not told by theirs')
    },
  }
}

/** Of values that are equally frequent, the one that comes first stays. */
function minorityRows(scan: Scan, from: readonly string[], to: readonly string[], columns: readonly string[]) {
  const [source, target] = [keysOf(scan, from), keysOf(scan, to)]
  const [f, t] = [keyNames(source, 'f'), keyNames(target, 't')]
  const value = rowValue(scan, columns)
  return (table: string): string => {
    const items = `__file, __row, row_number() OVER () AS place, ${value} AS value, ${keyItems(source, 'f')}, ${keyItems(target, 't')}`
    const rows = `(SELECT * FROM (SELECT ${items} FROM ${table}) WHERE ${allPresent(source, 'f')} AND ${allPresent(target, 't')})`
    const pairs = `(SELECT ${f}, ${t}, count(*) AS n, min(place) AS first FROM ${rows} GROUP BY ${f}, ${t})`
    const losers = `(SELECT ${f}, ${t} FROM ${pairs} QUALIFY row_number() OVER (PARTITION BY ${f} ORDER BY n DESC, first) > 1)`
    return `SELECT __file, __row, value FROM ${rows} SEMI JOIN ${losers} USING (${f}, ${t})`
  }
}
