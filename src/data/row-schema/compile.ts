import { literal } from '../../drivers/duckdb.ts'
import { not, TRUE, type CellSql } from '../scan/cell.ts'
import type { Scan } from '../scan/scan.ts'
import { KEYWORDS } from './keywords.ts'
import { rulesOf, type RowSchema, type Rule } from './schema.ts'

/** A rule as SQL. */
export interface Condition {
  readonly rule: Rule
  /** True where a row breaks the rule; never NULL. */
  readonly broken: string
  /** The offending value as JSON text. */
  readonly value: string
  /** The columns that it looks at. */
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
  for (const name of new Set(schema.rules.map(({ column }) => column))) {
    const rules = rulesOf(schema, name)
    const cell = scan.cell(name)
    for (const rule of rules) {
      if (cell) conditions.push({ rule, broken: brokenBy(rule, cell), value: cell.json, columns: [name] })
      else if (rule.keyword === 'required') conditions.push({ rule, broken: TRUE, value: 'NULL', columns: [] })
      else absent.push(rule)
    }
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

function brokenBy(rule: Rule, cell: CellSql): string {
  if (rule.keyword === 'required') return not(cell.present)
  return KEYWORDS.get(rule.keyword)!.broken(cell, rule.value as never)
}
