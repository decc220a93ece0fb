import { messageOf } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { identifier, literal, type Duckdb } from '../../drivers/duckdb.ts'
import { functionsOf, type FunctionKind } from './predicate-functions.ts'

/** What is wrong with a predicate, and where. */
export class PredicateMistake extends Error {
  override readonly name = 'PredicateMistake'
  /** From 0, in UTF-16 units of the predicate; undefined when it is about all of it. */
  readonly offset: number | undefined
  readonly hint: string | undefined

  constructor(message: string, offset?: number, hint?: string) {
    super(message)
    this.offset = offset
    this.hint = hint
  }
}

/** A predicate that was found to be one expression over the columns of a row. */
export interface Predicate {
  /** The columns that it names, as the data spell them. */
  readonly columns: readonly string[]
  /** Its SQL with other SQL in the place of each column. */
  sql(valueOf: (column: string) => string): string
}

/** Classes of DuckDB's expressions that look at one row and nothing else. */
const ALLOWED: ReadonlySet<string> = new Set([
  'COMPARISON',
  'COLUMN_REF',
  'CONSTANT',
  'CONJUNCTION',
  'CASE',
  'BETWEEN',
  'CAST',
  'COLLATE',
])
const OPERATORS: ReadonlySet<string> = new Set([
  'COMPARE_IN',
  'COMPARE_NOT_IN',
  'OPERATOR_NOT',
  'OPERATOR_IS_NULL',
  'OPERATOR_IS_NOT_NULL',
  'OPERATOR_COALESCE',
  'OPERATOR_NULLIF',
  'OPERATOR_TRY',
  'ARRAY_EXTRACT',
  'ARRAY_SLICE',
  'STRUCT_EXTRACT',
  'ARRAY_CONSTRUCTOR',
])
const REFUSED: Readonly<Record<string, string>> = {
  SUBQUERY: 'a subquery looks at other rows',
  WINDOW: 'a window function looks at other rows',
  STAR: 'a star stands for many columns',
  LAMBDA: 'lambdas, and the arrow ->, cannot be used',
  PARAMETER: 'a parameter has no value here',
  POSITIONAL_REFERENCE: 'a column is named, not numbered',
}
const WHY: Readonly<Record<Exclude<FunctionKind, 'allowed'>, string>> = {
  aggregate: 'is an aggregate, which looks at other rows',
  table: 'makes a table, and may read files',
  changing: 'gives another answer at another time',
  forbidden: 'depends on more than the row',
  unknown: 'is not a function that DuckDB has',
}

interface Expression {
  readonly class: string
  readonly type: string
  readonly query_location?: number
  function_name?: string
  column_names?: string[]
}

/**
 * Reads a predicate with DuckDB's own parser. It has to be one expression without subqueries, windows, aggregates, table functions, and
 * functions that depend on more than the row. What is run later is written anew from what the parser understood, so that no text of
 * the schema gets into a query.
 *
 * @param columns names that the data or the schema has
 * @throws PredicateMistake
 */
export async function readPredicate(duckdb: Duckdb, sql: string, columns: readonly string[]): Promise<Predicate> {
  if (sql.includes('\u0001')) throw new PredicateMistake('it holds a control character', sql.indexOf('\u0001'))
  const start = 'SELECT '
  // In parentheses nothing may follow the expression; without them no parenthesis may close before its end.
  await parse(duckdb, `SELECT (${sql}\n)`, 'SELECT ('.length, sql)
  const statement = await parse(duckdb, `${start}${sql}\n`, start.length, sql)
  const node = statement.statements[0].node
  const functions = await functionsOf(duckdb)
  const named: string[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return
    if (typeof (value as Expression).class === 'string') check(value as Expression)
    for (const member of Object.values(value)) visit(member)
  }
  const check = (expression: Expression): void => {
    const { class: kind, type } = expression
    const offset = offsetIn(sql, expression.query_location, start.length)
    if (kind === 'FUNCTION') {
      const name = expression.function_name!
      const found = functions.kindOf(name)
      if (found === 'allowed') return
      const hint = found === 'unknown' ? didYouMeanFunction(name, functions.allowed) : undefined
      throw new PredicateMistake(`${name}() ${WHY[found]}`, offset, hint)
    }
    if (!ALLOWED.has(kind) && !(kind === 'OPERATOR' && OPERATORS.has(type))) {
      throw new PredicateMistake(REFUSED[kind] ?? `${type.toLowerCase().replaceAll('_', ' ')} cannot be used`, offset)
    }
    if (kind !== 'COLUMN_REF') return
    const written = expression.column_names![0]!
    const column = findColumn(written, columns)
    if (column === undefined) {
      const hint = didYouMean(written, columns)
      throw new PredicateMistake(`there is no column "${written}"`, offset, hint)
    }
    if (!named.includes(column)) named.push(column)
    expression.column_names![0] = `${mark}${named.indexOf(column)}_`
  }
  let mark = 'plimsoll_column_'
  while (sql.includes(mark)) mark += 'x_'
  visit(node.select_list[0])
  if (named.length === 0) throw new PredicateMistake('it names no column', undefined, 'A predicate is about the values of a row.')
  const [written] = await duckdb.query<{ text: string }>(
    `SELECT json_deserialize_sql(${literal(restoreDigits(JSON.stringify(statement)))}) AS text`,
  )
  const text = written!.text.replace(/^SELECT /, '')
  return {
    columns: named,
    sql: (valueOf) =>
      `(${text.replaceAll(new RegExp(`"?${mark}(\\d+)_"?`, 'g'), (_all, i: string) => `(${valueOf(named[Number(i)]!)})`)})`,
  }
}

