import { findDataFiles, openData, parquetSource, type DataSource, type Duckdb } from '../../drivers/duckdb.ts'
import { displayPath } from '../../drivers/files.ts'
import { readParquetFooter, type ParquetFooter } from '../../drivers/parquet.ts'
import type { Unit } from '../plan/unit.ts'

/** A data set, open, in the parts that are measured one by one. */
export interface DataSet {
  readonly source: DataSource
  readonly units: readonly Unit[]
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
  { cwd, data, footers: useFooters, signal }: { cwd: string; data: string; footers: boolean; signal?: AbortSignal | undefined },
): Promise<DataSet> {
  const { format, files } = await findDataFiles(cwd, data)
  if (format !== 'parquet') {
    const source = await openData(duckdb, cwd, data, { documents: true, signal })
    return { source, units: unitsOf(source, [], false) }
  }
  const footers: (ParquetFooter | undefined)[] = []
  for (const file of files) {
    signal?.throwIfAborted()
    footers.push(await readParquetFooter(file, displayPath(cwd, file)))
  }
  const [first] = footers
  const isAlike = first !== undefined && footers.every((footer) => footer !== undefined && shapeOf(footer) === shapeOf(first))
  const columns = isAlike ? first.columns : []
  const isKnown = isAlike && columns.length > 0 && columns.every(({ type }) => type !== null)
  const source = isKnown
    ? parquetSource(
        cwd,
        data,
        files,
        columns.map(({ name, type }) => ({ name, type: type! })),
      )
    : await openData(duckdb, cwd, data, { documents: true, signal })
  return { source, units: isAlike ? unitsOf(source, footers, useFooters) : [{ source }] }
}

function unitsOf(source: DataSource, footers: readonly (ParquetFooter | undefined)[], useFooters: boolean): Unit[] {
  return source.files.map((file, i) => ({
    source: source.files.length === 1 ? source : source.only([file]),
    footer: useFooters ? footers[i] : undefined,
    rows: footers[i]?.rows,
  }))
}

const shapeOf = ({ columns }: ParquetFooter): string => JSON.stringify(columns.map(({ name, shape }) => [name, shape]))
