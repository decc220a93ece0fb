import type { ColumnKind } from '../../core/column-profile.ts'
import { identifier, type Duckdb } from './connection.ts'
import type { DataSource } from './data-source.ts'

export interface TypedColumn {
  readonly name: string
  /** DuckDB's type of the value in `TypedSource.sql`. */
  readonly type: string
  readonly kind: ColumnKind
}

/** A data set whose text columns have the type that all their values read as, for everything that looks at data without a schema. */
export interface TypedSource {
  readonly source: DataSource
  readonly columns: readonly TypedColumn[]
  /** A table expression with these columns. */
  readonly sql: string
  /** The same with `__file` and `__row`, as in `DataSource.numberedSql`. */
  readonly numberedSql: string
}

const NUMBER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(.*\))$/
const TIME = /^(DATE|TIMESTAMP)/
/** A date, or a date and time, in ISO 8601; the space that databases write for the T is taken too. */
const ISO_TIME = String.raw`\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?`

/** What values of a DuckDB type are for statistics. */
export function kindOf(type: string): ColumnKind {
  if (type.endsWith(']') || /^(STRUCT|MAP|UNION)\(/.test(type) || type === 'JSON') return 'nested'
  if (type === 'BOOLEAN') return 'boolean'
  if (NUMBER.test(type)) return 'number'
  if (TIME.test(type)) return 'time'
  return type === 'BLOB' || type === 'BIT' ? 'binary' : 'text'
}

/**
 * Finds what the text columns of a source hold, over all rows and not a sample: numbers, true and false, dates and times, or text.
 * The first rows settle most questions; what they leave open takes one pass. An empty CSV field is missing.
 */
export async function typedSource(duckdb: Duckdb, source: DataSource): Promise<TypedSource> {
  const texts = source.columns.filter(({ type }) => type === 'VARCHAR').map(({ name }) => name)
  const readAs = await typesOfText(duckdb, source, texts)
  const columns = source.columns.map(({ name, type }) => {
    const found = readAs.get(name) ?? type
    return { name, type: found, kind: kindOf(found) }
  })
  const items = columns.map(({ name }) => {
    const value = identifier(name)
    const found = readAs.get(name)
    return found === undefined ? value : `CAST(${value} AS ${found}) AS ${value}`
  })
  return {
    source,
    columns,
    sql: `(SELECT ${items.join(', ')} FROM ${source.sql})`,
    numberedSql: `(SELECT ${[...items, '__file', '__row'].join(', ')} FROM ${source.numberedSql})`,
  }
}

/** Rows that are looked at first. One value that is no number is enough to tell that a column is none, so most questions are settled by them. */
const FIRST_ROWS = 2048

const TYPES = ['DOUBLE', 'BOOLEAN', 'TIMESTAMP'] as const
interface TypeQuestion {
  readonly name: string
  readonly type: (typeof TYPES)[number]
}

/** By column, the type its text reads as; columns that stay text are left out. Numbers are looked for in CSV alone. */
async function typesOfText(duckdb: Duckdb, source: DataSource, names: readonly string[]): Promise<Map<string, string>> {
  const types = source.format === 'csv' ? TYPES : (['TIMESTAMP'] as const)
  const all = names.flatMap((name) => types.map((type): TypeQuestion => ({ name, type })))
  const first = await answered(duckdb, `(SELECT * FROM ${source.sql} LIMIT ${FIRST_ROWS})`, all)
  const open = all.filter((_question, i) => first[i] !== false)
  const answers = await answered(duckdb, source.sql, open)
  const found = open.filter((_question, i) => answers[i] === true)
  // A later type does not replace an earlier one.
  return new Map(found.toReversed().map(({ name, type }) => [name, type]))
}

/** Whether all values read as the type; null where there is none. */
async function answered(duckdb: Duckdb, sql: string, questions: readonly TypeQuestion[]): Promise<(boolean | null)[]> {
  if (questions.length === 0) return []
  const items = questions.map(({ name, type }, i) => `bool_and(${readsAs(identifier(name), type)}) AS q${i}`)
  const [row] = await duckdb.query<Record<string, boolean | null>>(`SELECT ${items.join(', ')} FROM ${sql}`)
  return questions.map((_question, i) => row![`q${i}`]!)
}

function readsAs(value: string, type: TypeQuestion['type']): string {
  if (type === 'DOUBLE') return isPlainNumber(value)
  if (type === 'BOOLEAN') return `lower(${value}) IN ('true', 'false')`
  // Most text is told from a time by one character, for a fraction of what the expression costs.
  return `CASE WHEN substr(${value}, 5, 1) <> '-' THEN FALSE WHEN ${value} IS NOT NULL THEN ${isIsoTime(value)} END`
}

const isIsoTime = (value: string): string =>
  `CASE WHEN regexp_full_match(${value}, '${ISO_TIME}') THEN TRY_CAST(${value} AS TIMESTAMP) IS NOT NULL ELSE FALSE END`

/** Whether text is a number and nothing else: no leading zeros, no underscores, no integer that a double would change. */
export function isPlainNumber(value: string): string {
  const digits = `ltrim(${value}, '-')`
  const conditions = [
    `coalesce(isfinite(TRY_CAST(${value} AS DOUBLE)), false)`,
    `NOT (starts_with(${digits}, '0') AND substr(${digits}, 2, 1) BETWEEN '0' AND '9')`,
    `NOT contains(${value}, '_')`,
    `(length(${value}) < 16 OR contains(${value}, '.') OR contains(lower(${value}), 'e')
      OR coalesce(abs(TRY_CAST(${value} AS HUGEINT)) <= ${Number.MAX_SAFE_INTEGER}, false))`,
  ]
  return `CASE WHEN ${value} IS NOT NULL THEN ${conditions.join(' AND ')} END`
}
