import { open, type FileHandle } from 'node:fs/promises'
import type { ColumnMetaData, FileMetaData, RowGroup, SchemaElement } from 'hyparquet'
import { count, formatCount } from '../../core/counts.ts'
import { UserError } from '../../core/errors.ts'
import { columnType } from './column-type.ts'
import type { ColumnFooter, ParquetFooter } from './footer.ts'
import { checkPages } from './page-rows.ts'
import { columnStatistics, Contradiction, RAW_PARSERS } from './statistics.ts'

/** Read at first; most footers are smaller. */
const TAIL = 1 << 16
const MAGIC = 'PAR1'

/**
 * Reads the footer of a Parquet file and holds it against itself and the file: the rows of the row groups and of the columns add
 * up, statistics are possible, everything stands inside the file, and the pages of the first column hold as many values as told.
 *
 * Undefined for what is not plain Parquet (encrypted, spread over files, not Parquet at all), on which DuckDB has the last word.
 *
 * @param display the file as it is shown in messages
 * @throws UserError E_FILE_FORMAT when the footer contradicts itself or the file
 */
export async function readParquetFooter(path: string, display: string): Promise<ParquetFooter | undefined> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const found = await readMetadata(file, size)
    if (!found) return undefined
    const leaves = leavesOf(found.metadata.schema)
    const groups = found.metadata.row_groups
    if (!leaves || groups.some((group) => group.columns.some(isElsewhere))) return undefined
    const footer = interpret(found.metadata, leaves, found.start)
    await checkPages(file, chunksOf(groups, 0))
    return footer
  } catch (error) {
    if (!(error instanceof Contradiction)) throw error
    throw new UserError('E_FILE_FORMAT', `${display} is damaged: ${error.message}`, {
      hint: 'What the footer of a Parquet file says and what the file holds must agree. Write or copy it again.',
      location: { file: display },
      cause: error,
    })
  } finally {
    await file.close()
  }
}

async function readMetadata(file: FileHandle, size: number): Promise<{ metadata: FileMetaData; start: number } | undefined> {
  if (size < 12 || (await bytesOf(file, 0, 4)).toString('latin1') !== MAGIC) return undefined
  let tail = await bytesOf(file, Math.max(0, size - TAIL), size)
  if (tail.subarray(-4).toString('latin1') !== MAGIC) return undefined
  const start = size - 8 - tail.readUInt32LE(tail.length - 8)
  if (start < 4) return undefined
  if (start < size - tail.length) tail = await bytesOf(file, start, size)
  const { parquetMetadata } = await import('hyparquet/src/metadata.js')
  try {
    return { metadata: parquetMetadata(tail, { parsers: RAW_PARSERS, geoparquet: false }), start }
  } catch {
    return undefined // DuckDB reads it too, and says what is wrong
  }
}

async function bytesOf(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(to - from), 0, to - from, from)
  return buffer.subarray(0, bytesRead)
}

/** A column of the table, and which of the file's columns holds it; nested columns are held by several. */
interface Leaf {
  readonly element: SchemaElement
  /** It, and what is in it. */
  readonly elements: readonly SchemaElement[]
  readonly index: number
  readonly nested: boolean
}

/** Undefined for a table in which two columns have one name, as DuckDB compares names. */
function leavesOf(schema: readonly SchemaElement[]): { columns: Leaf[]; count: number } | undefined {
  const columns: Leaf[] = []
  let index = 0
  let at = 1
  const skip = (): void => {
    const element = schema[at++]
    if (!element) return
    if (element.num_children) for (let child = 0; child < element.num_children; child++) skip()
    else index++
  }
  while (at < schema.length) {
    const element = schema[at]!
    const [from, first] = [at, index]
    skip()
    const nested = Boolean(element.num_children) || element.repetition_type === 'REPEATED'
    columns.push({ element, elements: schema.slice(from, at), index: first, nested })
  }
  const names = new Set(columns.map(({ element }) => element.name.toLowerCase()))
  return names.size === columns.length ? { columns, count: index } : undefined
}

const isElsewhere = ({ meta_data: meta, file_path: path }: RowGroup['columns'][number]): boolean =>
  meta === undefined || Boolean(path)

/** The chunks of one of the file's columns, by row group. */
const chunksOf = (groups: readonly RowGroup[], index: number): ColumnMetaData[] =>
  groups.flatMap(({ columns }) => columns[index]?.meta_data ?? [])

function interpret(metadata: FileMetaData, leaves: { columns: Leaf[]; count: number }, end: number): ParquetFooter {
  const groups = metadata.row_groups
  const rows = Number(metadata.num_rows)
  const inGroups = groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
  if (rows !== inGroups) {
    throw new Contradiction(`the footer says ${count(rows, 'row')} but its row groups hold ${formatCount(inGroups)}`)
  }
  for (const group of groups) checkGroup(group, leaves, end)
  const found = new Map<string, ColumnFooter | undefined>()
  const columns = leaves.columns.map(({ element, elements, index, nested }) => {
    const type = nested ? null : columnType(element)
    if (type !== null) found.set(element.name, statisticsOf(element, type, chunksOf(groups, index)))
    return { name: element.name, type, shape: type ?? JSON.stringify(elements) }
  })
  return { rows, columns, column: (name) => found.get(name) }
}

function statisticsOf(element: SchemaElement, type: string, chunks: readonly ColumnMetaData[]): ColumnFooter | undefined {
  try {
    return columnStatistics(element, type, chunks)
  } catch (error) {
    if (error instanceof Contradiction)
      throw new Contradiction(`the footer contradicts itself on column "${element.name}": ${error.message}`)
    throw error
  }
}

function checkGroup(group: RowGroup, leaves: { columns: Leaf[]; count: number }, end: number): void {
  if (group.num_rows < 0n) throw new Contradiction('the footer has a row group with fewer than no rows')
  if (group.columns.length !== leaves.count) {
    throw new Contradiction(
      `the footer names ${count(leaves.count, 'column')} and has a row group with ${formatCount(group.columns.length)}`,
    )
  }
  for (const { meta_data: chunk } of group.columns) {
    const from = Number(chunk!.dictionary_page_offset || chunk!.data_page_offset)
    if (from < MAGIC.length || from + Number(chunk!.total_compressed_size) > end)
      throw new Contradiction('the footer points at data outside the file')
  }
  for (const { element, index, nested } of leaves.columns) {
    const { path_in_schema: path, num_values: values } = group.columns[index]!.meta_data!
    if (path[0] !== element.name) throw new Contradiction(`the footer has "${path.join('.')}" where "${element.name}" should be`)
    if (!nested && values !== group.num_rows) {
      throw new Contradiction(
        `the footer says ${count(Number(group.num_rows), 'row')} of a row group and ${count(Number(values), 'value')} of its column "${element.name}"`,
      )
    }
  }
}
