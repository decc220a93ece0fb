import { checkResult, type CheckResult, type Finding } from '../../core/check.ts'
import { suggest } from '../../core/suggest.ts'
import { count, listed, percent } from '../../core/counts.ts'
import type { Judgement, Outcome } from './judgement.ts'
import { worstOf } from '../../core/verdict.ts'
import { phrase } from '../row-schema/phrase.ts'
import { countRules, pathText, type RowSchema, type Rule } from '../row-schema/schema.ts'
import { examplesText } from './example-text.ts'
import { tableResults } from './table-results.ts'

/**
 * A judgement as check results: the rows, the columns, rules on the row as a whole, one for each column of the schema, and one for each
 * rule on a column as a whole, on keys or on the table.
 */
export function schemaResults(schema: RowSchema, judgement: Judgement): CheckResult[] {
  const judged = [...judgement.outcomes.map(({ rule }) => rule).filter((rule) => !isUnlisted(rule)), ...judgement.absent]
  const named = new Set([
    ...schema.properties,
    ...schema.rules.map(({ column }) => column),
    ...judged.map(({ column }) => column),
  ])
  const hasRowRules = judged.some(({ column }) => column === '')
  named.delete('')
  return [
    rowCount(schema, judgement),
    columnNames(schema, judgement),
    ...[...(hasRowRules ? [''] : []), ...named].map((column) => columnResult(judgement, column)),
    ...tableResults(judgement),
  ]
}

/** A closed schema's demand on a column that it does not list; it is told with the names of columns. */
const isUnlisted = ({ keyword, value }: Rule): boolean => keyword === 'additionalProperties' && value === false

/** One line: "2,380 rows, 14 columns, 41 rules: all hold". */
export function schemaSummary(schema: RowSchema, judgement: Judgement): string {
  const { rows, columns, outcomes, tableOutcomes, brokenRows } = judgement
  const ruleCount = ruleCountOf(schema, judgement)
  const size = `${count(rows, 'row')}, ${count(columns.length, 'column')}, ${count(ruleCount, 'rule')}`
  if (rows === 0 || ruleCount === 0) return `${size}: nothing was judged`
  const broken = new Set(outcomes.filter(({ verdict }) => verdict !== 'pass').map(({ rule }) => identityOf(schema, rule)))
  const ofTable = tableOutcomes.filter(({ verdict }) => verdict.verdict !== 'pass').length
  const parts = [
    ...(broken.size > 0 ? [`${count(brokenRows, 'row')} ${verbFor(brokenRows)} ${count(broken.size, 'rule')}`] : []),
    ...(ofTable > 0 ? [`${count(ofTable, 'rule')} on columns or the table ${ofTable === 1 ? 'does' : 'do'} not hold`] : []),
  ]
  return `${size}: ${parts.length === 0 ? 'all hold' : parts.join('; ')}`
}

/** How many demands a schema makes, on rows and on the table. */
export const ruleCountOf = (schema: RowSchema, { tableOutcomes }: Judgement): number => countRules(schema) + tableOutcomes.length

/** What the data makes of one rule of the schema (one for each column that it does not list) counts once. */
const identityOf = (schema: RowSchema, rule: Rule): unknown => (schema.rules.includes(rule) ? rule : rule.pointer)

function rowCount(schema: RowSchema, judgement: Judgement): CheckResult {
  const { rows, brokenRows } = judgement
  const base = { check: 'schema.rows', title: 'Rows' }
  const measurements = [
    { name: 'rows', value: rows, unit: 'rows' },
    { name: 'rows that break a rule', value: brokenRows, unit: 'rows', n: rows },
  ]
  if (rows === 0) {
    return checkResult({ ...base, measurements, verdict: 'error', message: 'The data has no rows, so nothing was judged.' })
  }
  if (ruleCountOf(schema, judgement) === 0) {
    return checkResult({
      ...base,
      measurements,
      verdict: 'error',
      message: 'The schema has no rules, so nothing was judged.',
      hint: 'Describe the columns under "properties", and name those that must be there under "required".',
      location: { file: schema.file },
    })
  }
  return checkResult({ ...base, measurements, verdict: 'pass', message: `${count(rows, 'row')} judged, each by every rule.` })
}

