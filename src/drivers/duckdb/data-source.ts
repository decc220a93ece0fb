import { UserError } from '../../core/errors.ts'
import { displayPath } from '../files.ts'
import { identifier, literal, type Duckdb } from './connection.ts'
import { readCsvHeader, type CsvHeader } from './csv-header.ts'
import { dataError, type ReadAttempt } from './data-error.ts'
import { findDataFiles, type DataFormat } from './data-files.ts'
import { checkGzip, isGzip } from './text-file.ts'

export interface DataColumn {
  readonly name: string
  /** DuckDB's type; every column of a CSV file is VARCHAR. */
  readonly type: string
}

/** A data set that is open for queries: a file, or several files of one format and the same columns. */
export interface DataSource {
  /** As the user wrote it. */
  readonly path: string
  readonly cwd: string
  readonly format: DataFormat
  /** Absolute, in reading order. */
  readonly files: readonly string[]
  /** Empty for documents, whose keys are only known after they have been read. */
  readonly columns: readonly DataColumn[]
  readonly csv: CsvHeader | undefined
  /** A table expression with these columns; for documents, with the one column `json`. */
  readonly sql: string
  /**
   * The same with two more columns: `__file`, and `__row` counting from 1: within its file in Parquet, through all files
   * in other formats. `placeRows` makes file, row and line of them.
   */
  readonly numberedSql: string
  /** Runs queries on the data; an error in a file comes out as a UserError that names file and line. */
  reading<T>(work: () => Promise<T>): Promise<T>
  /** Some of its files, with the columns of all. */
  only(files: readonly string[]): DataSource
}

/**
 * Opens a Parquet, CSV, TSV, JSON Lines or JSON file, a folder of them, or a glob. Nothing is guessed from samples:
 * CSV is text with a header, JSON types are found by reading all of it, folders named `key=value` add no columns.
 *
 * @param options.documents read JSON objects whole, as the one column `json`
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT (unknown format, damaged file, files with different columns)
 */
export async function openData(
  duckdb: Duckdb,
  cwd: string,
  path: string,
  options: { documents?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<DataSource> {
  const { format, files } = await findDataFiles(cwd, path)
  for (const file of files) if (isGzip(file)) await checkGzip(file, displayPath(cwd, file), options.signal)
  const csv = format === 'csv' ? await commonCsvHeader(cwd, files) : undefined
  const attempt: ReadAttempt = { cwd, path, format, files, csv }
  const reading = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw await dataError(error, attempt)
    }
  }
  return reading(async () => {
    return sourceOf(attempt, await readerOf(duckdb, attempt, options.documents ?? false), reading)
  })
}

/**
 * Parquet files whose columns are known from their footers: the same as `openData` gives, without asking DuckDB.
 *
 * @param columns with DuckDB's types, the same in all files
 */
export function parquetSource(cwd: string, path: string, files: readonly string[], columns: readonly DataColumn[]): DataSource {
  const attempt: ReadAttempt = { cwd, path, format: 'parquet', files }
  const reading = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw await dataError(error, attempt)
    }
  }
  return sourceOf(attempt, { format: 'parquet', columns, call: parquetCall(files) }, reading)
}

function sourceOf(attempt: ReadAttempt, reader: Reader, reading: DataSource['reading']): DataSource {
  const { path, cwd, format, csv } = attempt
  const { columns } = reader
  const of = (files: readonly string[]): DataSource => {
    const sql = reader.call('', files)
    return { path, cwd, format, files, columns, csv, sql, numberedSql: numbered(reader, files), reading, only: of }
  }
  return of(attempt.files)
}

interface Reader {
  readonly format: DataFormat
  readonly columns: readonly DataColumn[]
  /** The table function with further parameters, for all files or some. */
  readonly call: (parameters: string, files?: readonly string[]) => string
}

function readerOf(duckdb: Duckdb, attempt: ReadAttempt, documents: boolean): Promise<Reader> {
  if (attempt.format === 'parquet') return parquetReader(duckdb, attempt)
  return attempt.format === 'csv' ? Promise.resolve(csvReader(attempt)) : jsonReader(duckdb, attempt, documents)
}

