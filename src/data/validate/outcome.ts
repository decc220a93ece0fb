import { judgeAllowance, weigh } from '../table-rules/allowance.ts'
import type { RuleSettings } from '../table-rules/settings.ts'
import type { Outcome } from './judgement.ts'

/** A count of rows that break a rule, judged by what the schema allows. */
export function outcomeOf(
  counted: Pick<Outcome, 'rule' | 'broken' | 'examples' | 'answeredBy'>,
  rows: number,
  { severity, mostly }: RuleSettings,
): Outcome {
  const allowance = judgeAllowance(counted.broken, rows, mostly)
  return { ...counted, severity, mostly, allowance, verdict: weigh(allowance.verdict, severity) }
}

/** Every row has to keep the rule, and one that does not fails the gate. */
export const STRICT: RuleSettings = { severity: 'error', mostly: 1 }
