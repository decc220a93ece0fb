import {
  identifier,
  literal,
  openData,
  openDuckdb,
  requireColumns,
  type DataSource,
  type OpenOptions,
  type Duckdb,
  type TypedSource,
} from '../../drivers/duckdb.ts'
import { pointerTo } from '../scan/json-cell.ts'
import type { ColumnMeasure, OnPass } from '../profile/measure.ts'
import { measureSource } from '../profile/profile.ts'
import { presentValue } from '../profile/scale.ts'
import { NEARLY_ALL, type Observation, type ObservedColumn, type TextFacts } from './observation.ts'
import { candidateFormats, type TextFormat } from './text-formats.ts'

export interface ObserveOptions {
  readonly cwd: string
  readonly data: string
  readonly sensitive: readonly string[]
  readonly signal?: AbortSignal | undefined
  readonly onPass?: OnPass | undefined
  /** How the data is read. */
  readonly reading?: OpenOptions | undefined
}

/**
 * Looks at a data set as far as a schema can be guessed from it, over all its rows.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING
 */
export async function observeData({ cwd, data, sensitive, signal, onPass, reading }: ObserveOptions): Promise<Observation> {
  const duckdb = await openDuckdb({ signal })
  try {
    const source = await openData(duckdb, cwd, data, { ...reading, signal })
    requireColumns(
      data,
      sensitive,
      source.columns.map(({ name }) => name),
    )
    const observed = await source.reading(async () => {
      const { rows, columns, typed } = await measureSource(duckdb, source, undefined, onPass)
      const texts = await observeTexts(duckdb, source, columns, onPass)
      const notFinite = await countNotFinite(duckdb, typed, columns)
      const distinct = await countDistinct(duckdb, typed, columns, rows, onPass)
      return {
        rows,
        columns: columns.map((column) => ({
          ...column,
          notFinite: notFinite.get(column.name) ?? 0,
          exactDistinct: column.values?.length ?? distinct.get(column.name),
          text: texts.get(column.name),
        })),
      }
    })
    const documents = await observeDocuments(duckdb, source, { data, options: { ...reading, signal } }, onPass)
    const columns: ObservedColumn[] = observed.columns.map((column) => ({ ...column, document: documents?.get(column.name) }))
    return { path: source.path, format: source.format, rows: observed.rows, columns }
  } finally {
    duckdb.close()
  }
}

/** Formats, numbers and shapes among the values of text columns, in one pass. */
async function observeTexts(
  duckdb: Duckdb,
  source: DataSource,
  columns: readonly ColumnMeasure[],
  onPass?: OnPass,
): Promise<Map<string, TextFacts>> {
  const isText = (name: string) => source.columns.some((column) => column.name === name && column.type === 'VARCHAR')
  const looked = columns
    .filter(({ name, kind, distinct }) => isText(name) && (kind === 'text' || kind === 'time') && distinct > 0)
    .map((column) => ({ column, formats: column.kind === 'time' ? TIMES : candidateFormats(firstValues(column)) }))
  if (looked.length === 0) return new Map()
  onPass?.('how text is written')
  const isCsv = source.format === 'csv'
  const questions = looked.flatMap(({ column, formats }, i) => {
    const value = identifier(column.name)
    const shape = `translate(${value}, ${literal(LETTERS)}, ${literal(SHAPES)})`
    return [
      ...formats.map((format, j) => `count_if(${isWritten(value, format)}) AS f${i}_${j}`),
      `${isCsv ? `count_if(isfinite(TRY_CAST(${value} AS DOUBLE)) AND NOT contains(${value}, '_'))` : '0'} AS n${i}`,
      `${hasOneShape(column) ? `CASE WHEN min(${shape}) = max(${shape}) THEN min(${shape}) END` : 'NULL'} AS s${i}`,
    ]
  })
  const [answer] = await duckdb.query(`SELECT ${questions.join(', ')} FROM ${source.sql}`)
  return new Map(
    looked.map(({ column, formats }, i) => {
      const counts = formats.map(({ name }, j) => [name, Number(answer![`f${i}_${j}`])] as const)
      const shape = answer![`s${i}`]
      const facts = { formats: Object.fromEntries(counts), numeric: Number(answer![`n${i}`]) }
      return [column.name, { ...facts, shape: typeof shape === 'string' ? shape : undefined }]
    }),
  )
}

