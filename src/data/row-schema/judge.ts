import { messageOf, UserError } from '../../core/errors.ts'
import {
  literal,
  openData,
  openDuckdb,
  placeRows,
  requireColumns,
  type DataSource,
  type Duckdb,
  type RowPlace,
} from '../../drivers/duckdb.ts'
import { requireApart, rowFormat } from '../failing-rows/target.ts'
import { writeFailingRows } from '../failing-rows/write.ts'
import { maskedJson, maskingErrors, mayShow } from '../masking.ts'
import { keySql, readKey, type RowKey } from '../row-key.ts'
import { readJson } from '../scan/json-cell.ts'
import { FALSE, or, TRUE } from '../scan/cell.ts'
import { compileSchema, unlistedKeys, type CompiledSchema, type Condition } from './compile.ts'
import { openScan, type Scan } from '../scan/scan.ts'
import { rulesOf, type RowSchema, type Rule } from './schema.ts'
import { typesForText } from './text-types.ts'

/** A row that broke a rule. */
export interface ExampleRow extends RowPlace {
  /** The values of the key's columns, where there is a key. */
  readonly key?: RowKey
  /** The offending value; null when it is missing, text for what JSON cannot hold, and `***` where it is masked. */
  readonly value: unknown
}

export interface Outcome {
  readonly rule: Rule
  /** Rows that break the rule. */
  readonly broken: number
  /** The first of them. */
  readonly examples: readonly ExampleRow[]
}

/** What a row schema says of a data set. */
export interface Judgement {
  /** Rows that were judged: all there are. */
  readonly rows: number
  /** Rows that break at least one rule. */
  readonly brokenRows: number
  /** Columns, or keys, that the data has. */
  readonly columns: readonly string[]
  /** DuckDB's types of the columns, where the format has types. */
  readonly types: ReadonlyMap<string, string>
  readonly format: DataSource['format']
  /** One for each rule that could be judged. */
  readonly outcomes: readonly Outcome[]
  /** Rules on columns that the data has not and need not have. */
  readonly absent: readonly Rule[]
  /** Rows in the file of failing rows, when one was asked for. */
  readonly failingRows?: number
}

