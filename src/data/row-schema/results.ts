import { checkResult, type CheckResult, type Finding } from '../../core/check.ts'
import { suggest } from '../../core/suggest.ts'
import { count, listed, percent } from '../../core/counts.ts'
import type { ExampleRow, Judgement, Outcome } from './judge.ts'
import { KEYWORDS } from './keywords.ts'
import { countRules, type RowSchema, type Rule } from './schema.ts'

/** A judgement as check results: the rows, the columns, and one for each column of the schema. */
export function schemaResults(schema: RowSchema, judgement: Judgement): CheckResult[] {
  const named = new Set([...schema.properties, ...schema.rules.map(({ column }) => column)])
  return [
    rowCount(schema, judgement),
    columnNames(schema, judgement),
    ...[...named].map((column) => columnResult(judgement, column)),
  ]
}

/** One line: "2,380 rows, 14 columns, 41 rules: all hold". */
export function schemaSummary(schema: RowSchema, judgement: Judgement): string {
  const size = `${count(judgement.rows, 'row')}, ${count(judgement.columns.length, 'column')}, ${count(countRules(schema), 'rule')}`
  if (judgement.rows === 0 || countRules(schema) === 0) return `${size}: nothing was judged`
  const broken = new Set(judgement.outcomes.filter((outcome) => outcome.broken > 0).map(({ rule }) => rule.pointer))
  if (broken.size === 0) return `${size}: all hold`
  const verb = judgement.brokenRows === 1 ? 'breaks' : 'break'
  return `${size}: ${count(judgement.brokenRows, 'row')} ${verb} ${count(broken.size, 'rule')}`
}

function rowCount(schema: RowSchema, { rows, brokenRows }: Judgement): CheckResult {
  const base = { check: 'schema.rows', title: 'Rows' }
  const measurements = [
    { name: 'rows', value: rows, unit: 'rows' },
    { name: 'rows that break a rule', value: brokenRows, unit: 'rows', n: rows },
  ]
  if (rows === 0) {
    return checkResult({ ...base, measurements, verdict: 'error', message: 'The data has no rows, so nothing was judged.' })
  }
  if (countRules(schema) === 0) {
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
  return schema.rules.filter(({ keyword, column }) => keyword === 'required' && !columns.includes(column))
}

function missingFinding({ column }: Rule, unexpected: readonly string[]): Pick<Finding, 'message' | 'severity'> {
  const near = suggest(column, unexpected)
  return { severity: 'error', message: `There is no column "${column}".${near ? ` Is "${near}" meant?` : ''}` }
}

function unexpectedFinding(schema: RowSchema, judgement: Judgement, name: string): Finding {
  const outcome = judgement.outcomes.find(({ rule }) => rule.keyword === 'additionalProperties' && rule.column === name)
  const where = judgement.format === 'json' && outcome ? ` in ${share(outcome.broken, judgement.rows)}` : ''
  const message = `The schema does not list the column "${name}"${where}.`
  if (!schema.closed) return { severity: 'note', message }
  return { severity: 'error', message, rule: 'additionalProperties', location: schema.closed.location }
}

function columnResult(judgement: Judgement, column: string): CheckResult {
  const outcomes = judgement.outcomes.filter(({ rule }) => rule.column === column && rule.keyword !== 'additionalProperties')
  const absent = judgement.absent.filter((rule) => rule.column === column)
  const broken = outcomes.filter((outcome) => outcome.broken > 0)
  const base = { check: 'schema.column', title: `Column ${column}` }
  if (judgement.rows === 0) return checkResult({ ...base, verdict: 'skip', message: 'Not judged: there are no rows.' })
  if (outcomes.length === 0) {
    const why = judgement.columns.includes(column)
      ? 'the schema demands nothing of it'
      : 'the data does not have it, and need not'
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
  const isMissing = !judgement.columns.includes(column)
  const message = isMissing
    ? 'The column is missing.'
    : `${broken.map((outcome) => `${share(outcome.broken, judgement.rows)} ${verbFor(outcome.broken)} ${phrase(outcome.rule)}`).join('; ')}.`
  const hint = hintFor(broken, judgement.types.get(column))
  return checkResult({
    ...base,
    verdict: 'fail',
    message,
    measurements: broken.map((outcome) => ({
      name: `rows that break ${outcome.rule.keyword}`,
      value: outcome.broken,
      unit: 'rows',
      n: judgement.rows,
    })),
    findings: broken.map((outcome) => findingOf(outcome, judgement, isMissing)),
    location: broken[0]!.rule.location,
    ...(hint && { hint }),
  })
}

const share = (part: number, rows: number): string => `${count(part, 'row')} (${percent(part / rows)})`
const verbFor = (rows: number): string => (rows === 1 ? 'breaks' : 'break')

/** `minimum 0`, `required`. */
export function phrase({ keyword, value }: Rule): string {
  return KEYWORDS.get(keyword)?.phrase(value as never) ?? keyword
}

function findingOf({ rule, broken, examples }: Outcome, { rows }: Judgement, isMissing: boolean): Finding {
  const shown = examples.slice(0, 3).map(exampleText).join(', ')
  const message = isMissing
    ? `The column "${rule.column}" is missing.`
    : `${share(broken, rows)} ${verbFor(broken)} ${phrase(rule)}${shown ? `: ${shown}` : ''}`
  return {
    severity: 'error',
    message,
    rule: `${rule.column}: ${phrase(rule)}`,
    location: rule.location,
    evidence: { column: rule.column, keyword: rule.keyword, pointer: rule.pointer, rows: broken, share: broken / rows, examples },
  }
}

/** `line 14: -3`, or `line 14 (id 7): -3` where rows have a key. */
function exampleText({ row, line, key, value }: ExampleRow): string {
  const place = line === undefined ? `row ${row}` : `line ${line}`
  const parts = Object.entries(key ?? {}).map(
    ([column, part]) => `${column} ${typeof part === 'string' ? part : JSON.stringify(part)}`,
  )
  const known = parts.length === 0 ? '' : ` (${parts.join(', ')})`
  return `${place}${known}: ${value === null ? 'missing' : JSON.stringify(value)}`
}

function hintFor(broken: readonly Outcome[], columnType: string | undefined): string | undefined {
  const type = broken.find(({ rule }) => rule.keyword === 'type' || rule.keyword === 'enum') ?? broken[0]!
  const values = type.examples.map(({ value }) => value)
  if (values.some((value) => NOT_FINITE.has(value))) {
    return 'JSON has no NaN and no infinity, so they are not numbers. Where they stand for missing values, write null.'
  }
  if (values.length > 0 && values.every((value) => value === null)) return missingHint(type.rule)
  return columnType && type.rule.keyword === 'type' ? `The column holds ${columnType}.` : undefined
}

function missingHint({ keyword, value, column }: Rule): string | undefined {
  const beginning = 'Values are missing. If that is allowed,'
  if (keyword === 'type') return `${beginning} write "type": ${JSON.stringify([...(value as string[]), 'null'])}.`
  if (keyword === 'enum') return `${beginning} add null to the list.`
  return keyword === 'required' ? `${beginning} take "${column}" out of "required".` : undefined
}

const NOT_FINITE: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', 'nan', 'inf', '-inf'])
