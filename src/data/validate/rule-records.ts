import { count, percent } from '../../core/counts.ts'
import type { RuleRecord } from '../../core/rule-record.ts'
import { wilson } from '../../stats/proportion.ts'
import type { Judgement, Outcome, TableOutcome } from './judgement.ts'
import { outcomeOf, STRICT } from './outcome.ts'
import { phrase } from '../row-schema/phrase.ts'
import type { RowSchema, Rule } from '../row-schema/schema.ts'
import { weigh } from '../table-rules/allowance.ts'

/** Every rule of a schema with what was found: those on rows in the order of the schema, then those on columns as a whole and on the table. */
export function ruleRecords(schema: RowSchema, judgement: Judgement): RuleRecord[] {
  return [
    ...rowRuleRecords(schema, judgement),
    ...judgement.tableOutcomes.map((outcome) => tableRuleRecord(outcome, judgement.rows)),
  ]
}

function rowRuleRecords(schema: RowSchema, { rows, outcomes, absent }: Judgement): RuleRecord[] {
  const records = [...outcomes.map((outcome) => rowRuleRecord(outcome, rows)), ...absent.map(absentRecord)]
  const holds = schema.closed && !outcomes.some(({ rule }) => rule.keyword === 'additionalProperties')
  if (holds) {
    const counted = { rule: closedRule(schema), broken: 0, examples: [], answeredBy: 'type' } as const
    records.push(rowRuleRecord(outcomeOf(counted, rows, STRICT), rows))
  }
  const places = schema.rules.map(({ pointer }) => pointer)
  const place = ({ pointer }: RuleRecord) => (places.includes(pointer) ? places.indexOf(pointer) : places.length)
  return records.toSorted((a, b) => place(a) - place(b))
}

const closedRule = ({ closed }: RowSchema): Rule => ({ column: '', keyword: 'additionalProperties', value: false, ...closed! })

/** A rule that rows keep or break, with the share of rows that break it and what that tells about more data of the same kind. */
function rowRuleRecord(
  { rule, broken, examples, answeredBy, severity, mostly, allowance, verdict }: Outcome,
  rows: number,
): RuleRecord {
  const verb = broken === 1 ? 'breaks' : 'break'
  return {
    ...ruleOf(rule),
    severity,
    ...(mostly < 1 && { mostly }),
    expected: mostly === 1 ? phrase(rule) : `${phrase(rule)} in ${allowance.expected}`,
    found:
      rows === 0
        ? 'no rows'
        : broken === 0
          ? 'holds in all rows'
          : `${count(broken, 'row')} (${percent(broken / rows)}) ${verb} it`,
    verdict: rows === 0 ? 'skip' : verdict,
    rows,
    broken,
    ...(rows > 0 && { share: broken / rows, interval: wilson(broken, rows) }),
    answeredBy,
    examples: [...examples],
  }
}

function absentRecord(rule: Rule): RuleRecord {
  const found = 'the data does not have the column, and need not'
  return { ...ruleOf(rule), severity: 'error', expected: phrase(rule), found, verdict: 'skip', rows: 0, examples: [] }
}

function ruleOf({ column, keyword, pointer, location }: Rule): Pick<RuleRecord, 'rule' | 'columns' | 'pointer' | 'location'> {
  return { rule: keyword, columns: column === '' ? [] : [column], pointer, location }
}

/** A rule on a column as a whole, on several columns or on the table. */
function tableRuleRecord({ rule, verdict: judged, examples, answeredBy }: TableOutcome, rows: number): RuleRecord {
  const { kind, columns, pointer, location, severity, phrase: demanded } = rule
  const { broken, interval, measurements } = judged
  return {
    rule: kind,
    columns: [...columns],
    pointer,
    location,
    severity,
    expected: demanded.includes(judged.expected) ? demanded : `${demanded} in ${judged.expected}`,
    found: judged.actual,
    verdict: rows === 0 ? 'skip' : weigh(judged.verdict, severity),
    rows,
    ...(broken !== undefined && { broken, ...(rows > 0 && { share: broken / rows }) }),
    ...(interval && { interval }),
    ...(measurements.length > 0 && { measurements: measurements.map((measurement) => ({ ...measurement })) }),
    answeredBy,
    examples: [...examples],
  }
}