/** A path as a literal for DuckDB, which would take `*`, `?` and `[` in it for a glob. */
const pathLiteral = (file: string): string => literal(file.replace(/[*?[]/g, '[$&]'))
const list = (files: readonly string[]): string => `[${files.map(pathLiteral).join(', ')}]`

async function parquetReader(duckdb: Duckdb, { cwd, files }: ReadAttempt): Promise<Reader> {
  if (files.length > 1) {
    const columnsOf = async (file: string) =>
      (await describe(duckdb, `read_parquet(${pathLiteral(file)})`)).map(({ name }) => name)
    const first = await columnsOf(files[0]!)
    for (const file of files.slice(1)) requireSameColumns(cwd, files[0]!, first, file, await columnsOf(file), false)
  }
  const call = parquetCall(files)
  return { format: 'parquet', columns: await describe(duckdb, call('')), call }
}

function parquetCall(all: readonly string[]): Reader['call'] {
  return (more, files = all) => `read_parquet(${list(files)}, hive_partitioning = false, union_by_name = true${more})`
}

function csvReader({ files: all, csv }: ReadAttempt): Reader {
  const { columns = [], delimiter = ',', blankLines = 0 } = csv ?? {}
  const parameters = [
    `header = true, auto_detect = false, quote = '"', escape = '"', hive_partitioning = false`,
    `delim = ${literal(delimiter)}, skip = ${blankLines}`,
    `columns = {${columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`,
  ].join(', ')
  return {
    format: 'csv',
    columns: columns.map((name) => ({ name, type: 'VARCHAR' })),
    call: (more, files = all) => `read_csv(${list(files)}, ${parameters}${more})`,
  }
}

async function jsonReader(duckdb: Duckdb, { path, files }: ReadAttempt, documents: boolean): Promise<Reader> {
  const layout = files.every((file) => /\.json(\.gz)?$/i.test(file)) ? 'auto' : 'newline_delimited'
  const base = (of: readonly string[]) => `${list(of)}, format = '${layout}', hive_partitioning = false`
  if (documents) {
    return { format: 'json', columns: [], call: (more, of = files) => `read_json_objects(${base(of)}${more})` }
  }
  await requireObjects(duckdb, path, base(files))
  const found = await describe(duckdb, `read_json(${base(files)}, sample_size = -1, records = true)`)
  // Text that looks like a date or a UUID is still text: it is kept as it is written.
  const columns = found.map(({ name, type }) => ({ name, type: /^(DATE|TIME|UUID)/.test(type) ? 'VARCHAR' : type }))
  const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ')
  return {
    format: 'json',
    columns,
    call: (more, of = files) => `read_json(${base(of)}, records = true, columns = {${types}}${more})`,
  }
}

/** DuckDB has columns for objects only. */
async function requireObjects(duckdb: Duckdb, path: string, parameters: string): Promise<void> {
  const [row] = await duckdb.query<{ documents: number; objects: number }>(
    `SELECT count(*) AS documents, count_if(json_type(json) = 'OBJECT') AS objects FROM read_json_objects(${parameters})`,
  )
  const { documents, objects } = row!
  if (documents > 0 && objects === documents) return
  const what = documents === 0 ? 'is empty: it has no rows and so no columns' : 'holds JSON that is not objects'
  throw new UserError('E_FILE_FORMAT', `${path} ${what}`, {
    hint: 'Each row is an object, such as {"age": 41}.',
    location: { file: path },
  })
}

async function describe(duckdb: Duckdb, source: string): Promise<DataColumn[]> {
  const rows = await duckdb.query<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${source}`)
  return rows.map((row) => ({ name: row.column_name, type: row.column_type }))
}

function numbered({ format, columns, call }: Reader, files: readonly string[]): string {
  const source = call(", filename = '__file'", files)
  // The reader's own row number, unless the data has a column of that name.
  const ownNumber = format === 'parquet' && !columns.some(({ name }) => name === 'file_row_number')
  const number = ownNumber ? 'file_row_number + 1' : `row_number() OVER (${format === 'parquet' ? 'PARTITION BY __file' : ''})`
  return `(SELECT *, ${number} AS __row FROM ${source})`
}

async function commonCsvHeader(cwd: string, files: readonly string[]): Promise<CsvHeader> {
  let common: { file: string; header: CsvHeader } | undefined
  for (const file of files) {
    const display = displayPath(cwd, file)
    const header = await readCsvHeader(file, display)
    if (!header) {
      throw new UserError('E_FILE_FORMAT', `${display} is empty: it has no header`, {
        hint: 'The first line of a CSV file names its columns.',
        location: { file: display },
      })
    }
    common ??= { file, header }
    requireSameColumns(cwd, common.file, common.header.columns, file, header.columns, true)
    if (header.delimiter !== common.header.delimiter || header.blankLines !== common.header.blankLines) {
      throw new UserError('E_FILE_FORMAT', `${display} is written in another way than ${displayPath(cwd, common.file)}`, {
        hint: 'Files of one data set need the same delimiter, and the header on the same line.',
        location: { file: display, line: 1 },
      })
    }
  }
  return common!.header
}

/** Files are read side by side, so what one has and another has not would be lost or read as missing. */
function requireSameColumns(
  cwd: string,
  firstFile: string,
  first: readonly string[],
  otherFile: string,
  other: readonly string[],
  ordered: boolean,
): void {
  const lacking = first.filter((name) => !other.includes(name))
  const extra = other.filter((name) => !first.includes(name))
  const reordered = ordered && first.join('\0') !== other.join('\0')
  if (lacking.length === 0 && extra.length === 0 && !reordered) return
  const names = (columns: readonly string[]) => columns.map((name) => JSON.stringify(name)).join(', ')
  const difference = [
    lacking.length > 0 ? `it lacks ${names(lacking)}` : '',
    extra.length > 0 ? `it also has ${names(extra)}` : '',
    lacking.length + extra.length === 0 ? 'their order is another' : '',
  ].filter(Boolean)
  const file = displayPath(cwd, otherFile)
  throw new UserError(
    'E_FILE_FORMAT',
    `${file} has other columns than ${displayPath(cwd, firstFile)}: ${difference.join('; ')}`,
    {
      hint: 'Files that are read together need the same columns.',
      location: { file },
    },
  )
}

/** Columns by name, for SQL. */
export const columnList = (names: readonly string[]): string => names.map(identifier).join(', ')
