import { count, percent } from '../core/counts.ts'
import type { RuleExample, RuleRecord } from '../core/rule-record.ts'
import { wilson } from '../stats/proportion.ts'
import type { Judgement, Outcome } from './validate/judgement.ts'
import { phrase } from './row-schema/results.ts'
import type { RowSchema, Rule } from './row-schema/schema.ts'
import type { TableRule, TableVerdict } from './table-rules/rule.ts'

type Answer = NonNullable<RuleRecord['answeredBy']>

/** How a row rule was judged, where it is not simply by "no row may break it". */
export interface RowRuleJudgement {
  readonly severity?: RuleRecord['severity']
  /** The share of rows that must hold. */
  readonly mostly?: number
  readonly verdict?: RuleRecord['verdict']
}

/**
 * Every rule of a schema with what was found: those on rows in the order of the schema, then those on columns as a whole and on the
 * table. `judged` adds what is known of a rule on rows beyond its count.
 */
export function ruleRecords(
  schema: RowSchema,
  judgement: Judgement,
  judged: (outcome: Outcome) => RowRuleJudgement = () => ({}),
): RuleRecord[] {
  const table = judgement.tableOutcomes.map(({ rule, verdict, examples, answeredBy }) =>
    tableRuleRecord(rule, verdict, judgement.rows, examples, answeredBy),
  )
  return [...rowRuleRecords(schema, judgement, judged), ...table]
}

function rowRuleRecords(
  schema: RowSchema,
  { rows, outcomes, absent }: Judgement,
  judged: (outcome: Outcome) => RowRuleJudgement,
): RuleRecord[] {
  const records = [...outcomes.map((outcome) => rowRuleRecord(outcome, rows, judged(outcome))), ...absent.map(absentRecord)]
  const holds = schema.closed && !outcomes.some(({ rule }) => rule.keyword === 'additionalProperties')
  if (holds) records.push(rowRuleRecord({ rule: closedRule(schema), broken: 0, examples: [] }, rows))
  const places = schema.rules.map(({ pointer }) => pointer)
  const place = ({ pointer }: RuleRecord) => (places.includes(pointer) ? places.indexOf(pointer) : places.length)
  return records.toSorted((a, b) => place(a) - place(b))
}

const closedRule = ({ closed }: RowSchema): Rule => ({ column: '', keyword: 'additionalProperties', value: false, ...closed! })

/** A rule that rows keep or break, with the share of rows that break it and what that tells about more data of the same kind. */
function rowRuleRecord(
  { rule, broken, examples, answeredBy }: Omit<Outcome, 'answeredBy'> & Partial<Pick<Outcome, 'answeredBy'>>,
  rows: number,
  judged: RowRuleJudgement = {},
): RuleRecord {
  const { severity = 'error', mostly } = judged
  const usual = broken === 0 ? 'pass' : severity === 'warning' ? 'warn' : 'fail'
  const verb = broken === 1 ? 'breaks' : 'break'
  return {
    ...ruleOf(rule),
    severity,
    ...(mostly !== undefined && { mostly }),
    expected: mostly === undefined ? phrase(rule) : `${phrase(rule)} in at least ${percent(mostly)} of the rows`,
    found:
      rows === 0
        ? 'no rows'
        : broken === 0
          ? 'holds in all rows'
          : `${count(broken, 'row')} (${percent(broken / rows)}) ${verb} it`,
    verdict: rows === 0 ? 'skip' : (judged.verdict ?? usual),
    rows,
    broken,
    ...(rows > 0 && { share: broken / rows, interval: wilson(broken, rows) }),
    ...(answeredBy && { answeredBy }),
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
function tableRuleRecord(
  { kind, columns, pointer, location, severity, phrase: expected }: TableRule,
  judged: TableVerdict,
  rows: number,
  examples: readonly RuleExample[] = [],
  answeredBy?: Answer,
): RuleRecord {
  const { broken, interval, measurements } = judged
  return {
    rule: kind,
    columns: [...columns],
    pointer,
    location,
    severity,
    expected: judged.expected || expected,
    found: judged.actual,
    verdict: judged.verdict === 'fail' && severity === 'warning' ? 'warn' : judged.verdict,
    rows,
    ...(broken !== undefined && { broken, ...(rows > 0 && { share: broken / rows }) }),
    ...(interval && { interval }),
    ...(measurements.length > 0 && { measurements: measurements.map((measurement) => ({ ...measurement })) }),
    ...(answeredBy && { answeredBy }),
    examples: [...examples],
  }
}
