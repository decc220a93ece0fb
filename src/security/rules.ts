import type { Level } from './level.ts'
import { CONTAINER_RULES } from './rules/container-rules.ts'
import { FORMAT_RULES } from './rules/format-rules.ts'
import { PICKLE_RULES } from './rules/pickle-rules.ts'
import { SCAN_RULES } from './rules/scan-rules.ts'
import type { Rule } from './rules/rule.ts'

/** Every finding that a scan can make, by its stable identifier. */
export const RULES = { ...PICKLE_RULES, ...CONTAINER_RULES, ...FORMAT_RULES, ...SCAN_RULES } as const satisfies Record<
  string,
  Rule
>
export type RuleId = keyof typeof RULES

export type ScanVerdict = 'pass' | 'warn' | 'fail' | 'error'

/** The verdict of a file with these findings: danger outweighs what could not be examined. */
export function verdictOf(rules: Iterable<RuleId>, level: Level): ScanVerdict {
  let verdict: 'pass' | 'error' = 'pass'
  for (const rule of rules) {
    const { kind } = RULES[rule]
    if (kind === 'note') continue
    if (level === 'audit') return 'warn'
    if (kind !== 'unexamined') return 'fail'
    verdict = 'error'
  }
  return verdict
}
