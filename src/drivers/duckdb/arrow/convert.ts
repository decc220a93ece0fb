import { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import { RecordBatchReader, type RecordBatch, type Schema } from 'apache-arrow'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { messageOf, UserError } from '../../../core/errors.ts'
import { identifier, literal } from '../connection.ts'
import type { DataFile } from '../data-file.ts'
import { fileError } from '../file-error.ts'
import { registerCodecs } from './codecs.ts'
import { requireArrow, type ArrowLayout } from './layout.ts'
import { NoCounterpart, readerOf, valueAt, type ValueReader } from './values.ts'

/** Rows of a data chunk of DuckDB. */
const CHUNK_ROWS = 2048

/**
 * Writes an Arrow file, in the file or the stream format, again as Parquet. Types and the order of rows are kept: 64-bit integers, decimals and times
 * to the last digit (nanoseconds with a time zone to the microsecond). One record batch is in memory at a time; rows wait in a database
 * beside `target`, which is removed.
 *
 * @throws UserError E_FILE_FORMAT when it is not Arrow, cut off, damaged, or has a type that DuckDB does not
 */
export async function arrowToParquet(file: DataFile, target: string, signal?: AbortSignal): Promise<void> {
  const layout = await requireArrow(file)
  const handle = await open(file.path)
  try {
    await convert(handle, layout, file, target, signal)
  } catch (error) {
    signal?.throwIfAborted()
    throw conversionError(error, file)
  } finally {
    await handle.close().catch(() => {}) // apache-arrow may have closed it
  }
}

async function convert(
  handle: FileHandle,
  layout: ArrowLayout,
  file: DataFile,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  registerCodecs()
  const reader = await RecordBatchReader.from(handle)
  await reader.open({ autoDestroy: false })
  const columns = readersOf(reader.schema, file)
  const database = `${target}.duckdb`
  const instance = await DuckDBInstance.create(database, {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  try {
    const names = reader.schema.fields.map(({ name }, i) => `${identifier(name)} ${columns[i]!.type.toString()}`)
    await connection.run(`CREATE TABLE rows (${names.join(', ')})`)
    const appender = await connection.createAppender('rows')
    for await (const batch of batchesOf(reader, layout)) {
      signal?.throwIfAborted()
      for (const chunk of chunksOf(batch, columns)) appender.appendDataChunk(chunk)
    }
    appender.closeSync()
    await connection.run(`COPY rows TO ${literal(target)} (FORMAT parquet)`)
  } finally {
    connection.closeSync()
    instance.closeSync()
    for (const path of [database, `${database}.wal`]) await rm(path, { force: true })
  }
}

/** All batches, each of which the footer of a file names. The reader's own iterator goes round for ever where one is something else. */
async function* batchesOf(reader: RecordBatchReader, layout: ArrowLayout): AsyncGenerator<RecordBatch> {
  if (layout === 'stream') {
    yield* reader as AsyncIterable<RecordBatch>
    return
  }
  for (let i = 0; i < reader.numRecordBatches; i++) {
    const batch = await reader.readRecordBatch(i)
    if (!batch) throw new Error(`record batch ${i + 1} of ${reader.numRecordBatches} is not where the footer says`)
    yield batch
  }
}

function readersOf(schema: Schema, file: DataFile): ValueReader[] {
  const seen = new Set<string>()
  for (const { name } of schema.fields) {
    if (!seen.has(name.toLowerCase())) seen.add(name.toLowerCase())
    else throw formatError(file, `has two columns named "${name}", upper and lower case being the same`, 'Rename one of them.')
  }
  if (seen.size === 0) throw formatError(file, 'has no columns', 'Write it again with its columns.')
  return schema.fields.map(({ name, type }) => readerOf(type, JSON.stringify(name)))
}

function* chunksOf(batch: RecordBatch, columns: readonly ValueReader[]): Generator<DuckDBDataChunk> {
  const types = columns.map(({ type }) => type)
  for (let from = 0; from < batch.numRows; from += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, batch.numRows - from)
    const chunk = DuckDBDataChunk.create(types, rows)
    for (const [i, reader] of columns.entries()) {
      const data = batch.data.children[i]!
      chunk.setColumnValues(
        i,
        Array.from({ length: rows }, (_row, row) => valueAt(reader, data, from + row)),
      )
    }
    yield chunk
  }
}

function conversionError(error: unknown, file: DataFile): unknown {
  if (error instanceof UserError) return error
  if (error instanceof NoCounterpart) {
    return formatError(
      file,
      `cannot be read: ${error.message}`,
      'Write the file without this column, or with another type.',
      error,
    )
  }
  const refused = fileError(error, file.name)
  if (refused) return refused
  return formatError(file, `is cut off or damaged: ${damage(error)}`, 'Write or copy it again.', error)
}

/** What apache-arrow stumbles over says nothing to whoever has the file. */
const damage = (error: unknown): string =>
  error instanceof TypeError || error instanceof RangeError ? 'it holds what Arrow does not' : messageOf(error).split('\n')[0]!

const formatError = (file: DataFile, what: string, hint: string, cause?: unknown): UserError =>
  new UserError('E_FILE_FORMAT', `${file.name} ${what}`, { hint, location: { file: file.name }, cause })