const TIMES = candidateFormats(['2000-01-01', '2000-01-01T00:00:00Z'])
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LETTERS = `${CAPITALS}${CAPITALS.toLowerCase()}0123456789`
const SHAPES = `${'A'.repeat(26)}${'a'.repeat(26)}${'9'.repeat(10)}`

const hasOneShape = ({ lengths }: ColumnMeasure): boolean =>
  lengths !== undefined && lengths.min === lengths.max && lengths.max <= 40

function firstValues({ texts, values }: ColumnMeasure): string[] {
  return [...texts, ...(values ?? []).slice(0, 20).map(({ value }) => value)]
}

function isWritten(value: string, { pattern, type }: TextFormat): string {
  const matches = `coalesce(regexp_full_match(${value}, ${literal(pattern)}), FALSE)`
  return type === undefined ? matches : `(${matches} AND TRY_CAST(${value} AS ${type}) IS NOT NULL)`
}

async function countNotFinite(
  duckdb: Duckdb,
  { sql }: TypedSource,
  columns: readonly ColumnMeasure[],
): Promise<Map<string, number>> {
  const floats = columns.filter(
    ({ type, missing, numbers }) => /^(FLOAT|DOUBLE)$/.test(type) && (missing > 0 || numbers?.infinite),
  )
  if (floats.length === 0) return new Map()
  const counts = floats.map(({ name }, i) => `count_if(NOT isfinite(${identifier(name)})) AS n${i}`)
  const [answer] = await duckdb.query(`SELECT ${counts.join(', ')} FROM ${sql}`)
  return new Map(floats.map(({ name }, i) => [name, Number(answer![`n${i}`])]))
}

/** Counts different values of wide columns that may be keys, one column after the other so that memory holds one set at a time. */
async function countDistinct(
  duckdb: Duckdb,
  { sql }: TypedSource,
  columns: readonly ColumnMeasure[],
  rows: number,
  onPass?: OnPass,
): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const column of columns) {
    const { name, kind, values, missing, distinct, scale } = column
    const mayBeKey = kind === 'text' || (kind === 'number' && scale?.whole === true)
    if (values || !mayBeKey || missing > 0 || distinct < NEARLY_ALL * rows) continue
    onPass?.(`whether all values of ${name} differ`)
    const [answer] = await duckdb.query<{ n: number }>(`SELECT count(DISTINCT ${presentValue(column)}) AS n FROM ${sql}`)
    found.set(name, answer!.n)
  }
  return found
}

/** Which keys JSON documents have, and of which types; undefined for other formats. */
async function observeDocuments(
  duckdb: Duckdb,
  { cwd, format, columns }: DataSource,
  { data, options }: { readonly data: string; readonly options: OpenOptions },
  onPass?: OnPass,
): Promise<Map<string, NonNullable<ObservedColumn['document']>> | undefined> {
  if (format !== 'json') return undefined
  onPass?.('which keys the documents have')
  const documents = await openData(duckdb, cwd, data, { ...options, documents: true })
  const questions = columns.flatMap(({ name }, i) => {
    const type = `json_type(json, ${literal(pointerTo(name))})`
    return [`count_if(${type} IS NULL) AS a${i}`, `to_json(list_sort(array_agg(DISTINCT ${type})))::VARCHAR AS t${i}`]
  })
  const [answer] = await documents.reading(() => duckdb.query(`SELECT ${questions.join(', ')} FROM ${documents.sql}`))
  return new Map(
    columns.map(({ name }, i) => {
      const types = (JSON.parse(String(answer![`t${i}`] ?? '[]')) as (string | null)[]).filter((type) => type !== null)
      return [name, { absent: Number(answer![`a${i}`]), types }]
    }),
  )
}
