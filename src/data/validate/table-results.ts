import { checkResult, type CheckResult, type Finding } from '../../core/check.ts'
import { weigh } from '../table-rules/allowance.ts'
import { examplesText } from './example-text.ts'
import type { Judgement, TableOutcome } from './judgement.ts'

/** One check for each rule on a column as a whole, on keys and on the table. */
export function tableResults({ tableOutcomes, rows }: Judgement): CheckResult[] {
  return tableOutcomes.map((outcome) => tableResult(outcome, rows))
}

function tableResult({ rule, verdict: judged, examples }: TableOutcome, rows: number): CheckResult {
  const { kind, columns, phrase, location, severity } = rule
  const base = { check: `schema.${kind}`, title: [columns.join(', '), phrase].filter((part) => part !== '').join(': ') }
  if (rows === 0) return checkResult({ ...base, verdict: 'skip', message: 'Not judged: there are no rows.' })
  const { verdict, message, expected, actual, measurements, broken, hint } = judged
  const found: Finding[] =
    verdict === 'pass'
      ? []
      : [
          {
            severity: severity === 'warning' ? 'warning' : 'error',
            message: examples.length > 0 ? `${actual}: ${examplesText(examples)}` : actual,
            rule: base.title,
            location,
            evidence: { columns, kind, pointer: rule.pointer, ...(broken !== undefined && { rows: broken }), examples },
          },
        ]
  return checkResult({
    ...base,
    verdict: weigh(verdict, severity),
    message,
    expected,
    actual,
    measurements,
    findings: found,
    location,
    ...(hint !== undefined && { hint }),
  })
}
