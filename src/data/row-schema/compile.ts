import { literal } from '../../drivers/duckdb.ts'
import { FALSE, inArray, inObject, not, TRUE, type CellSql } from '../scan/cell.ts'
import { rowCell } from '../scan/row-cell.ts'
import type { Scan } from '../scan/scan.ts'
import { keywordOf } from './keywords.ts'
import type { RowSchema, Rule, Step } from './schema.ts'

/** A rule as SQL. */
export interface Condition {
  readonly rule: Rule
  /** True where a row breaks the rule; never NULL. */
  readonly broken: string
  /** The offending value as JSON text; for a rule on the row, the columns that it reads; for one on items, the whole array. */
  readonly value: string
  /** The columns, or keys, of the data whose values it reads. */
  readonly columns: readonly string[]
}

/** A row schema as SQL over one scan. */
export interface CompiledSchema {
  readonly conditions: readonly Condition[]
  /** Documents with a key that a closed schema does not list; null where columns are known beforehand, or anything goes. */
  readonly extraKeys: Condition | null
  /** Rules on columns that the data does not have and does not need: nothing to judge. */
  readonly absent: readonly Rule[]
}

/** Compiles the rules of a schema for a scan; documents may have any key, other data only its columns. */
export function compileSchema(schema: RowSchema, scan: Scan): CompiledSchema {
  const conditions: Condition[] = []
  const absent: Rule[] = []
  for (const rule of schema.rules.flatMap((one) => onAdditionalColumns(one, scan))) {
    const isMissing = rule.column !== '' && !scan.cell(rule.column)
    if (!isMissing && !isAboutNoColumn(rule, scan)) conditions.push(conditionOf(rule, scan))
    else if (isMissing && rule.keyword === 'required' && !rule.path)
      conditions.push({ rule, broken: TRUE, value: 'NULL', columns: [] })
    else absent.push(rule)
  }
  const extraKeys = scan.source.format === 'json' && schema.closed ? extraKeysOf(schema, schema.closed) : null
  return { conditions, extraKeys, absent }
}

/** SQL of the list of keys of a document that a schema does not name. */
export function unlistedKeys({ properties }: RowSchema): string {
  return `list_filter(json_keys(json), lambda key: NOT list_contains([${properties.map(literal).join(', ')}]::VARCHAR[], key))`
}

function extraKeysOf(schema: RowSchema, closed: NonNullable<RowSchema['closed']>): Condition {
  const rule: Rule = { column: '', keyword: 'additionalProperties', value: false, ...closed }
  return { rule, broken: `(len(${unlistedKeys(schema)}) > 0)`, value: 'NULL', columns: [] }
}

/** A rule on all columns that are not listed becomes one for each that the data has, where that is known beforehand. */
function onAdditionalColumns(rule: Rule, { source }: Scan): readonly Rule[] {
  const [first, ...rest] = rule.column === '' ? (rule.path ?? []) : []
  if (!first || !('except' in first) || source.format === 'json') return [rule]
  const additional = source.columns.filter(({ name }) => !first.except.includes(name))
  const { path: _path, ...withoutPath } = rule
  const rules = additional.map(({ name }) => ({ ...withoutPath, column: name, ...(rest.length > 0 && { path: rest }) }))
  return rules.length > 0 ? rules : [rule]
}

/** A rule on the columns that are not listed, and there are none. */
const isAboutNoColumn = ({ column, path = [] }: Rule, { source }: Scan): boolean =>
  column === '' && path.length > 0 && 'except' in path[0]! && source.format !== 'json'

function conditionOf(rule: Rule, scan: Scan): Condition {
  const read = new Set<string>()
  const row = rowCell(scan, (column) => read.add(column))
  const start = rule.column === '' ? row : row.object!.property(rule.column)
  const broken = along(start, rule.path ?? [], (cell) => brokenBy(rule, cell))
  const columns = [...read]
  return { rule, broken, value: valueOf(rule, start, scan, columns), columns }
}

/** Condition: one of the values that the path leads to makes a condition true. */
function along(cell: CellSql, path: readonly Step[], condition: (cell: CellSql) => string): string {
  const [step, ...rest] = path
  if (!step) return condition(cell)
  const next = (inner: CellSql) => along(inner, rest, condition)
  if ('property' in step) return inObject(cell, (object) => next(object.property(step.property)))
  if ('item' in step) return inArray(cell, (array) => next(array.item(step.item)))
  if ('items' in step) return inArray(cell, (array) => array.anyItem(step.items, next))
  return inObject(cell, (object) => object.anyProperty(step.except, next))
}

function brokenBy(rule: Rule, cell: CellSql): string {
  if (rule.keyword === 'required') return not(cell.present)
  return keywordOf(rule.keyword).broken(cell, rule.value as never)
}

/** The value to show: the one that the path leads to, as far as there is one for each row. */
function valueOf(rule: Rule, start: CellSql, scan: Scan, columns: readonly string[]): string {
  if (rule.column === '')
    return columns.length > 0 ? rowJson(scan, columns) : scan.source.format === 'json' ? 'CAST(json AS VARCHAR)' : 'NULL'
  let cell = start
  for (const step of rule.path ?? []) {
    if (!('property' in step) || !cell.object) break
    const next = cell.object.property(step.property)
    if (next.present === FALSE) break
    cell = next
  }
  return cell.json
}

/** The columns of a row as the JSON text of an object. */
function rowJson(scan: Scan, columns: readonly string[]): string {
  const members = columns.map((name) => {
    const cell = scan.cell(name)!
    const member = `${literal(`${JSON.stringify(name)}:`)} || coalesce(${cell.json}, 'null')`
    return cell.present === TRUE ? member : `CASE WHEN ${cell.present} THEN ${member} END`
  })
  return `'{' || concat_ws(',', ${members.join(', ')}) || '}'`
}