export interface JudgeOptions {
  readonly cwd: string
  /** A file, a folder or a glob. */
  readonly data: string
  readonly schema: RowSchema
  /** Most example rows for each broken rule. */
  readonly examples: number
  /** Columns whose values are shown with each example row. */
  readonly key?: readonly string[]
  /** Columns whose values are shown nowhere. */
  readonly sensitive?: ReadonlySet<string>
  /** Columns that the data must have, because somebody has named them. */
  readonly named?: readonly string[]
  /** Where all rows that break a rule go. */
  readonly failingRows?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Judges every row of a data set by a row schema: one scan that counts, and a second for example rows when a rule is broken.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING for the data; E_SCHEMA_KEYWORD for a pattern that RE2 cannot do;
 * E_VALUE, E_CONFLICT, E_FILE_WRITE for the file of failing rows
 */
export function judgeRows(options: JudgeOptions): Promise<Judgement> {
  return maskingErrors(options.sensitive ?? new Set(), () => judge(options))
}

async function judge(options: JudgeOptions): Promise<Judgement> {
  const { cwd, data, schema, signal, failingRows, sensitive = new Set<string>(), named = [] } = options
  if (failingRows !== undefined) rowFormat(failingRows)
  const duckdb = await openDuckdb({ signal })
  try {
    await checkPatterns(duckdb, schema)
    const source = await openData(duckdb, cwd, data, { documents: true, signal })
    if (failingRows !== undefined) requireApart(source, failingRows)
    const present = source.columns.map(({ name }) => name)
    if (source.format !== 'json') requireColumns(data, named, present)
    return await source.reading(async () => {
      const scan = openScan(source, (column) => typesForText(rulesOf(schema, column)))
      const compiled = compileSchema(schema, scan)
      const counts = await countBroken(duckdb, scan, compiled)
      if (source.format === 'json' && counts.rows > 0) requireColumns(data, named, counts.columns)
      const failed = compiled.conditions.filter((_condition, i) => counts.broken[i]! > 0)
      if (counts.withExtraKeys > 0) failed.push(compiled.extraKeys!)
      const found = await findExamples(duckdb, scan, failed, options)
      const outcomes = compiled.conditions.map((condition, i) => {
        return { rule: condition.rule, broken: counts.broken[i]!, examples: found.examples.get(condition) ?? [] }
      })
      const extra = await unexpectedColumns(duckdb, source, schema, counts)
      const rules = failed.map(({ rule, broken, value }) => ({ name: rule.pointer, rows: { condition: broken, value } }))
      if (source.format !== 'json' && extra.length > 0) {
        rules.push({ name: schema.closed!.pointer, rows: { condition: TRUE, value: 'NULL' } })
      }
      const written =
        failingRows === undefined
          ? undefined
          : await writeFailingRows(duckdb, scan, { path: failingRows, rules, sensitive, keys: counts.columns })
      return {
        rows: counts.rows,
        brokenRows: source.format !== 'json' && extra.length > 0 ? counts.rows : found.brokenRows,
        columns: counts.columns,
        types: new Map(source.format === 'parquet' ? source.columns.map(({ name, type }) => [name, type]) : []),
        format: source.format,
        outcomes: [...outcomes, ...extra],
        absent: compiled.absent,
        ...(written !== undefined && { failingRows: written }),
      }
    })
  } finally {
    duckdb.close()
  }
}

/** Whatever the translation lets through and RE2 refuses is refused here, before any data is read. */
async function checkPatterns(duckdb: Duckdb, schema: RowSchema): Promise<void> {
  for (const rule of schema.rules.filter(({ keyword }) => keyword === 'pattern')) {
    const { source, re2 } = rule.value as { source: string; re2: string }
    try {
      await duckdb.query(`SELECT regexp_matches('', ${literal(re2)})`)
    } catch (error) {
      const { file, line, column } = rule.location
      const reason = messageOf(error).split('\n')[0]!.replace('Invalid Input Error: ', '')
      throw new UserError(
        'E_SCHEMA_KEYWORD',
        `${file}:${line}:${column}: RE2 cannot do the pattern ${source} at ${rule.pointer}: ${reason}`,
        {
          hint: 'Patterns run in RE2, which has no look-around and no back-references.',
          location: rule.location,
          cause: error,
        },
      )
    }
  }
}

interface Counts {
  readonly rows: number
  readonly columns: readonly string[]
  /** By condition. */
  readonly broken: readonly number[]
  /** Documents with a key that a closed schema does not list. */
  readonly withExtraKeys: number
}

async function countBroken(duckdb: Duckdb, scan: Scan, compiled: CompiledSchema): Promise<Counts> {
  const { source } = scan
  const isDocument = source.format === 'json'
  const select = ['count(*) AS row_count', ...compiled.conditions.map(({ broken }, i) => `${countOf(broken)} AS b${i}`)]
  if (isDocument) {
    select.push("count_if(json_type(json) <> 'OBJECT') AS strays")
    select.push('to_json(list_distinct(flatten(array_agg(DISTINCT json_keys(json)))))::VARCHAR AS keys')
    if (compiled.extraKeys) select.push(`${countOf(compiled.extraKeys.broken)} AS extra`)
  }
  type Row = Record<string, number> & { keys: string | null }
  const [row] = await duckdb.query<Row>(`SELECT ${select.join(', ')} FROM ${scan.table()}`)
  if (row!['strays']! > 0) throw await strayDocument(duckdb, source)
  const keys = JSON.parse(row!.keys ?? '[]') as string[]
  return {
    rows: row!['row_count']!,
    columns: isDocument ? keys.toSorted() : source.columns.map(({ name }) => name),
    // Of no rows, count_if gives NULL.
    broken: compiled.conditions.map((_condition, i) => row![`b${i}`] ?? 0),
    withExtraKeys: row!['extra'] ?? 0,
  }
}

function countOf(condition: string): string {
  if (condition === FALSE) return '0'
  return condition === TRUE ? 'count(*)' : `count_if(${condition})`
}

async function strayDocument(duckdb: Duckdb, source: DataSource): Promise<UserError> {
  const [first] = await duckdb.query<{ file: string; row: number }>(
    `SELECT __file AS file, __row AS row FROM ${source.numberedSql} WHERE json_type(json) <> 'OBJECT' LIMIT 1`,
  )
  const [place] = await placeRows(duckdb, source, [first!])
  return new UserError('E_FILE_FORMAT', `${place!.file}: document ${place!.row} is not a JSON object`, {
    hint: 'Each row is an object, such as {"age": 41}.',
    location: { file: place!.file },
  })
}

interface Examples {
  readonly brokenRows: number
  readonly examples: ReadonlyMap<Condition, readonly ExampleRow[]>
}

async function findExamples(
  duckdb: Duckdb,
  scan: Scan,
  failed: readonly Condition[],
  { examples: most, key: keyColumns = [], sensitive = new Set<string>() }: JudgeOptions,
): Promise<Examples> {
  if (failed.length === 0) return { brokenRows: 0, examples: new Map() }
  const { source } = scan
  // In Parquet rows are numbered within their file, elsewhere through all files.
  const order = source.format === 'parquet' && source.files.length > 1 ? "{'file': __file, 'row': __row}" : '__row'
  const shown = failed.filter(({ value }) => value !== 'NULL' && most > 0)
  const key = keySql(scan, keyColumns, sensitive)
  const lists = shown.map(({ rule, broken, value }, i) => {
    const visible = mayShow([rule.column], sensitive) ? `left(${value}, 200)` : maskedJson(value)
    const example = `{'file': __file, 'row': __row, 'value': ${visible}, 'key': ${key}}`
    return `arg_min(${example}, ${order}, ${most}) FILTER (WHERE ${broken}) AS e${i}`
  })
  const [row] = await duckdb.query<Record<string, string> & { broken_rows: number }>(
    `SELECT ${[`${countOf(or(...failed.map(({ broken }) => broken)))} AS broken_rows`, ...lists].join(', ')}
     FROM ${scan.numberedTable()}`,
  )
  const found = shown.map((_condition, i) => JSON.parse(row![`e${i}`] ?? '[]') as FoundRow[])
  const places = await placeRows(duckdb, source, found.flat())
  const examples = new Map<Condition, ExampleRow[]>()
  let at = 0
  for (const [i, condition] of shown.entries()) {
    const rows = found[i]!.map(({ value, key: texts }) => ({
      ...places[at++]!,
      ...(keyColumns.length > 0 && { key: readKey(keyColumns, texts) }),
      value: readJson(value),
    }))
    examples.set(condition, rows)
  }
  return { brokenRows: row!.broken_rows, examples }
}

interface FoundRow {
  readonly file: string
  readonly row: number
  readonly value: string | null
  readonly key: readonly (string | null)[]
}

/** Under `additionalProperties: false`, each column that the schema does not list. */
async function unexpectedColumns(duckdb: Duckdb, source: DataSource, schema: RowSchema, counts: Counts): Promise<Outcome[]> {
  if (!schema.closed) return []
  const { pointer, location } = schema.closed
  const rule = (column: string): Rule => ({ column, keyword: 'additionalProperties', value: false, pointer, location })
  if (source.format !== 'json') {
    const extra = counts.columns.filter((name) => !schema.properties.includes(name))
    return extra.map((column) => ({ rule: rule(column), broken: counts.rows, examples: [] }))
  }
  if (counts.withExtraKeys === 0) return []
  const found = await duckdb.query<{ key: string; broken: number }>(
    `SELECT key, count(*) AS broken FROM (SELECT unnest(${unlistedKeys(schema)}) AS key FROM ${source.sql}) GROUP BY key ORDER BY key`,
  )
  return found.map(({ key, broken }) => ({ rule: rule(key), broken, examples: [] }))
}
