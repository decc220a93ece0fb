import type { Cell, Column } from '../../core/table.ts'
import type { Pair } from './facts.ts'

/** A column as the classifier sees it: which of a few bins each row's value is in. */
export interface Feature {
  readonly name: string
  readonly bins: Uint8Array
  readonly binCount: number
  /** Bins of numbers are split at a place in their order, those of categories one against all others. */
  readonly ordered: boolean
}

/** The bin of missing values. In numbers it comes before all others. */
const MISSING = 0
const MOST_BINS = 32

/** Rows of the reference, then rows of the current data; bins are made from both together, so they know nothing of which is which. */
export function featureOf(name: string, { reference, current }: Pair<Column>, isNumeric: boolean): Feature | null {
  const cells: Cell[] = [...reference, ...current]
  const { binOf, binCount } = isNumeric ? numberBins(cells) : categoryBins(cells)
  const bins = Uint8Array.from(cells, (cell) => (cell === null || Number.isNaN(cell) ? MISSING : binOf(cell)))
  // Nothing to learn from a single bin.
  return bins.every((bin) => bin === bins[0]) ? null : { name, bins, binCount, ordered: isNumeric }
}

function numberBins(cells: readonly Cell[]): { binOf: (cell: Cell) => number; binCount: number } {
  const sorted = Float64Array.from(cells.filter((cell) => typeof cell === 'number')).toSorted()
  const distinct = new Set(sorted)
  const ends =
    distinct.size < MOST_BINS
      ? [...distinct]
      : [...new Set(Array.from({ length: MOST_BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / MOST_BINS)]!))]
  const binOf = (cell: Cell): number => {
    const at = ends.findIndex((end) => (cell as number) <= end)
    return 1 + (at === -1 ? ends.length : at)
  }
  return { binOf, binCount: ends.length + 2 }
}

/** The most frequent categories have a bin of their own, the others share one. */
function categoryBins(cells: readonly Cell[]): { binOf: (cell: Cell) => number; binCount: number } {
  const counts = new Map<Cell, number>()
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  counts.delete(null)
  const frequent = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, MOST_BINS - 2)
  const bins = new Map(frequent.map(([cell], i) => [cell, i + 1]))
  return { binOf: (cell) => bins.get(cell) ?? frequent.length + 1, binCount: frequent.length + 2 }
}
