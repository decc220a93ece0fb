import { count } from '../../../core/counts.ts'
import type { Scan } from '../../scan/scan.ts'
import { distinctKeys } from '../../plan/distinct-keys.ts'
import { allPresent, keyItems, keyNames, keysOf } from '../aggregates/keys.ts'
import type { RuleSite } from '../kind.ts'
import { rowValue } from '../row-value.ts'
import type { Severity, TableRule } from '../rule.ts'
import { rowsVerdict } from '../rows-verdict.ts'

export interface KeyDemand {
  readonly columns: readonly string[]
  readonly path: readonly (string | number)[]
  readonly phrase: string
  readonly mostly: number
  readonly severity: Severity
  /** A row without a whole key breaks the demand too; else it is left out. */
  readonly complete: boolean
}

/** No two rows have the same key. The rows that break it are those that repeat an earlier one: as many as rows minus different keys. */
export function keyRule({ columns, path, phrase, mostly, severity, complete }: KeyDemand, site: RuleSite): TableRule {
  const rule: TableRule = {
    kind: site.kind,
    columns,
    ...site.at(path),
    severity,
    phrase,
    bind(scan) {
      const keys = distinctKeys(scan, columns, site.types)
      return {
        rule,
        aggregates: [keys],
        judge(states, { rows }) {
          const found = states.of(keys)
          const repeated = found.complete - found.distinct
          const without = complete ? rows - found.complete : 0
          return rowsVerdict({
            phrase,
            broken: repeated + without,
            rows: complete ? rows : found.complete,
            mostly,
            none: 'no row has a value',
            notes:
              without === 0
                ? []
                : [`${count(without, 'row')} ${without === 1 ? 'lacks' : 'lack'} a value in a column of the key.`],
          })
        },
        rows: { query: repeatedRows(scan, columns, complete) },
      }
    },
  }
  return rule
}

/** Rows that repeat the key of one above them, and rows without a whole key when they are asked for. */
function repeatedRows(scan: Scan, columns: readonly string[], complete: boolean): (table: string) => string {
  const keys = keysOf(scan, columns)
  const names = keyNames(keys)
  const value = rowValue(scan, columns)
  return (table) => {
    const present = allPresent(keys)
    const all = `(SELECT __file, __row, row_number() OVER () AS place, ${value} AS value, ${keyItems(keys)} FROM ${table})`
    const again = `(SELECT ${names} FROM ${all} WHERE ${present} GROUP BY ${names} HAVING count(*) > 1)`
    const repeated = `SELECT __file, __row, value FROM (
      SELECT *, row_number() OVER (PARTITION BY ${names} ORDER BY place) AS nth FROM (SELECT * FROM ${all} SEMI JOIN ${again} USING (${names}))
    ) WHERE nth > 1`
    return complete ? `${repeated} UNION ALL SELECT __file, __row, value FROM ${all} WHERE NOT (${present})` : repeated
  }
}
