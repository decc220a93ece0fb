import { checkResult, type CheckResult } from '../../core/check.ts'
import { classBalance } from './checks/class-balance.ts'
import { conflictingLabels } from './checks/conflicting-labels.ts'
import { constantColumns } from './checks/constant-columns.ts'
import { duplicateRows } from './checks/duplicate-rows.ts'
import { identifiers } from './checks/identifiers.ts'
import { implausibleDates } from './checks/implausible-dates.ts'
import { guessedKeys, key } from './checks/key.ts'
import { labelLeakage } from './checks/label-leakage.ts'
import { missingPatterns } from './checks/missing-patterns.ts'
import { missingSpellings } from './checks/missing-spellings.ts'
import { missingValues } from './checks/missing-values.ts'
import { mixedTypes } from './checks/mixed-types.ts'
import { nearConstant } from './checks/near-constant.ts'
import { outliers } from './checks/outliers.ts'
import { personalData } from './checks/personal-data.ts'
import { rowCount } from './checks/row-count.ts'
import { sharedKeys } from './checks/shared-keys.ts'
import { sharedRows } from './checks/shared-rows.ts'
import { spellingVariants } from './checks/spelling-variants.ts'
import { timeOverlap } from './checks/time-overlap.ts'
import type { QualityFacts } from './facts.ts'
import type { QualityLimits, QualityRule, Severity } from './rule.ts'

/** In the order of the report: the whole, columns, values, the label, another data set. */
export const QUALITY_RULES: readonly QualityRule[] = [
  rowCount,
  missingValues,
  missingPatterns,
  missingSpellings,
  duplicateRows,
  key,
  guessedKeys,
  constantColumns,
  nearConstant,
  identifiers,
  mixedTypes,
  spellingVariants,
  outliers,
  implausibleDates,
  personalData,
  classBalance,
  conflictingLabels,
  labelLeakage,
  sharedRows,
  sharedKeys,
  timeOverlap,
]

/**
 * Judges what was measured. The verdict is about this data set, all of which was looked at, so a share itself is compared with its
 * limit; the interval beside it says what the share tells about more data of the same kind.
 */
export function judgeQuality(
  facts: QualityFacts,
  limits: QualityLimits,
  severity: (rule: QualityRule) => Severity,
): CheckResult[] {
  if (facts.rows === 0) {
    const message = 'The data has no rows, so nothing was judged.'
    const measurements = [{ name: 'rows', value: 0, unit: 'rows' }]
    return [checkResult({ check: 'data.rows', title: rowCount.title, verdict: 'error', message, measurements })]
  }
  const given = { key: facts.keys.some((one) => one.given), reference: facts.reference !== null }
  return QUALITY_RULES.filter(({ needs }) => needs === undefined || given[needs]).map((rule) => {
    const { name, title, judge } = rule
    const over = severity(rule)
    const judged =
      over === 'skip'
        ? { verdict: over, message: 'Switched off by --skip.' }
        : judge(facts, limits, over === 'note' ? 'pass' : over)
    return checkResult({ check: `data.${name}`, title, ...judged })
  })
}
