import type { Histogram } from '../../core/column-profile.ts'
import type { Duckdb, TypedSource } from '../../drivers/duckdb.ts'
import { steady } from './basics.ts'
import { chooseEdges, type Spread } from './edges.ts'
import type { ColumnMeasure } from './measure.ts'
import { ascending, countBetween, quantileRange, type Sketch } from './sketch.ts'

/** The quantiles of a profile. */
export const PROBABILITIES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const

/** Into how many parts the range that holds a quantile is cut in the second look. */
const FINER = 200

/** How a column's values lie: the ranges of its histogram, and its quantiles. */
export interface Distribution {
  readonly histogram: Histogram | undefined
  /** By their probability: "0.5". None for a column without values. */
  readonly quantiles: Readonly<Record<string, number>>
}

/** The spread by which ranges are chosen; undefined for a column that has no number line. */
export function spreadOf(column: ColumnMeasure): Spread | undefined {
  const { scale } = column
  if (!scale) return undefined
  return { ...scale, low: firstQuantile(column, 0.01), high: firstQuantile(column, 0.99) }
}

/** The edges under which all of these columns can be drawn. */
export function commonEdges(spreads: readonly Spread[], bins: number): number[] | undefined {
  const [first] = spreads
  if (!first || spreads.some(({ kind }) => kind !== first.kind)) return undefined
  return chooseEdges(
    {
      kind: first.kind,
      whole: spreads.every(({ whole }) => whole),
      min: Math.min(...spreads.map(({ min }) => min)),
      max: Math.max(...spreads.map(({ max }) => max)),
      low: Math.min(...spreads.map(({ low }) => low)),
      high: Math.max(...spreads.map(({ high }) => high)),
    },
    bins,
  )
}

/**
 * Histograms and quantiles of columns. Those whose every value was counted need no further pass. For the others one pass counts the values
 * between the edges and, more finely, in the ranges that hold the quantiles.
 *
 * @param edgesOf edges by column; a column without has no histogram
 */
export async function distributions(
  duckdb: Duckdb,
  typed: TypedSource,
  columns: readonly ColumnMeasure[],
  edgesOf: ReadonlyMap<string, readonly number[]>,
): Promise<Map<string, Distribution>> {
  const wide = columns.flatMap((column) => {
    if (!column.sketch) return []
    const boundaries = ascending([...(edgesOf.get(column.name) ?? []), ...finerBoundaries(column.sketch), column.scale!.min])
    return [{ column, boundaries }]
  })
  const counted = await countBetween(duckdb, typed, wide)
  return new Map(
    columns.map((column) => {
      const edges = edgesOf.get(column.name)
      const fine = counted.get(column.name) ?? sketchOfValues(column)
      const quantiles = PROBABILITIES.flatMap((p) => (fine.boundaries.length > 0 ? [[String(p), quantile(fine, p, column)]] : []))
      const histogram = edges && { edges, counts: fold(fine, edges) }
      return [column.name, { histogram, quantiles: Object.fromEntries(quantiles) as Record<string, number> }]
    }),
  )
}

/** Counted values as a sketch in which every value is a boundary. */
function sketchOfValues({ values = [] }: ColumnMeasure): Sketch {
  const placed = values.filter(({ at }) => at !== undefined).toSorted((a, b) => a.at! - b.at!)
  return { boundaries: placed.map(({ at }) => at!), counts: placed.map(({ rows }) => rows) }
}

/** A counted value itself, the smallest with at least this share at or below it; for wide columns interpolated in a narrow range. */
function quantile(sketch: Sketch, probability: number, column: ColumnMeasure): number {
  const { from, at } = quantileRange(sketch, probability)
  return column.sketch ? steady(at) : from
}

function firstQuantile(column: ColumnMeasure, probability: number): number {
  if (!column.sketch) return quantileRange(sketchOfValues(column), probability).from
  const { from, to } = quantileRange(column.sketch, probability)
  return probability < 0.5 ? from : to
}

function finerBoundaries(sketch: Sketch): number[] {
  return PROBABILITIES.flatMap((probability) => {
    const { from, to } = quantileRange(sketch, probability)
    return Array.from({ length: FINER + 1 }, (_, i) => from + (to - from) * (i / FINER))
  })
}

/** Counts in coarser ranges, whose ends are all boundaries or, for counted values, lie between them. The last range is closed. */
function fold({ boundaries, counts }: Sketch, edges: readonly number[]): number[] {
  const folded = edges.slice(1).map(() => 0)
  const last = edges.at(-1)!
  let range = 0
  for (const [i, at] of boundaries.entries()) {
    if (at < edges[0]! || at > last) continue
    while (range < folded.length - 1 && at >= edges[range + 1]!) range++
    folded[range]! += counts[i]!
  }
  return folded
}
