import { TRUE } from '../scan/cell.ts'
import type { Judgement } from '../validate/judgement.ts'
import type { Judging } from '../validate/open-judging.ts'
import type { FailingRule } from './write.ts'

/**
 * The rules that some row breaks, as what finds these rows. A column that a closed schema does not list is in every row; so is one that
 * is missing. A rule that only warns, or that lets some rows break it, is among them: what to make of a row is told by its rules.
 */
export function failingRules({ compiled, bound, source }: Judging, judgement: Judgement): FailingRule[] {
  const broken = new Set(judgement.outcomes.filter((outcome) => outcome.broken > 0).map(({ rule }) => rule.pointer))
  const conditions = [...compiled.conditions, ...(compiled.extraKeys ? [compiled.extraKeys] : [])]
  const rules: FailingRule[] = conditions
    .filter(({ rule }) => broken.has(rule.pointer))
    .map(({ rule, broken: condition, value }) => ({ name: rule.pointer, rows: { condition, value } }))
  const unlisted = judgement.outcomes.find(({ rule }) => rule.keyword === 'additionalProperties' && rule.column !== '')
  if (source.format !== 'json' && unlisted) {
    rules.push({ name: unlisted.rule.pointer, rows: { condition: TRUE, value: 'NULL' } })
  }
  for (const [i, { rule, verdict }] of judgement.tableOutcomes.entries()) {
    const finder = bound[i]?.rows
    if (finder && (verdict.broken ?? 0) > 0) rules.push({ name: rule.pointer, rows: finder })
  }
  return rules
}
