import { openData, openDuckdb, requireColumns, typedSource, type Duckdb, type OpenOptions } from '../../drivers/duckdb.ts'
import { compareData } from './compare-data.ts'
import type { DriftFacts, Pair } from './facts.ts'
import type { Side } from './side.ts'

export interface DriftOptions {
  readonly cwd: string
  /** What the current data is compared with: a file, a folder or a glob. */
  readonly reference: string
  readonly current: string
  /** Columns to compare; all that both have by default. */
  readonly columns?: readonly string[] | undefined
  /** Columns to leave out. */
  readonly ignore: readonly string[]
  readonly signal?: AbortSignal | undefined
  /** How the data is read. */
  readonly reading?: OpenOptions | undefined
}

/**
 * Measures how a data set differs from a reference, over all rows of both. Columns that only one has are named and left out.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING (a column is named that neither data set has)
 */
export async function measureDrift(options: DriftOptions): Promise<DriftFacts> {
  const { cwd, reference, current, columns = [], ignore, signal } = options
  const reading = { ...options.reading, signal }
  const duckdb = await openDuckdb({ signal })
  try {
    const sides: Pair<Side> = {
      reference: await open(duckdb, cwd, reference, reading),
      current: await open(duckdb, cwd, current, reading),
    }
    const present = [...sides.reference.columns, ...sides.current.columns].map(({ name }) => name)
    requireColumns(`${current} (and ${reference})`, [...columns, ...ignore], [...new Set(present)])
    return await compareData(duckdb, sides, { paths: { reference, current }, columns: options.columns, ignore })
  } finally {
    duckdb.close()
  }
}

async function open(duckdb: Duckdb, cwd: string, path: string, reading: OpenOptions): Promise<Side> {
  const source = await openData(duckdb, cwd, path, reading)
  return source.reading(() => typedSource(duckdb, source))
}
