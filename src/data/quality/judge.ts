import { checkResult, type CheckResult } from '../../core/check.ts'
import { classBalance } from './checks/class-balance.ts'
import { conflictingLabels } from './checks/conflicting-labels.ts'
import { constantColumns } from './checks/constant-columns.ts'
import { duplicateRows } from './checks/duplicate-rows.ts'
import { missingValues } from './checks/missing-values.ts'
import { rowCount } from './checks/row-count.ts'
import type { QualityFacts } from './facts.ts'
import type { QualityLimits, QualityRule } from './rule.ts'

export const QUALITY_RULES: readonly QualityRule[] = [
  rowCount,
  missingValues,
  duplicateRows,
  constantColumns,
  classBalance,
  conflictingLabels,
]

/** What happens when a rule's limit is passed. */
export type Severity = 'fail' | 'warn' | 'skip'

/**
 * Judges what was measured. The verdict is about this data set, all of which was looked at, so a share itself is compared with its
 * limit; the interval beside it says what the share tells about more data of the same kind.
 */
export function judgeQuality(facts: QualityFacts, limits: QualityLimits, severity: (rule: string) => Severity): CheckResult[] {
  if (facts.rows === 0) {
    const message = 'The data has no rows, so nothing was judged.'
    const measurements = [{ name: 'rows', value: 0, unit: 'rows' }]
    return [checkResult({ check: 'data.rows', title: rowCount.title, verdict: 'error', message, measurements })]
  }
  return QUALITY_RULES.map(({ name, title, judge }) => {
    const over = severity(name)
    const judged = over === 'skip' ? { verdict: over, message: 'Switched off by --skip.' } : judge(facts, limits, over)
    return checkResult({ check: `data.${name}`, title, ...judged })
  })
}
