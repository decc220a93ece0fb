import type { ColumnProfile, DataProfile } from '../../core/column-profile.ts'
import {
  openData,
  openDuckdb,
  requireColumns,
  typedSource,
  type DataSource,
  type OpenOptions,
  type Duckdb,
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

/**
 * Profiles a data set, over all its rows.
 *
 * @param options.edges edges of histograms by column, for example those of a reference; values beyond their ends are in no range
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT, E_COLUMN_MISSING
 */
export async function profileData(
  options: ProfileOptions & { readonly edges?: ReadonlyMap<string, readonly number[]> | undefined },
): Promise<DataProfile> {
  const { histogramBins = BINS } = options
  return withMeasured(options, options.data, options.sensitive, async (measured) => {
    const edges = new Map(
      measured.columns.flatMap((column) => {
        const spread = spreadOf(column)
        const chosen = spread && (options.edges?.get(column.name) ?? commonEdges([spread], histogramBins))
        return chosen ? [[column.name, chosen] as const] : []
      }),
    )
    return measured.profile(edges)
  })
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
  const { histogramBins = BINS, sensitive } = options
  return withMeasured(options, options.data, sensitive, (current) => {
    // A sensitive column need not be in the older data.
    const inReference = { ...options, columns: undefined }
    return withMeasured(inReference, options.reference, [], async (reference) => {
      const spreadsOf = (side: Measured) =>
        new Map(side.columns.flatMap((column) => (spreadOf(column) ? [[column.name, spreadOf(column)!] as const] : [])))
      const [here, there] = [spreadsOf(current), spreadsOf(reference)]
      const edgesFor = (own: typeof here, other: typeof here) =>
        new Map(
          [...own].flatMap(([name, spread]) => {
            const both = [spread, ...(other.has(name) ? [other.get(name)!] : [])]
            const edges = commonEdges(both, histogramBins) ?? commonEdges([spread], histogramBins)
            return edges ? [[name, edges] as const] : []
          }),
        )
      return {
        current: await current.profile(edgesFor(here, there)),
        reference: await reference.profile(edgesFor(there, here), new Set(sensitive)),
      }
    })
  })
}

interface Measured {
  readonly columns: readonly ColumnMeasure[]
  profile(edges: ReadonlyMap<string, readonly number[]>, sensitive?: ReadonlySet<string>): Promise<DataProfile>
}

async function withMeasured<T>(
  { cwd, columns: wanted, signal, onPass, reading }: ProfileOptions,
  data: string,
  sensitive: readonly string[],
  use: (measured: Measured) => Promise<T>,
): Promise<T> {
  const duckdb = await openDuckdb({ signal })
  try {
    const source = await openData(duckdb, cwd, data, { ...reading, signal })
    const names = source.columns.map(({ name }) => name)
    requireColumns(data, [...(wanted ?? []), ...sensitive], names)
    const { rows, columns, typed } = await source.reading(() => measureSource(duckdb, source, wanted, onPass))
    return await use({
      columns,
      profile: (edges, masked = new Set(sensitive)) =>
        source.reading(async () => {
          const wide = columns.filter((column) => column.sketch)
          if (wide.length > 0) onPass?.(`histograms and quantiles of ${wide.length} columns`)
          const found = await distributions(duckdb, typed, columns, edges)
          const profiles = columns.map((column) => columnProfile(column, rows, found.get(column.name)!, masked.has(column.name)))
          return { path: data, format: source.format, rows, columns: profiles }
        }),
    })
  } finally {
    duckdb.close()
  }
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
  const isWanted = ({ name }: TypedColumn) => wanted === undefined || wanted.includes(name)
  return { typed, ...(await measureColumns(duckdb, typed, typed.columns.filter(isWanted), onPass)) }
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
