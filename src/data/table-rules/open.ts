import type { RuleDoor, TableRule, TableVerdict } from './rule.ts'
import { unmeasured } from './range-verdict.ts'

/** Rules that are ready to be bound to a scan of the data. */
export interface OpenedRules {
  readonly rules: readonly TableRule[]
  /** Rules on columns that the data does not have. Nothing of them can be measured. */
  readonly absent: readonly TableRule[]
}

/**
 * Opens what rules look at beside the scan: the files that foreign keys refer to, and how DuckDB reads predicates.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING for a file that is referred to; E_VALUE for a predicate
 */
export async function openTableRules(rules: readonly TableRule[], door: RuleDoor): Promise<OpenedRules> {
  const { source } = door
  const isThere = (column: string): boolean => source.format === 'json' || source.columns.some(({ name }) => name === column)
  const opened: TableRule[] = []
  const absent: TableRule[] = []
  for (const rule of rules) {
    // Columns of foreign keys are known before; those of predicates only after.
    const ready = rule.open && rule.columns.every(isThere) ? await rule.open(door) : rule
    const list = ready.columns.every(isThere) ? opened : absent
    list.push(ready)
  }
  return { rules: opened, absent }
}

/** Of a rule on columns that the data does not have: what could not be measured never passes. */
export function absentVerdict({ phrase, columns }: TableRule, present: readonly string[]): TableVerdict {
  const lacking = columns.filter((column) => !present.includes(column)).map((column) => JSON.stringify(column))
  const message = `${phrase}: not measured, because there is no column ${lacking.join(', ')}.`
  return { ...unmeasured(phrase, 'no such column', message), hint: 'Add the column to the data, or take the rule out.' }
}