function columnNames(schema: RowSchema, judgement: Judgement): CheckResult {
  const known = new Set(schema.properties)
  const unexpected = judgement.columns.filter((name) => !known.has(name))
  const missing = missingColumns(schema, judgement)
  const measurements = [
    { name: 'columns', value: judgement.columns.length, unit: 'columns' },
    { name: 'columns that the schema does not list', value: unexpected.length, unit: 'columns' },
    { name: 'required columns that are missing', value: missing.length, unit: 'columns' },
  ]
  const findings = [
    ...missing.map((rule) => ({ ...missingFinding(rule, unexpected), rule: 'required', location: rule.location })),
    ...unexpected.map((name) => unexpectedFinding(schema, judgement, name)),
  ]
  const failed = missing.length > 0 || (schema.closed !== null && unexpected.length > 0)
  const extra = unexpected.length === 0 ? 'all are in the schema' : `not in the schema: ${listed(unexpected)}`
  const lacking = missing.length === 0 ? '' : `; missing: ${listed(missing.map(({ column }) => column))}`
  return checkResult({
    check: 'schema.columns',
    title: 'Columns',
    verdict: failed ? 'fail' : 'pass',
    message: `${count(judgement.columns.length, 'column')}; ${extra}${lacking}.`,
    measurements,
    findings,
    ...(failed && {
      hint: missing.length > 0 ? 'Rename or add the columns.' : 'Add the columns to the schema, or leave them out.',
    }),
  })
}

/** Required columns that no row has. */
function missingColumns(schema: RowSchema, { columns }: Judgement): Rule[] {
  const missing = schema.rules.filter(({ keyword, column, path }) => keyword === 'required' && !path && !columns.includes(column))
  return missing.filter(({ column }, i) => missing.findIndex((other) => other.column === column) === i)
}

function missingFinding({ column }: Rule, unexpected: readonly string[]): Pick<Finding, 'message' | 'severity'> {
  const near = suggest(column, unexpected)
  return { severity: 'error', message: `There is no column "${column}".${near ? ` Is "${near}" meant?` : ''}` }
}

function unexpectedFinding(schema: RowSchema, judgement: Judgement, name: string): Finding {
  const outcome = judgement.outcomes.find(({ rule }) => isUnlisted(rule) && rule.column === name)
  const where = judgement.format === 'json' && outcome ? ` in ${share(outcome.broken, judgement.rows)}` : ''
  const message = `The schema does not list the column "${name}"${where}.`
  if (!schema.closed) return { severity: 'note', message }
  return { severity: 'error', message, rule: 'additionalProperties', location: schema.closed.location }
}

function columnResult(judgement: Judgement, column: string): CheckResult {
  const outcomes = judgement.outcomes.filter(({ rule }) => rule.column === column && !isUnlisted(rule))
  const absent = judgement.absent.filter((rule) => rule.column === column)
  const broken = outcomes.filter((outcome) => outcome.broken > 0)
  const isRow = column === ''
  const base = isRow ? { check: 'schema.row', title: 'Row' } : { check: 'schema.column', title: `Column ${column}` }
  if (judgement.rows === 0) return checkResult({ ...base, verdict: 'skip', message: 'Not judged: there are no rows.' })
  if (outcomes.length === 0) {
    const why = judgement.columns.includes(column)
      ? 'the schema demands nothing of it'
      : `the data ${isRow ? 'has no columns that are not listed' : 'does not have it, and need not'}`
    return checkResult({ ...base, verdict: 'skip', message: `Not judged: ${why}.` })
  }
  const ruleCount = outcomes.length + absent.length
  if (broken.length === 0) {
    return checkResult({
      ...base,
      verdict: 'pass',
      message: `${count(ruleCount, 'rule')} ${ruleCount === 1 ? 'holds' : 'hold'} in all rows.`,
    })
  }
  const verdict = worstOf(outcomes.map((outcome) => outcome.verdict))
  const isMissing = !isRow && !judgement.columns.includes(column)
  const message = isMissing
    ? 'The column is missing.'
    : `${broken.map((outcome) => brokenText(outcome, judgement.rows)).join('; ')}.`
  const hint = hintFor(broken, judgement.types.get(column))
  return checkResult({
    ...base,
    verdict,
    message,
    measurements: broken.flatMap((outcome) => [
      { name: `rows that break ${outcome.rule.keyword}`, value: outcome.broken, unit: 'rows', n: judgement.rows },
      ...(outcome.mostly < 1 ? [{ ...outcome.allowance.measurement, name: `rows that keep ${outcome.rule.keyword}` }] : []),
    ]),
    findings: broken.map((outcome) => findingOf(outcome, judgement, isMissing)),
    location: (broken.find((outcome) => outcome.verdict === verdict) ?? broken[0]!).rule.location,
    ...(hint && verdict !== 'pass' && { hint }),
  })
}

