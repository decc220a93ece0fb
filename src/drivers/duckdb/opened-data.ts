import { openDuckdb, type Duckdb, type QueryProgress } from './connection.ts'
import { openData, type OpenOptions } from './data-source.ts'
import { memoryLimit } from './memory-limit.ts'
import { typedSource, type TypedSource } from './typed-source.ts'

/** A data set, and perhaps the one it is compared with, open in one DuckDB: each was fetched once, and its text looked at once. */
export interface OpenedData {
  readonly duckdb: Duckdb
  readonly data: TypedSource
  readonly reference: TypedSource | undefined
}

export interface OpenedDataOptions {
  readonly cwd: string
  /** A file, a folder, a glob or an address. */
  readonly data: string
  readonly reference?: string | undefined
  /** How both are read. */
  readonly reading?: OpenOptions | undefined
  readonly signal?: AbortSignal | undefined
  /** Told now and then while a query runs. */
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined
  /** Told before a pass over the data begins. */
  readonly onPass?: ((what: string) => void) | undefined
}

/**
 * Opens data for as long as something is done with it. DuckDB's memory is bounded; what does not fit is put aside on disk.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_NETWORK
 */
export async function withOpenedData<T>(options: OpenedDataOptions, use: (opened: OpenedData) => Promise<T>): Promise<T> {
  const { data, reference, signal, onProgress } = options
  const duckdb = await openDuckdb({ signal, memoryLimit: memoryLimit(), onProgress })
  try {
    return await use({
      duckdb,
      data: await open(duckdb, data, options),
      reference: reference === undefined ? undefined : await open(duckdb, reference, options),
    })
  } finally {
    duckdb.close()
  }
}

async function open(duckdb: Duckdb, path: string, { cwd, reading, signal, onPass }: OpenedDataOptions): Promise<TypedSource> {
  const source = await openData(duckdb, cwd, path, { ...reading, signal })
  onPass?.('what the text of columns reads as')
  return source.reading(() => typedSource(duckdb, source))
}
