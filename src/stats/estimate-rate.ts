import type { Interval } from '../core/check.ts'
import { effectiveRows, kishRows } from './design-effect.ts'
import type { Estimated, EstimateOptions } from './estimated.ts'
import { influenceOfRate, standardErrorOf, unitsOn } from './influence.ts'
import { twoSidedT } from './mean.ts'
import { twoSidedZ } from './normal.ts'
import { clopperPearson, wilson, wilsonAround } from './proportion.ts'
import { samplingUnits } from './sampling-units.ts'
import type { Rate, SampleDesign } from './statistic.ts'
import { valueOf } from './value-of.ts'

/**
 * Wilson's interval of a share. Under weights and clusters it is Wilson's for the number of rows that the share's sandwich variance
 * is worth, with Student's t of the clusters less one: it stays inside [0, 1] and holds out when all rows or none are hits.
 */
export function estimateRate(rate: Rate, design: SampleDesign, confidence: number, method: RateInterval = 'wilson'): Estimated {
  const { hits, counted, map = (share) => share } = rate
  const n = counted === null ? hits.length : counted.reduce((sum, is) => sum + is, 0)
  const share = valueOf({ kind: 'rate', hits, counted }, design.weights)
  const interval = Number.isNaN(share) ? null : shareInterval(rate, share, n, design, { confidence, method })
  return { value: map(share), n, interval: interval && { ...interval, lower: map(interval.lower), upper: map(interval.upper) } }
}

type RateInterval = NonNullable<EstimateOptions['rateInterval']>
type Bounded = Interval & { lower: number; upper: number }

function shareInterval(
  { hits, counted }: Rate,
  share: number,
  n: number,
  design: SampleDesign,
  { confidence, method }: { readonly confidence: number; readonly method: RateInterval },
): Bounded | null {
  if (design.weights === null && design.clusters === null)
    return (method === 'wilson' ? wilson : clopperPearson)(Math.round(share * n), n, confidence)
  const all = samplingUnits(hits.length, design)
  const count = counted === null ? all.count : unitsOn(counted, 1, all)
  if (count < 2 && design.clusters !== null) return null
  const kish = kishRows(design.weights, hits.length, (row) => counted?.[row] !== 0)
  const squares = standardErrorOf(influenceOfRate({ kind: 'rate', hits, counted }, all)) ** 2
  const variance = (squares * (all.count - 1) * count) / (all.count * (count - 1))
  const rows = effectiveRows({ rowVariance: share * (1 - share), variance }, mostRows(hits, counted, n), kish, count)
  const deviate = twoSidedT(confidence, Math.max(1, count - 1))
  const worth = rows * (twoSidedZ(confidence) / deviate) ** 2
  const ends = method === 'wilson' ? wilsonAround(share, rows, deviate) : clopperPearson(share * worth, worth, confidence)
  return { ...ends, confidence, method: `${method}-${design.clusters === null ? 'weighted' : 'clustered'}` }
}

/**
 * Weights that were made for it let rows say more than as many equal ones would. With few rows of either kind that is more likely luck.
 */
function mostRows(hits: Uint8Array, counted: Uint8Array | null, n: number): number {
  let of = 0
  for (let row = 0; row < hits.length; row++) if (hits[row] === 1 && counted?.[row] !== 0) of++
  return Math.min(of, n - of) < 10 ? n : Infinity
}