const share = (part: number, rows: number): string => `${count(part, 'row')} (${percent(part / rows)})`
const verbFor = (rows: number): string => (rows === 1 ? 'breaks' : 'break')

/** `12 rows (1 %) break minimum 0`, and what is allowed where some may. */
function brokenText({ rule, broken, mostly, allowance }: Outcome, rows: number): string {
  const found = `${share(broken, rows)} ${verbFor(broken)} ${phrase(rule)}`
  if (mostly === 1) return found
  const asked = `${found}, which ${allowance.expected} have to keep`
  return allowance.reason === undefined ? asked : `${asked}: ${allowance.reason.replace(/\.$/, '')}`
}

/** What an allowance lets pass is told and is no trouble. */
const FINDING_SEVERITY = {
  pass: 'note',
  warn: 'warning',
  inconclusive: 'warning',
  fail: 'error',
  error: 'error',
  skip: 'note',
} as const

function findingOf(outcome: Outcome, { rows }: Judgement, isMissing: boolean): Finding {
  const { rule, broken, examples } = outcome
  const shown = examplesText(examples)
  const message = isMissing
    ? `The column "${rule.column}" is missing.`
    : `${brokenText(outcome, rows)}${shown ? `: ${shown}` : ''}`
  return {
    severity: FINDING_SEVERITY[outcome.verdict],
    message,
    rule: `${rule.column === '' ? 'row' : rule.column}: ${phrase(rule)}`,
    location: rule.location,
    evidence: {
      column: rule.column,
      ...(rule.path && { path: pathText(rule) }),
      keyword: rule.keyword,
      pointer: rule.pointer,
      rows: broken,
      share: broken / rows,
      examples,
    },
  }
}

function hintFor(broken: readonly Outcome[], columnType: string | undefined): string | undefined {
  const type = broken.find(({ rule }) => rule.keyword === 'type' || rule.keyword === 'enum') ?? broken[0]!
  const values = type.examples.map(({ value }) => value)
  if (values.some((value) => NOT_FINITE.has(value))) {
    return 'JSON has no NaN and no infinity, so they are not numbers. Where they stand for missing values, write null.'
  }
  if (values.length > 0 && values.every((value) => value === null)) return missingHint(type.rule)
  return columnType && type.rule.keyword === 'type' && !type.rule.path ? `The column holds ${columnType}.` : undefined
}

function missingHint({ keyword, value, column, path = [] }: Rule): string | undefined {
  const last = path.at(-1)
  const name = last && 'property' in last ? last.property : column
  const beginning = 'Values are missing. If that is allowed,'
  if (keyword === 'type') return `${beginning} write "type": ${JSON.stringify([...(value as string[]), 'null'])}.`
  if (keyword === 'enum') return `${beginning} add null to the list.`
  return keyword === 'required' ? `${beginning} take "${name}" out of "required".` : undefined
}

const NOT_FINITE: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', 'nan', 'inf', '-inf'])
