import { bayesianReplicates } from './bayesian-cells.ts'
import { effectiveCounts } from './estimate-cells.ts'
import type { EstimatedDifference } from './estimated.ts'
import { cellSlopes, influenceOfCells } from './influence.ts'
import { jointCells } from './joint-cells.ts'
import type { Random } from './random.ts'
import { replicatesInterval } from './replicates.ts'
import { unitsOf } from './sampling-units.ts'
import type { CellStatistic, SampleDesign } from './statistic.ts'
import { cellSums } from './value-of.ts'

/** The Bayesian bootstrap of the pairs of cells that the rows are in by the answers of a and of b. */
export function differenceOfCells(
  a: CellStatistic,
  b: CellStatistic,
  design: SampleDesign,
  { confidence, seed }: { readonly confidence: number; readonly seed: number },
): EstimatedDifference {
  // Drawn from one side always, so that a against b and b against a are the same finding.
  const differing = a.cells.findIndex((cell, row) => cell !== b.cells[row])
  if (a.cells[differing]! > b.cells[differing]!) return mirrored(differenceOfCells(b, a, design, { confidence, seed }))
  const units = unitsOf(a, design)
  const n = a.cells.length
  const test = 'paired-bayesian-bootstrap'
  const pairs = jointCells(a, b)
  const [sumsA, sumsB] = [cellSums(a.cells, a.size, design.weights), cellSums(b.cells, b.size, design.weights)]
  const value = a.at(sumsA) - b.at(sumsB)
  if (!Number.isFinite(value) || (design.clusters !== null && units.count < 2))
    return { value, n, interval: null, pValue: null, test }
  const sums = cellSums(pairs.pairOf, pairs.a.length, design.weights)
  const counts = effectiveCounts(sums, units, confidence, () => {
    const [slopesA, slopesB] = [cellSlopes(a, sumsA), cellSlopes(b, sumsB)]
    const slopes = Float64Array.from(pairs.a, (cell, pair) => slopesA[cell]! - slopesB[pairs.b[pair]!]!)
    return { slopes, influence: influenceOfCells(pairs.pairOf, slopes, units) }
  })
  const [sharesA, sharesB] = [new Float64Array(a.size), new Float64Array(b.size)]
  const unseen = unseenPair(a, b, pairs)
  const replicates = bayesianReplicates(
    {
      counts,
      size: Math.min(a.size * b.size, MOST_PAIRS),
      at: (shares, rest, random) => {
        sharesA.fill(0)
        sharesB.fill(0)
        for (let pair = 0; pair < shares.length; pair++) {
          sharesA[pairs.a[pair]!]! += shares[pair]!
          sharesB[pairs.b[pair]!]! += shares[pair]!
        }
        const [cellA, cellB] = unseen(random)
        sharesA[cellA]! += rest
        sharesB[cellB]! += rest
        return a.at(sharesA) - b.at(sharesB)
      },
    },
    seed,
  )
  const interval = replicatesInterval({ estimate: value, replicates, confidence, method: 'percentile' })
  if (interval === null) return { value, n, interval, pValue: null, test }
  const atMost = replicates.filter((replicate) => replicate <= 0).length
  const atLeast = replicates.filter((replicate) => replicate >= 0).length
  const pValue = value === 0 ? 1 : Math.min(1, Math.max(1, 2 * Math.min(atMost, atLeast)) / (replicates.length + 1))
  return { value, n, interval: { ...interval, method: test }, pValue, test }
}

function mirrored(difference: EstimatedDifference): EstimatedDifference {
  const { value, interval } = difference
  return { ...difference, value: -value, interval: interval && { ...interval, lower: -interval.upper!, upper: -interval.lower! } }
}

/** More pairs than this are not thought of: the weight of one row, spread over them, would be nothing on each that was seen. */
const MOST_PAIRS = 1e6

/** Draws a pair of cells that no row is in. What is in one group by a is in it by b: the truth of a row does not depend on the model. */
function unseenPair(
  a: CellStatistic,
  b: CellStatistic,
  pairs: { readonly a: Int32Array; readonly b: Int32Array },
): (random: Random) => readonly [number, number] {
  const seen = new Set(Array.from(pairs.a, (cell, pair) => cell * b.size + pairs.b[pair]!))
  const fits = (i: number, j: number): boolean => !seen.has(i * b.size + j) && a.groups?.[i] === b.groups?.[j]
  return (random) => {
    for (let attempt = 0; attempt < 100; attempt++) {
      const [i, j] = [random.integer(a.size), random.integer(b.size)]
      if (fits(i, j)) return [i, j]
    }
    const pair = random.integer(pairs.a.length)
    return [pairs.a[pair]!, pairs.b[pair]!]
  }
}
