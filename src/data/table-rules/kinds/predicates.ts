import { z } from 'zod'
import { count } from '../../../core/counts.ts'
import { formatLocation, UserError } from '../../../core/errors.ts'
import { countWhere } from '../aggregates/count-where.ts'
import { fields, mostly, severity } from '../fields.ts'
import { tableRuleKind, type RuleSite } from '../kind.ts'
import { PredicateMistake, readPredicate, requireBoolean, type Predicate } from '../predicate-sql.ts'
import { rowValue } from '../row-value.ts'
import type { RuleDoor, TableRule } from '../rule.ts'
import { rowsVerdict } from '../rows-verdict.ts'
import { typedValue, type TypedValue } from '../typed-value.ts'

const text = z.string('it must be text').min(1, 'it must not be empty')
const predicate = fields({ name: text, sql: text, mostly, severity })
const value = z
  .array(predicate, 'it must be a list of objects with name and sql')
  .min(1, 'it must hold a predicate')
  .check((context) => {
    const names = context.value.map(({ name }) => name)
    const twice = names.findIndex((name, i) => names.indexOf(name) < i)
    if (twice < 0) return
    context.issues.push({ code: 'custom', input: names, path: [twice, 'name'], message: 'another predicate has this name' })
  })
type PredicateRule = z.output<typeof predicate>

/**
 * A condition that every row has to meet, in SQL. It has to come out true: false breaks it, and so does NULL, which is what a missing
 * value, NaN or a cast that fails gives. SQL's own CHECK lets NULL pass; here what could not be decided does not pass. Where a value may
 * be missing, the predicate says so: `income IS NULL OR loan <= income`.
 */
export const predicates = tableRuleKind<readonly PredicateRule[]>({
  kind: 'predicates',
  where: 'row',
  summary: 'A condition in SQL that has to be true for each row; NULL is not true.',
  example: '"predicates": [{ "name": "loan is covered", "sql": "loan <= 5 * income", "mostly": 0.99 }]',
  value,
  rules: (value, site) => value.map((one, i) => predicateRule(one, i, site)),
})

function predicateRule({ name, sql, mostly = 1, severity }: PredicateRule, i: number, site: RuleSite): TableRule {
  const unopened: TableRule = {
    kind: site.kind,
    columns: [],
    ...site.at([i]),
    severity: severity ?? site.severity,
    phrase: name,
    bind() {
      throw new Error('a predicate is opened before it is bound')
    },
    async open(door) {
      const { predicate, typeOf } = await openPredicate(sql, site.at([i, 'sql']), door, site)
      const { columns } = predicate
      const rule: TableRule = {
        ...unopened,
        columns,
        bind(scan) {
          const expression = predicate.sql((column) => typeOf(column).of(scan.cell(column)!))
          const answer = `TRY(${expression})`
          const detail = [sql, columns.map((column) => typeOf(column).type)]
          const broken = countWhere({ name: 'predicate broken', columns, detail, condition: `NOT coalesce(${answer}, FALSE)` })
          const open = countWhere({ name: 'predicate open', columns, detail, condition: `${answer} IS NULL` })
          return {
            rule,
            aggregates: [broken, open],
            judge(states, { rows }) {
              const undecided = states.of(open)
              const note = `For ${count(undecided, 'row')} it is neither true nor false, because a value is missing or cannot be read.`
              const notes = undecided === 0 ? [] : [note]
              const verdict = rowsVerdict({
                phrase: name,
                broken: states.of(broken),
                rows,
                mostly,
                none: 'there are no rows',
                notes,
              })
              if (undecided === 0) return verdict
              return { ...verdict, hint: `Where a value may be missing, say so: "${columns[0]} IS NULL OR …".` }
            },
            rows: { condition: `NOT coalesce(${answer}, FALSE)`, value: rowValue(scan, columns) },
          }
        },
      }
      return rule
    },
  }
  return unopened
}

interface OpenedPredicate {
  readonly predicate: Predicate
  readonly typeOf: (column: string) => TypedValue
}

async function openPredicate(
  sql: string,
  { pointer, location }: ReturnType<RuleSite['at']>,
  { duckdb, source }: RuleDoor,
  site: RuleSite,
): Promise<OpenedPredicate> {
  const known = [...new Set([...source.columns.map(({ name }) => name), ...site.properties])]
  const typeOf = (column: string): TypedValue => typedValue(source, column, site.types)
  try {
    const predicate = await readPredicate(duckdb, sql, known)
    await requireBoolean(duckdb, predicate, (column) => typeOf(column).type)
    return { predicate, typeOf }
  } catch (error) {
    if (!(error instanceof PredicateMistake)) throw error
    const { offset, message, hint } = error
    const where = offset === undefined ? '' : ` at character ${offset + 1}`
    throw new UserError('E_VALUE', `${formatLocation(location)}: the predicate at ${pointer}${where}: ${message}`, {
      hint: hint ?? 'A predicate is one SQL expression over the columns of a row, such as "loan <= income".',
      location,
      frame: offset === undefined ? sql : frame(sql, offset),
      cause: error,
    })
  }
}

/** The line of the predicate that has the mistake, with a mark under it. */
function frame(sql: string, offset: number): string {
  const start = sql.lastIndexOf('\n', offset - 1) + 1
  const line = sql.slice(start).split('\n')[0]!
  return `${line}\n${' '.repeat(offset - start)}^`
}
