import type { ScoredRanking } from '../scored.ts'
import { COUNT_OR_ALL } from './count-parameter.ts'
import { always, defineKind } from './define-kind.ts'
import type { MetricKind } from './metric-kind.ts'
import { averagePrecisionAt, ndcg, ofQueries, reciprocalRank, type RankedQuery } from './ranked-queries.ts'
import { mean } from './set-scores.ts'
import { INTERVALS } from './interval-words.ts'

interface OfQuery {
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly reference: string
  readonly differs?: string
  readonly of: (query: RankedQuery, k: number) => number
}

/** The mean over the queries, each of which is one draw from the world. */
function ofQuery({ of, title, ...kind }: OfQuery): MetricKind {
  return defineKind({
    ...kind,
    title,
    good: 'high',
    parameter: COUNT_OR_ALL,
    interval: `${INTERVALS.means}, a query as a row`,
    shown: { ranking: always },
    of: {
      ranking: (scored, k) => {
        const idle = queriesWithoutRelevance(scored)
        return {
          title: k === Infinity ? title : `${title}@${k}`,
          statistic: mean(
            ofQueries(scored, (query) => of(query, k)),
            [0, 1],
          ),
          ...(idle > 0 && { note: `${idle} of ${scored.queryCount} queries have no relevant row and count as 0` }),
        }
      },
    },
  })
}

function queriesWithoutRelevance({ truth, queries, queryCount }: ScoredRanking): number {
  const has = new Uint8Array(queryCount)
  for (let row = 0; row < truth.length; row++) if (truth[row]! > 0) has[queries[row]!] = 1
  return queryCount - has.reduce((sum, is) => sum + is, 0)
}

const TIES =
  'Rows of equal score count by the mean over their orders (McSherry and Najork 2008), so that the order of the file does not matter.'

/** Metrics of rankings. */
export const RANKING_METRICS: readonly MetricKind[] = [
  ofQuery({
    name: 'ndcg',
    title: 'NDCG',
    summary: 'Mean over the queries of Σ relevance / log₂(1 + rank) of the first k rows, over the same of the best order.',
    reference: 'sklearn.metrics.ndcg_score',
    differs: 'Queries differ in their number of rows, which may be one.',
    of: ndcg,
  }),
  ofQuery({
    name: 'map',
    title: 'MAP',
    summary:
      'Mean over the queries of the average precision of the first k rows: Σ precision at each relevant row, over the number of relevant rows or k if that is less. Relevant is what has a relevance above 0.',
    reference: 'mean of sklearn.metrics.average_precision_score over the queries',
    differs: `${TIES} scikit-learn gives them one precision, and has no k.`,
    of: averagePrecisionAt,
  }),
  ofQuery({
    name: 'mrr',
    title: 'MRR',
    summary: 'Mean over the queries of 1 / rank of the first relevant row, 0 when none is among the first k.',
    reference: 'Voorhees 1999, in NumPy',
    differs: TIES,
    of: reciprocalRank,
  }),
]
