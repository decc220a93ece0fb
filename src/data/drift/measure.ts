import { requireColumns, withOpenedData, type OpenedData, type OpenOptions } from '../../drivers/duckdb.ts'
import { compareData } from './compare-data.ts'
import type { DriftFacts } from './facts.ts'

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
  return withOpenedData({ ...options, data: options.current }, (opened) => driftOf(opened, options))
}

/** The same of data that is open. */
export async function driftOf(
  { duckdb, data, reference }: OpenedData,
  options: Pick<DriftOptions, 'reference' | 'current' | 'columns' | 'ignore'>,
): Promise<DriftFacts> {
  const { columns, ignore } = options
  const paths = { reference: options.reference, current: options.current }
  const present = [...reference!.columns, ...data.columns].map(({ name }) => name)
  requireColumns(`${paths.current} (and ${paths.reference})`, [...(columns ?? []), ...ignore], [...new Set(present)])
  const sides = { reference: reference!, current: data }
  return data.source.reading(() => reference!.source.reading(() => compareData(duckdb, sides, { paths, columns, ignore })))
}