/** Asserts that a predicate is true or false for values of these types. @throws PredicateMistake */
export async function requireBoolean(duckdb: Duckdb, predicate: Predicate, typeOf: (column: string) => string): Promise<void> {
  const items = predicate.columns.map((column) => `CAST(NULL AS ${typeOf(column)}) AS ${identifier(column)}`)
  const sql = `DESCRIBE SELECT ${predicate.sql(identifier)} AS answer FROM (SELECT ${items.join(', ')})`
  let type: string
  try {
    type = (await duckdb.query<{ column_type: string }>(sql))[0]!.column_type
  } catch (error) {
    const types = predicate.columns.map((column) => `${column} is ${typeOf(column)}`).join(', ')
    throw new PredicateMistake(firstLine(messageOf(error)), undefined, `Here ${types}.`)
  }
  if (type === 'BOOLEAN') return
  throw new PredicateMistake(`it gives ${type}, not true or false`, undefined, 'Compare it with something: "amount > 0".')
}

interface Statement {
  readonly statements: readonly [
    {
      readonly node: { readonly select_list: readonly Expression[]; readonly type: string; readonly from_table: { type: string } }
    },
  ]
}

async function parse(duckdb: Duckdb, query: string, before: number, sql: string): Promise<Statement> {
  const [row] = await duckdb.query<{ tree: string }>(`SELECT CAST(json_serialize_sql(${literal(query)}) AS VARCHAR) AS tree`)
  const tree = JSON.parse(keepDigits(row!.tree)) as Statement & { error: boolean; error_message?: string; position?: string }
  if (tree.error) {
    const position = tree.position === undefined ? undefined : Number(tree.position)
    throw new PredicateMistake(
      `it is not one SQL expression: ${firstLine(tree.error_message ?? 'syntax error')}`,
      offsetIn(sql, position, before),
    )
  }
  const node = tree.statements[0]?.node as (Statement['statements'][0]['node'] & Record<string, unknown>) | undefined
  const isOne = tree.statements.length === 1 && node?.type === 'SELECT_NODE' && node.select_list.length === 1
  const extra = ['where_clause', 'having', 'sample', 'qualify'].some((clause) => node?.[clause] !== null)
  const modifiers = node?.['modifiers'] as unknown[] | undefined
  if (!isOne || node.from_table.type !== 'EMPTY' || extra || (modifiers ?? []).length > 0 || sql.trim() === '') {
    throw new PredicateMistake('it is not one SQL expression')
  }
  return tree
}

/** DuckDB counts bytes of the query; people count characters of what they wrote. */
function offsetIn(sql: string, location: number | undefined, before: number): number | undefined {
  if (location === undefined) return undefined
  const bytes = Buffer.from(sql)
  const at = location - before
  return at >= 0 && at <= bytes.length ? bytes.subarray(0, at).toString().length : undefined
}

/**
 * Integers that a double would change are text while the tree is ours: constants of the predicate, and "no place", which is 2^64 - 1.
 * They are marked by a control character that no predicate may hold.
 */
const keepDigits = (json: string): string =>
  json.replaceAll(/"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"${MARK}${token}"`,
  )
const restoreDigits = (json: string): string => json.replaceAll(/"\\u0001(-?\d+)"/g, '$1')
const MARK = String.raw`\u0001`

const firstLine = (message: string): string => message.split('\n')[0]!.replace(/^[\w ]+ Error: /, '')

/** SQL takes a column in any case, so a name that fits exactly comes first, and one that fits in another case when it is the only one. */
function findColumn(written: string, columns: readonly string[]): string | undefined {
  if (columns.includes(written)) return written
  const alike = columns.filter((column) => column.toLowerCase() === written.toLowerCase())
  return alike.length === 1 ? alike[0] : undefined
}

const didYouMeanFunction = (name: string, known: readonly string[]): string | undefined => {
  const hint = didYouMean(name, known)
  return hint.startsWith('Did you mean') ? hint : undefined
}
