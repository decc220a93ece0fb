import type { Table } from '../../core/table.ts'
import type { Duckdb } from '../../drivers/duckdb.ts'
import { compareCategories } from './compare-categories.ts'
import { commonColumns, type CompareOptions } from './common-columns.ts'
import { compareNumbers } from './compare-numbers.ts'
import { countInRanges, countNumbers, countTexts, type TextCounts } from './count-values.ts'
import type { ColumnDrift, Comparison, DriftFacts, Pair } from './facts.ts'
import { featureOf, type Feature } from './features.ts'
import { comparisonOf, overviewOf, type ColumnOverview } from './overview.ts'
import { sampleRows } from './sample-rows.ts'
import { separate } from './separate.ts'
import { projection, type CommonColumn, type Side } from './side.ts'

/** Up to so many different numbers each is counted by itself and all is exact; above, in ranges. */
const MOST_COUNTED = 100_000
/** Numbers with no more different values than this are compared as categories. */
const FEW_VALUES = 20
const RANGES = 2000

/** A column that is compared, with what is known of it and its name in the projections. */
interface Compared extends CommonColumn {
  readonly key: string
  readonly overview: Pair<ColumnOverview>
  readonly comparison: Comparison
}

/**
 * Compares two data sets that are open. DuckDB only counts, in a few scans of each side; what is computed from the counts is in `stats`. Memory depends on
 * how many different values there are, not on rows.
 */
export async function compareData(duckdb: Duckdb, sides: Pair<Side>, options: CompareOptions): Promise<DriftFacts> {
  const { common, ...named } = commonColumns(sides, options)
  const [reference, current] = [
    await overviewOf(duckdb, sides.reference, 'reference', common),
    await overviewOf(duckdb, sides.current, 'current', common),
  ]
  const rows = { reference: reference.rows, current: current.rows }
  if (common.length === 0) {
    return { ...named, paths: options.paths, rows, columns: [], kindChanges: [], separability: null }
  }
  const changed = common.filter((column, i) => kindChanged(column, reference.columns[i]!, current.columns[i]!))
  const compared = common.flatMap((column, i): Compared[] => {
    if (changed.includes(column)) return []
    const overview = { reference: reference.columns[i]!, current: current.columns[i]! }
    // A column without any value has the kind of the other side.
    const kind = overview.reference.present > 0 ? column.reference.kind : column.current.kind
    const same = { ...column, kind }
    return [{ ...same, key: `v${i}`, overview, comparison: comparisonOf(same, overview) }]
  })
  const samples = {
    reference: await sampleRows(duckdb, sides.reference, 'reference', common),
    current: await sampleRows(duckdb, sides.current, 'current', common),
  }
  const columns = await compareColumns(duckdb, sides, common, compared, samples)
  const sampled = { reference: samples.reference.rowCount, current: samples.current.rowCount }
  return {
    ...named,
    paths: options.paths,
    rows,
    columns,
    kindChanges: changed.map(({ name, reference, current }) => ({
      name,
      reference: `${reference.kind} (${reference.type})`,
      current: `${current.kind} (${current.type})`,
    })),
    separability: separate(featuresOf(compared, samples), sampled),
  }
}

const kindChanged = ({ reference, current }: CommonColumn, a: ColumnOverview, b: ColumnOverview): boolean =>
  reference.kind !== current.kind && a.present > 0 && b.present > 0

async function compareColumns(
  duckdb: Duckdb,
  sides: Pair<Side>,
  common: readonly CommonColumn[],
  compared: readonly Compared[],
  samples: Pair<Table>,
): Promise<ColumnDrift[]> {
  const from = {
    reference: projection(sides.reference, 'reference', common),
    current: projection(sides.current, 'current', common),
  }
  const lengths = new Set(compared.filter(({ comparison }) => comparison === 'lengths').map(({ key }) => key))
  // Texts that are compared by their lengths become numbers of the same name.
  const items = common.map((_column, i) => (lengths.has(`v${i}`) ? `CAST(length(v${i}) AS DOUBLE) AS v${i}` : `v${i}`))
  const measured = {
    reference: `(SELECT ${items.join(', ')} FROM ${from.reference})`,
    current: `(SELECT ${items.join(', ')} FROM ${from.current})`,
  }
  const numeric = compared.filter(({ comparison }) => comparison === 'numbers' || comparison === 'lengths')
  const inRanges = numeric.filter(({ comparison, overview }) => comparison === 'numbers' && mostDistinct(overview) > MOST_COUNTED)
  const keys = (list: readonly Compared[]): string[] => list.map(({ key }) => key)
  const counted = numeric.filter((column) => !inRanges.includes(column))
  const numbers = new Map([
    ...(await countNumbers(duckdb, measured, keys(counted))),
    ...(await countInRanges(duckdb, measured, new Map(inRanges.map((column) => [column.key, gridOf(column, samples)])))),
  ])
  const texts = await countTexts(duckdb, measured, keys(compared.filter(({ comparison }) => comparison === 'categories')))
  return compared.map((column) => {
    const { name, kind, comparison, key, overview } = column
    const number = numbers.get(key)
    const isFew = comparison === 'numbers' && number !== undefined && number.values.length <= FEW_VALUES
    const text: TextCounts | undefined = isFew ? { ...number, values: [...number.values].map(String) } : texts.get(key)
    return {
      name,
      kind,
      comparison: isFew ? 'categories' : comparison,
      present: { reference: overview.reference.present, current: overview.current.present },
      numbers: number === undefined || isFew ? null : compareNumbers(number, inRanges.includes(column)),
      categories: text === undefined ? null : compareCategories(text),
      range: comparison === 'times' ? rangeOf(overview) : null,
    }
  })
}

const mostDistinct = ({ reference, current }: Pair<ColumnOverview>): number => Math.max(reference.distinct, current.distinct)

/** Ranges that hold about as many rows each, from the sampled values of both sides; the outermost reach to the least and the greatest. */
function gridOf({ key, overview }: Compared, samples: Pair<Table>): Float64Array {
  const values = [samples.reference, samples.current]
    .flatMap(({ columns }) => [...columns[key]!])
    .filter((value): value is number => typeof value === 'number' && !Number.isNaN(value))
  const sorted = Float64Array.from(values).toSorted()
  const ends = Array.from({ length: RANGES }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / RANGES)]!)
  const least = Math.min(overview.reference.min!, overview.current.min!)
  const greatest = Math.max(overview.reference.max!, overview.current.max!)
  return Float64Array.from(new Set([least, ...ends, greatest])).toSorted()
}

function rangeOf({ reference, current }: Pair<ColumnOverview>): ColumnDrift['range'] {
  if (reference.present === 0 || current.present === 0) return null
  const range = ({ min, max }: ColumnOverview) => ({ earliest: iso(min!), latest: iso(max!) })
  return { reference: range(reference), current: range(current) }
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** What the classifier may look at: not times, which differ by nature, nor row ids. Of free text, how long it is. */
function featuresOf(compared: readonly Compared[], samples: Pair<Table>): Feature[] {
  return compared.flatMap(({ name, key, comparison, kind }) => {
    if (comparison === 'times' || comparison === 'identifier') return []
    const [reference, current] = [samples.reference, samples.current].map(({ columns }) => {
      const column = columns[key]!
      return comparison === 'lengths' ? Array.from(column, (cell) => (typeof cell === 'string' ? cell.length : null)) : column
    })
    const feature = featureOf(name, { reference: reference!, current: current! }, kind === 'number' || comparison === 'lengths')
    return feature ? [feature] : []
  })
}
