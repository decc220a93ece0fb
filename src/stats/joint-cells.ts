import type { CellStatistic, Rate } from './statistic.ts'

/** The pairs of cells that the rows are in by two models' answers: few of the many there could be. */
export interface JointCells {
  /** Of each row: which of the pairs below. */
  readonly pairOf: Int32Array
  /** The cell of a and of b of each pair that occurs. */
  readonly a: Int32Array
  readonly b: Int32Array
}

export function jointCells(a: CellStatistic, b: CellStatistic): JointCells {
  const pairs = new Map<number, number>()
  const pairOf = Int32Array.from(a.cells, (cell, row) => {
    const key = cell * b.size + b.cells[row]!
    const known = pairs.get(key)
    if (known !== undefined) return known
    pairs.set(key, pairs.size)
    return pairs.size - 1
  })
  const keys = [...pairs.keys()]
  return {
    pairOf,
    a: Int32Array.from(keys, (key) => Math.floor(key / b.size)),
    b: Int32Array.from(keys, (key) => key % b.size),
  }
}

/** A rate as a function of three cells: misses, hits, and rows that do not count. */
export function cellsOfRate({ hits, counted, map = (share) => share }: Rate): CellStatistic {
  return {
    kind: 'cells',
    size: 3,
    cells: Int32Array.from(hits, (hit, row) => (counted?.[row] === 0 ? 2 : hit)),
    at: (shares) => map(shares[1]! / (shares[0]! + shares[1]!)),
  }
}
