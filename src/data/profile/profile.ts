import type { ColumnProfile, DataProfile } from '../../core/column-profile.ts'
import {
  requireColumns,
  typedSource,
  withOpenedData,
  type DataSource,
  type Duckdb,
  type OpenedData,
  type OpenOptions,
  type TypedColumn,
  type TypedSource,
} from '../../drivers/duckdb.ts'
import { commonEdges, distributions, spreadOf, type Distribution } from './distribution.ts'
import { measureColumns, type ColumnMeasure, type OnPass } from './measure.ts'

const BINS = 20
const TOP = 10

export interface ProfileOptions {
  readonly cwd: string
  readonly data: string
  /** By default all. */
  readonly columns?: readonly string[] | undefined
  /** About how many ranges a histogram has. */
  readonly histogramBins?: number | undefined
  /** Columns of which only counts may be told. */
  readonly sensitive: readonly string[]
  readonly signal?: AbortSignal | undefined
  /** How the data is read. */
  readonly reading?: OpenOptions | undefined
  readonly onPass?: OnPass | undefined
}

/** Edges of histograms by column, for example those of a reference; values beyond their ends are in no range. */
interface GivenEdges {
  readonly edges?: ReadonlyMap<string, readonly number[]> | undefined
}

/**
 * Profiles a data set, over all its rows.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING
 */
export async function profileData(options: ProfileOptions & GivenEdges): Promise<DataProfile> {
  return withOpenedData(options, (opened) => profileOpened(opened, options))
}

/** The same of data that is open. */
export async function profileOpened({ duckdb, data }: OpenedData, options: ProfileOptions & GivenEdges): Promise<DataProfile> {
  const { histogramBins = BINS } = options
  const measured = await measureOne(duckdb, data, options, options.sensitive)
  const edges = new Map(
    measured.columns.flatMap((column) => {
      const spread = spreadOf(column)
      const chosen = spread && (options.edges?.get(column.name) ?? commonEdges([spread], histogramBins))
      return chosen ? [[column.name, chosen] as const] : []
    }),
  )
  return measured.profile(options.data, edges)
}

/**
 * Profiles a data set and the one it is compared with under common edges, so that histograms of the same column can be drawn over
 * each other. A column that only one of them has, or that has another kind there, has edges of its own.
 *
 * @throws UserError as `profileData`
 */
export async function profileAgainst(
  options: ProfileOptions & { readonly reference: string },
): Promise<{ current: DataProfile; reference: DataProfile }> {
  return withOpenedData(options, (opened) => profileBothOpened(opened, options))
}

/** The same of data that is open. */
export async function profileBothOpened(
  { duckdb, data, reference: other }: OpenedData,
  options: ProfileOptions & { readonly reference: string },
): Promise<{ current: DataProfile; reference: DataProfile }> {
  const { histogramBins = BINS, sensitive } = options
  const current = await measureOne(duckdb, data, options, sensitive)
  // A sensitive column need not be in the older data.
  const reference = await measureOne(duckdb, other!, { ...options, data: options.reference, columns: undefined }, [])
  const spreadsOf = (side: Measured) =>
    new Map(side.columns.flatMap((column) => (spreadOf(column) ? [[column.name, spreadOf(column)!] as const] : [])))
  const [here, there] = [spreadsOf(current), spreadsOf(reference)]
  const edgesFor = (own: typeof here, others: typeof here) =>
    new Map(
      [...own].flatMap(([name, spread]) => {
        const both = [spread, ...(others.has(name) ? [others.get(name)!] : [])]
        const edges = commonEdges(both, histogramBins) ?? commonEdges([spread], histogramBins)
        return edges ? [[name, edges] as const] : []
      }),
    )
  return {
    current: await current.profile(options.data, edgesFor(here, there)),
    reference: await reference.profile(options.reference, edgesFor(there, here), new Set(sensitive)),
  }
}

interface Measured {
  readonly columns: readonly ColumnMeasure[]
  profile(path: string, edges: ReadonlyMap<string, readonly number[]>, sensitive?: ReadonlySet<string>): Promise<DataProfile>
}

async function measureOne(
  duckdb: Duckdb,
  typed: TypedSource,
  { data, columns: wanted, onPass }: ProfileOptions,
  sensitive: readonly string[],
): Promise<Measured> {
  const { source } = typed
  requireColumns(
    data,
    [...(wanted ?? []), ...sensitive],
    source.columns.map(({ name }) => name),
  )
  const { rows, columns } = await source.reading(() => measureWanted(duckdb, typed, wanted, onPass))
  return {
    columns,
    profile: (path, edges, masked = new Set(sensitive)) =>
      source.reading(async () => {
        const wide = columns.filter((column) => column.sketch)
        if (wide.length > 0) onPass?.(`histograms and quantiles of ${wide.length} columns`)
        const found = await distributions(duckdb, typed, columns, edges)
        const profiles = columns.map((column) => columnProfile(column, rows, found.get(column.name)!, masked.has(column.name)))
        return { path, format: source.format, rows, columns: profiles }
      }),
  }
}

function measureWanted(duckdb: Duckdb, typed: TypedSource, wanted: readonly string[] | undefined, onPass?: OnPass) {
  const isWanted = ({ name }: TypedColumn) => wanted === undefined || wanted.includes(name)
  return measureColumns(duckdb, typed, typed.columns.filter(isWanted), onPass)
}

/** Opens what `measureColumns` needs, and measures. */
export async function measureSource(
  duckdb: Duckdb,
  source: DataSource,
  wanted: readonly string[] | undefined,
  onPass?: OnPass,
): Promise<{ rows: number; columns: ColumnMeasure[]; typed: TypedSource }> {
  onPass?.('what the text of columns reads as')
  const typed = await typedSource(duckdb, source)
  return { typed, ...(await measureWanted(duckdb, typed, wanted, onPass)) }
}

function columnProfile(column: ColumnMeasure, rows: number, distribution: Distribution, masked: boolean): ColumnProfile {
  const { name, type, kind, missing, distinct, values, scale, numbers, lengths } = column
  const counts = { name, type, kind, rows, missing, distinct, distinctIsEstimate: values === undefined && distinct > 0 }
  if (masked) return { ...counts, sensitive: true }
  const { histogram, quantiles } = distribution
  return {
    ...counts,
    ...(numbers && scale && { numbers: { min: scale.min, max: scale.max, ...numbers, quantiles } }),
    ...(lengths && { lengths }),
    ...(scale?.kind === 'time' && { times: { earliest: isoTime(scale.min), latest: isoTime(scale.max) } }),
    ...(histogram && { histogram }),
    ...(values && values.length > 0 && { top: values.slice(0, TOP).map(({ value, rows: n }) => ({ value, rows: n })) }),
  }
}

/** ISO 8601 in UTC; beyond the years that JavaScript knows, the milliseconds. */
function isoTime(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? `${milliseconds} ms` : date.toISOString()
}
