import { digestOf, type Digest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { digestPath } from '../files.ts'
import { readParquetFooter, type ParquetFooter } from '../parquet.ts'
import { PrivateFolder } from '../private-folder.ts'
import { displayAddress, isRemote } from '../remote/address.ts'
import { identifier, literal, type Duckdb } from './connection.ts'
import { readCsvHeader, type CsvHeader, type CsvOptions } from './csv-header.ts'
import { dataError, type ReadAttempt } from './data-error.ts'
import type { DataFile } from './data-file.ts'
import { endingOf, findDataFiles, formatOf, isDataName, type DataFormat } from './data-files.ts'
import { partitionsOf, partitionTypes, requireNoClash, type Partitions } from './partitions.ts'
import { copyPath, prepareFiles } from './prepare-files.ts'
import type { UnpackLimits } from './text-file.ts'

export interface DataColumn {
  readonly name: string
  /** DuckDB's type; every column of a CSV file is VARCHAR. */
  readonly type: string
}

/** A data set that is open for queries: a file, or several files of one format and the same columns. */
export interface DataSource {
  /** As the user wrote it, without what is secret in an address. */
  readonly path: string
  readonly cwd: string
  /** Arrow files have been converted, and are Parquet here. */
  readonly format: DataFormat
  /** What is read: absolute, in reading order. Private copies of what came over the network or was converted. */
  readonly files: readonly string[]
  /** What messages call one of `files`: the user's own file, or the address it came from. */
  readonly nameOf: (file: string) => string
  /** Empty for documents, whose keys are only known after they have been read. Those of folders `key=value` come last. */
  readonly columns: readonly DataColumn[]
  /** The columns that are not in the files, but in the names of their folders: no footer tells of them. */
  readonly partitionKeys: readonly string[]
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
  /** The digest of the user's files as they are, before any conversion. */
  digest(): Promise<Digest>
  /** Removes private copies. Closing DuckDB does the same. */
  close(): void
}

export interface OpenOptions {
  /** Read JSON objects whole, as the one column `json`. */
  readonly documents?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly csv?: CsvOptions | undefined
  /** Of text formats: a label of the WHATWG Encoding Standard, UTF-8 by default; a byte-order mark says more. */
  readonly encoding?: string | undefined
  /** Where credentials for `s3://` are looked up. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** How much a .gz or .zst file may hold. */
  readonly unpackLimits?: UnpackLimits | undefined
}

/**
 * Opens Parquet, CSV, TSV, JSON Lines, JSON or Arrow: a file, a folder, a glob, an `http(s)://` or `s3://` address. Nothing is
 * guessed from samples: CSV is text, JSON types are found by reading all of it. Folders named `key=value` are columns.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT (unknown format, damaged file, files with different columns), E_NETWORK
 */
export async function openData(duckdb: Duckdb, cwd: string, path: string, options: OpenOptions = {}): Promise<DataSource> {
  return openFiles(duckdb, await fetchFiles(duckdb, cwd, path, options), options)
}

/** The files of a data set, ready to be read; their columns are not known yet. */
export interface DataFiles {
  readonly cwd: string
  /** As the user wrote it, without what is secret in an address. */
  readonly path: string
  readonly format: DataFormat
  readonly files: readonly DataFile[]
  /** What the footers of Parquet files say, in the order of `files`; undefined for one that DuckDB has to read. */
  readonly footers: readonly (ParquetFooter | undefined)[]
  readonly partitions: Partitions
  readonly digest: () => Promise<Digest>
  readonly close: () => void
}

/**
 * The first half of `openData`, which asks DuckDB nothing: finds the files, brings those that are far away, and makes of the rest what
 * DuckDB can read.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_NETWORK
 */
export async function fetchFiles(
  duckdb: Pick<Duckdb, 'atClose'>,
  cwd: string,
  address: string,
  options: OpenOptions,
): Promise<DataFiles> {
  const folder = new PrivateFolder('data')
  duckdb.atClose(() => folder.remove())
  try {
    const { found, path, digest } = await locate(folder, cwd, address, options)
    const userFormat = formatOf(path, found)
    const format = userFormat === 'arrow' ? 'parquet' : userFormat
    const files = await prepareFiles(found, userFormat, folder, options)
    const footers = format === 'parquet' ? await readFooters(files, options.signal) : []
    return { cwd, path, format, files, footers, partitions: partitionsOf(found), digest, close: () => folder.remove() }
  } catch (error) {
    folder.remove()
    options.signal?.throwIfAborted()
    throw error
  }
}

/** A footer that contradicts its file is refused here, whoever reads the file. */
async function readFooters(files: readonly DataFile[], signal: AbortSignal | undefined): Promise<(ParquetFooter | undefined)[]> {
  const footers: (ParquetFooter | undefined)[] = []
  for (const { path, name } of files) {
    signal?.throwIfAborted()
    footers.push(await readParquetFooter(path, name))
  }
  return footers
}

/**
 * The second half of `openData`.
 *
 * @param known columns of Parquet files with DuckDB's types, the same in all of them, where footers have told them: then DuckDB is not asked
 */
export async function openFiles(
  duckdb: Duckdb,
  data: DataFiles,
  options: OpenOptions,
  known?: readonly DataColumn[],
): Promise<DataSource> {
  const { cwd, path, format, files, partitions } = data
  const attempt: ReadAttempt = { path, format, files }
  try {
    if (known) return sourceOf({ data, reader: { ...PARQUET, columns: known }, added: [], reading: readingOf(attempt) })
    const csv = format === 'csv' ? await commonCsvHeader(files, options.csv) : undefined
    const reading = readingOf({ ...attempt, csv })
    return await reading(async () => {
      const reader = await readerOf(duckdb, { ...attempt, csv }, options.documents ?? false)
      requireNoClash(
        files,
        partitions,
        reader.columns.map(({ name }) => name),
      )
      // CSV holds only text, and so do the names of its folders.
      const types = format === 'csv' ? partitions.keys.map(() => 'VARCHAR') : await partitionTypes(duckdb, partitions)
      const added = partitions.keys.map((name, i) => ({ name, type: types[i]! }))
      return sourceOf({ data: { ...data, cwd, path }, reader, added, reading, csv })
    })
  } catch (error) {
    data.close()
    options.signal?.throwIfAborted()
    throw error
  }
}

/** Makes of what goes wrong in a query an error that names file and line. */
function readingOf(attempt: ReadAttempt): DataSource['reading'] {
  return async (work) => {
    try {
      return await work()
    } catch (error) {
      throw await dataError(error, attempt)
    }
  }
}

interface SourceParts {
  readonly data: DataFiles
  readonly reader: Reader
  readonly added: readonly DataColumn[]
  readonly reading: DataSource['reading']
  readonly csv?: CsvHeader | undefined
}

function sourceOf({ data, reader, added, reading, csv }: SourceParts): DataSource {
  const { cwd, path, format, files, partitions, digest, close } = data
  const names = new Map(files.map((file) => [file.path, file.name]))
  const common = {
    path,
    cwd,
    format,
    nameOf: (file: string) => names.get(file) ?? file,
    columns: reader.isDocument ? [] : [...reader.columns, ...added],
    partitionKeys: partitions.keys,
    csv,
    reading,
    digest,
    close,
  }
  const of = (some: readonly string[]): DataSource => ({ ...common, files: some, ...tables(reader, added, some), only: of })
  return of(files.map((file) => file.path))
}

interface Located {
  readonly found: readonly DataFile[]
  /** The data, as messages call it. */
  readonly path: string
  readonly digest: () => Promise<Digest>
}

async function locate(folder: PrivateFolder, cwd: string, path: string, options: OpenOptions): Promise<Located> {
  if (!isRemote(path)) return { found: await findDataFiles(cwd, path), path, digest: () => digestPath(cwd, path) }
  const { fetchData } = await import('../remote/fetch-data.ts')
  const found = await fetchData(path, {
    env: options.env ?? {},
    wanted: isDataName,
    place: (name, i) => copyPath(folder, name, i, endingOf(name)),
    signal: options.signal,
  })
  const digests = Object.fromEntries(found.map(({ name, digest }) => [name, digest]))
  const digest = found.length === 1 ? found[0]!.digest : digestOf(digests)
  return { found, path: displayAddress(path), digest: () => Promise.resolve(digest) }
}

interface Reader {
  readonly format: DataFormat
  /** Of the files themselves; for documents, the one column `json`. */
  readonly columns: readonly DataColumn[]
  readonly isDocument: boolean
  /** The table function over files with further parameters. */
  readonly call: (files: readonly string[], parameters: string) => string
}

function readerOf(duckdb: Duckdb, attempt: ReadAttempt, documents: boolean): Promise<Reader> {
  if (attempt.format === 'parquet') return parquetReader(duckdb, attempt)
  return attempt.format === 'csv' ? Promise.resolve(csvReader(attempt)) : jsonReader(duckdb, attempt, documents)
}

/** A path as a literal for DuckDB, which would take `*`, `?` and `[` in it for a glob. */
const pathLiteral = (file: string): string => literal(file.replace(/[*?[]/g, '[$&]'))
const list = (files: readonly string[]): string => `[${files.map(pathLiteral).join(', ')}]`
const pathsOf = (files: readonly DataFile[]): string[] => files.map(({ path }) => path)

const PARQUET = {
  format: 'parquet',
  isDocument: false,
  call: (files: readonly string[], more: string) => `read_parquet(${list(files)}, union_by_name = true${more})`,
} as const

async function parquetReader(duckdb: Duckdb, { files }: ReadAttempt): Promise<Reader> {
  if (files.length > 1) {
    const columnsOf = async ({ path }: DataFile) =>
      (await describe(duckdb, `read_parquet(${pathLiteral(path)}, hive_partitioning = false)`)).map(({ name }) => name)
    const first = await columnsOf(files[0]!)
    for (const file of files.slice(1)) requireSameColumns(files[0]!, first, file, await columnsOf(file), false)
  }
  return { ...PARQUET, columns: await describe(duckdb, PARQUET.call(pathsOf(files), UNPARTITIONED)) }
}

const UNPARTITIONED = ', hive_partitioning = false'

function csvReader({ csv }: ReadAttempt): Reader {
  const { columns = [], delimiter = ',', quote = '"', named = true, blankLines = 0 } = csv ?? {}
  const parameters = [
    `header = ${named}, auto_detect = false, quote = ${literal(quote)}, escape = ${literal(quote)}`,
    `delim = ${literal(delimiter)}, skip = ${blankLines}`,
    `columns = {${columns.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`,
  ].join(', ')
  return {
    format: 'csv',
    columns: columns.map((name) => ({ name, type: 'VARCHAR' })),
    isDocument: false,
    call: (files, more) => `read_csv(${list(files)}, ${parameters}${more})`,
  }
}

async function jsonReader(duckdb: Duckdb, { path, files }: ReadAttempt, documents: boolean): Promise<Reader> {
  const layout = files.every(({ path }) => /\.json(\.gz|\.zst)?$/i.test(path)) ? 'auto' : 'newline_delimited'
  const base = (some: readonly string[]) => `${list(some)}, format = '${layout}'`
  if (documents) {
    const call: Reader['call'] = (some, more) => `read_json_objects(${base(some)}${more})`
    return { format: 'json', columns: [{ name: 'json', type: 'JSON' }], isDocument: true, call }
  }
  const all = base(pathsOf(files)) + UNPARTITIONED
  await requireObjects(duckdb, path, all)
  const found = await describe(duckdb, `read_json(${all}, sample_size = -1, records = true)`)
  // Text that looks like a date or a UUID is still text: it is kept as it is written.
  const columns = found.map(({ name, type }) => ({ name, type: /^(DATE|TIME|UUID)/.test(type) ? 'VARCHAR' : type }))
  const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ')
  return {
    format: 'json',
    columns,
    isDocument: false,
    call: (some, more) => `read_json(${base(some)}, records = true, columns = {${types}}${more})`,
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

/** The two table expressions of a source, over some of its files. */
function tables(reader: Reader, added: readonly DataColumn[], files: readonly string[]): Pick<DataSource, 'sql' | 'numberedSql'> {
  const { format, columns, call } = reader
  const parameters = added.length === 0 ? UNPARTITIONED : partitioned(added)
  const items = itemsOf(reader, added)
  const source = call(files, `${parameters}, filename = '__file'`)
  // The reader's own row number, unless the data has a column of that name.
  const ownNumber = format === 'parquet' && ![...columns, ...added].some(({ name }) => name === 'file_row_number')
  const number = ownNumber ? 'file_row_number + 1' : `row_number() OVER (${format === 'parquet' ? 'PARTITION BY __file' : ''})`
  return {
    sql: added.length === 0 ? call(files, parameters) : `(SELECT ${items} FROM ${call(files, parameters)})`,
    numberedSql: `(SELECT ${items}, __file, ${number} AS __row FROM ${source})`,
  }
}

/** DuckDB reads these columns from the paths, decodes their values, and leaves out files that a condition rules out. */
const partitioned = (added: readonly DataColumn[]): string =>
  `, hive_partitioning = true, hive_types = {${added.map(({ name, type }) => `${identifier(name)}: ${type}`).join(', ')}}`

function itemsOf({ columns, isDocument }: Reader, added: readonly DataColumn[]): string {
  if (!isDocument || added.length === 0) return columnList([...columns, ...added].map(({ name }) => name))
  const clashes = added.map(
    ({ name }) =>
      `WHEN json_type(json) = 'OBJECT' AND list_contains(json_keys(json), ${literal(name)})
       THEN error(${literal(`a row has the key "${name}", and its folder is named "${name}=…", which is a column too`)})`,
  )
  const values = added.map(({ name }) => `${literal(name)}, ${identifier(name)}`).join(', ')
  // What is no object stays as it is, and is found by whoever looks for objects.
  return `CASE ${clashes.join(' ')}
    WHEN json_type(json) = 'OBJECT' THEN json_merge_patch(json, json_object(${values})) ELSE json END AS json`
}

async function commonCsvHeader(files: readonly DataFile[], options: CsvOptions | undefined): Promise<CsvHeader> {
  let common: { file: DataFile; header: CsvHeader } | undefined
  for (const file of files) {
    const header = await readCsvHeader(file, options)
    if (!header) {
      throw new UserError('E_FILE_FORMAT', `${file.name} is empty: it has no header`, {
        hint: 'The first line of a CSV file names its columns.',
        location: { file: file.name },
      })
    }
    common ??= { file, header }
    requireSameColumns(common.file, common.header.columns, file, header.columns, true)
    if (header.delimiter !== common.header.delimiter || header.blankLines !== common.header.blankLines) {
      throw new UserError('E_FILE_FORMAT', `${file.name} is written in another way than ${common.file.name}`, {
        hint: 'Files of one data set need the same delimiter, and the header on the same line.',
        location: { file: file.name, line: 1 },
      })
    }
  }
  return common!.header
}

/** Files are read side by side, so what one has and another has not would be lost or read as missing. */
function requireSameColumns(
  firstFile: DataFile,
  first: readonly string[],
  otherFile: DataFile,
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
  throw new UserError('E_FILE_FORMAT', `${otherFile.name} has other columns than ${firstFile.name}: ${difference.join('; ')}`, {
    hint: 'Files that are read together need the same columns.',
    location: { file: otherFile.name },
  })
}

/** Columns by name, for SQL. */
export const columnList = (names: readonly string[]): string => names.map(identifier).join(', ')
