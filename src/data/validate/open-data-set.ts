import { fetchFiles, openFiles, type DataSource, type Duckdb, type OpenOptions } from '../../drivers/duckdb.ts'
import type { ParquetFooter } from '../../drivers/parquet.ts'
import type { Unit } from '../plan/unit.ts'

/** A data set, open, in the parts that are measured one by one. */
export interface DataSet {
  readonly source: DataSource
  readonly units: readonly Unit[]
}

export interface OpenDataSetOptions {
  readonly cwd: string
  readonly data: string
  readonly footers: boolean
  readonly signal?: AbortSignal | undefined
  /** How the data is read. */
  readonly reading?: OpenOptions | undefined
}

/**
 * Opens a data set. For Parquet the footers of all files are read first; when they tell the types of all columns DuckDB need not be
 * asked, and when all files have the same types each is a unit of its own. Files of other formats always are: they have no types.
 *
 * @param footers whether the statistics in footers may answer; `false` makes everything be read
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT
 */
export async function openDataSet(
  duckdb: Duckdb,
  { cwd, data, footers: useFooters, signal, reading }: OpenDataSetOptions,
): Promise<DataSet> {
  const options: OpenOptions = { ...reading, documents: true, signal }
  const files = await fetchFiles(duckdb, cwd, data, options)
  if (files.format !== 'parquet') return withUnits(await openFiles(duckdb, files, options), [], false)
  const { footers } = files
  const [first] = footers
  const isAlike = first !== undefined && footers.every((footer) => footer !== undefined && shapeOf(footer) === shapeOf(first))
  const columns = isAlike ? first.columns : []
  // Columns that folders are named after are in no footer.
  const isKnown = files.partitions.keys.length === 0 && columns.length > 0 && columns.every(({ type }) => type !== null)
  const known = isKnown ? columns.map(({ name, type }) => ({ name, type: type! })) : undefined
  const source = await openFiles(duckdb, files, options, known)
  return isAlike ? withUnits(source, footers, useFooters) : { source, units: [{ source }] }
}

const withUnits = (source: DataSource, footers: readonly (ParquetFooter | undefined)[], useFooters: boolean): DataSet => ({
  source,
  units: unitsOf(source, footers, useFooters),
})

function unitsOf(source: DataSource, footers: readonly (ParquetFooter | undefined)[], useFooters: boolean): Unit[] {
  return source.files.map((file, i) => ({
    source: source.files.length === 1 ? source : source.only([file]),
    footer: useFooters ? footers[i] : undefined,
    rows: footers[i]?.rows,
  }))
}

const shapeOf = ({ columns }: ParquetFooter): string => JSON.stringify(columns.map(({ name, shape }) => [name, shape]))
