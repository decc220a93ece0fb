import { identifier, literal, type DataSource } from '../../drivers/duckdb.ts'
import { not, TRUE, type CellSql } from './cell.ts'
import { jsonCell, pointerTo } from './json-cell.ts'
import { KEYWORDS } from './keywords.ts'
import { projection, type Projection } from './projection.ts'
import { rulesOf, type RowSchema, type Rule } from './schema.ts'
import { textCell, typesForText } from './text-cell.ts'
import { typedCell } from './typed-cell.ts'

/** A rule as SQL. */
export interface Condition {
  readonly rule: Rule
  /** True where a row breaks the rule; never NULL. */
  readonly broken: string
  /** The offending value as JSON text. */
  readonly value: string
}

/** A row schema as SQL over one data set. */
export interface CompiledSchema {
  readonly conditions: readonly Condition[]
  /** Documents with a key that a closed schema does not list; null where columns are known beforehand, or anything goes. */
  readonly extraKeys: Condition | null
  /** Rules on columns that the data does not have and does not need: nothing to judge. */
  readonly absent: readonly Rule[]
  /** The table expression over which the conditions are written. */
  readonly table: string
  /** The same with `__file` and `__row`. */
  readonly numberedTable: string
}

/** Compiles the rules of a schema for a data set; documents may have any key, other data only its columns. */
export function compileSchema(schema: RowSchema, source: DataSource): CompiledSchema {
  const names = [...new Set(schema.rules.map(({ column }) => column))]
  const shared = projection()
  const conditions: Condition[] = []
  const absent: Rule[] = []
  const bases: string[] = []
  for (const [i, name] of names.entries()) {
    const base = `d${i}`
    const column = source.columns.find((candidate) => candidate.name === name)
    const isDocument = source.format === 'json'
    if (isDocument) bases.push(`found[${i + 1}] AS ${base}`)
    else if (column) bases.push(`${identifier(name)} AS ${base}`)
    const rules = rulesOf(schema, name)
    if (!isDocument && !column) {
      for (const rule of rules) {
        if (rule.keyword === 'required') conditions.push({ rule, broken: TRUE, value: 'NULL' })
        else absent.push(rule)
      }
      continue
    }
    const cell = cellOf(base, source, column?.type, rules, shared)
    for (const rule of rules) conditions.push({ rule, broken: brokenBy(rule, cell), value: cell.json })
  }
  const extraKeys = source.format === 'json' && schema.closed ? extraKeysOf(schema, schema.closed) : null
  const table = tableOf(source.sql, source, names, bases, shared)
  const numberedTable = tableOf(source.numberedSql, source, names, [...bases, '__file', '__row'], shared)
  return { conditions, extraKeys, absent, table, numberedTable }
}

/** SQL of the list of keys of a document that a schema does not name. */
export function unlistedKeys({ properties }: RowSchema): string {
  return `list_filter(json_keys(json), lambda key: NOT list_contains([${properties.map(literal).join(', ')}]::VARCHAR[], key))`
}

function extraKeysOf(schema: RowSchema, closed: NonNullable<RowSchema['closed']>): Condition {
  const rule: Rule = { column: '', keyword: 'additionalProperties', value: false, ...closed }
  return { rule, broken: `(len(${unlistedKeys(schema)}) > 0)`, value: 'NULL' }
}

function cellOf(base: string, source: DataSource, type: string | undefined, rules: readonly Rule[], shared: Projection): CellSql {
  if (source.format === 'json' || type === 'JSON') return jsonCell(base, shared)
  return source.format === 'csv' ? textCell(base, typesForText(rules), shared) : typedCell(base, type!)
}

function brokenBy(rule: Rule, cell: CellSql): string {
  if (rule.keyword === 'required') return not(cell.present)
  return KEYWORDS.get(rule.keyword)!.broken(cell, rule.value as never)
}

/** Columns get names of our own, so that none of the data's can collide with what is shared. */
function tableOf(
  sourceSql: string,
  { format }: DataSource,
  names: readonly string[],
  columns: readonly string[],
  shared: Projection,
): string {
  const items = ['*', ...shared.items()].join(', ')
  if (format !== 'json') {
    return `(SELECT ${items} FROM (SELECT ${columns.length > 0 ? columns.join(', ') : '1'} FROM ${sourceSql}))`
  }
  const pointers = names.map((name) => literal(pointerTo(name))).join(', ')
  const found = `(SELECT *, json_extract(json, [${pointers}]::VARCHAR[]) AS found FROM ${sourceSql})`
  return `(SELECT ${items} FROM (SELECT ${['json', ...columns].join(', ')} FROM ${found}))`
}
