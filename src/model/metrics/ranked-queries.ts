import type { ScoredRanking } from '../scored.ts'
import { descendingOrder } from '../../stats/descending-order.ts'

/** The rows of one query from the highest score down, in groups of equal scores. */
export interface RankedQuery {
  /** How relevant the rows are, in the order of their scores. */
  readonly relevance: Float64Array
  /** For each group of equal scores, one past its last row. */
  readonly ends: readonly number[]
}

/** What `of` gives for each query. */
export function ofQueries(
  { truth, predicted, queries, queryCount, rowCount }: ScoredRanking,
  of: (query: RankedQuery) => number,
): Float64Array {
  const starts = new Int32Array(queryCount + 1)
  for (const query of queries) starts[query + 1]!++
  for (let query = 0; query < queryCount; query++) starts[query + 1]! += starts[query]!
  const order = new Uint32Array(rowCount)
  const next = starts.slice()
  for (const row of descendingOrder(predicted)) order[next[queries[row]!]!++] = row
  return Float64Array.from({ length: queryCount }, (_, query) => {
    const rows = order.subarray(starts[query], starts[query + 1])
    const ends = [...rows.keys()].flatMap((i) =>
      i + 1 < rows.length && predicted[rows[i + 1]!] === predicted[rows[i]!] ? [] : [i + 1],
    )
    return of({ relevance: Float64Array.from(rows, (row) => truth[row]!), ends })
  })
}

/**
 * Normalised discounted cumulative gain of the first k: Σ relevance / log₂(1 + rank), over the same of the best order; 0 when nothing
 * is relevant. Rows of equal score share the mean of their gains: what all their orders give on average, as in scikit-learn
 * (McSherry and Najork 2008).
 */
export function ndcg({ relevance, ends }: RankedQuery, k: number): number {
  const discount = (rank: number): number => (rank < k ? 1 / Math.log2(rank + 2) : 0)
  let gain = 0
  let start = 0
  for (const end of ends) {
    let [sum, discounts] = [0, 0]
    for (let rank = start; rank < end; rank++) {
      sum += relevance[rank]!
      discounts += discount(rank)
    }
    gain += (sum / (end - start)) * discounts
    start = end
  }
  let best = 0
  const ideal = relevance.toSorted().toReversed()
  for (let rank = 0; rank < Math.min(k, ideal.length); rank++) best += ideal[rank]! * discount(rank)
  return best > 0 ? gain / best : 0
}

/**
 * Average precision of the first k: Σ precision at the rank of each relevant row, over the number of relevant rows or k if that is less.
 * Of rows of equal score, the mean over their orders (McSherry and Najork 2008).
 */
export function averagePrecisionAt({ relevance, ends }: RankedQuery, k: number): number {
  let [sum, before, start] = [0, 0, 0]
  for (const end of ends) {
    const size = end - start
    const relevant = countRelevant(relevance, start, end)
    for (let place = 0; place < size && start + place < k; place++) {
      // Given that this place holds a relevant row, how many of the places before it in the group do on average.
      const earlier = size > 1 ? (place * (relevant - 1)) / (size - 1) : 0
      sum += ((relevant / size) * (before + 1 + earlier)) / (start + place + 1)
    }
    before += relevant
    start = end
  }
  return before > 0 ? sum / Math.min(before, k) : 0
}

/** 1 / rank of the first relevant row, 0 when none is among the first k; of rows of equal score, the mean over their orders. */
export function reciprocalRank({ relevance, ends }: RankedQuery, k: number): number {
  let start = 0
  for (const end of ends) {
    const size = end - start
    const relevant = countRelevant(relevance, start, end)
    if (relevant > 0) {
      let [mean, stillNone] = [0, 1]
      for (let place = 0; place <= size - relevant && start + place < k; place++) {
        const first = relevant / (size - place)
        mean += (stillNone * first) / (start + place + 1)
        stillNone *= 1 - first
      }
      return mean
    }
    start = end
  }
  return 0
}

function countRelevant(relevance: Float64Array, start: number, end: number): number {
  let count = 0
  for (let rank = start; rank < end; rank++) if (relevance[rank]! > 0) count++
  return count
}
