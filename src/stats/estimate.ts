import type { Interval } from '../core/check.ts'
import { seededRandom, type Random } from './random.ts'
import { replicatesInterval } from './replicates.ts'
import { rocAuc } from './roc-auc.ts'
import { rowsOf, SIMPLE_SAMPLE, type SampleDesign, type Statistic } from './statistic.ts'

export interface EstimateOptions {
  /** Of the interval; default 0.95. */
  readonly confidence?: number
  /** Of the bootstrap, so that the same data give the same interval; default 1. */
  readonly seed?: number
}

export interface Estimated {
  /** NaN when it is not defined on these rows. */
  readonly value: number
  /** Null when the rows do not tell how sure the value is. */
  readonly interval: Interval | null
  /** The rows that the value rests on. */
  readonly n: number
}

/** The difference a − b of one statistic on the same rows, as two models answered them. */
export interface EstimatedDifference extends Estimated {
  /** Two-sided, of the hypothesis that there is no difference; null when it cannot be had. */
  readonly pValue: number | null
  /** `mcnemar-mid-p`, `delong`, `paired-bootstrap`, … */
  readonly test: string
}

/** The value of a statistic on weighted rows. */
export function valueOf(statistic: Statistic, weights: Float64Array | null = null): number {
  const n = rowsOf(statistic)
  const weight = (row: number): number => weights?.[row] ?? 1
  switch (statistic.kind) {
    case 'rate': {
      const { hits, counted, map = (share) => share } = statistic
      let [of, all] = [0, 0]
      for (let row = 0; row < n; row++) {
        if (counted?.[row] === 0) continue
        all += weight(row)
        if (hits[row] === 1) of += weight(row)
      }
      return map(of / all)
    }
    case 'cells': {
      const counts = new Float64Array(statistic.size)
      for (let row = 0; row < n; row++) counts[statistic.cells[row]!]! += weight(row)
      return statistic.at(counts)
    }
    case 'means': {
      let total = 0
      for (let row = 0; row < n; row++) total += weight(row)
      return statistic.at(
        Float64Array.from(statistic.terms, (term) => {
          let sum = 0
          for (let row = 0; row < n; row++) sum += weight(row) * term[row]!
          return sum / total
        }),
      )
    }
    case 'area': {
      const area = ({ scores, side }: (typeof statistic.curves)[number]): number => {
        const rows = [...scores.keys()].filter((row) => side[row] !== 2).flatMap((row) => Array<number>(weight(row)).fill(row))
        return (
          rocAuc(
            Float64Array.from(rows, (row) => scores[row]!),
            (i) => side[rows[i]!] === 1,
          )?.auc ?? Number.NaN
        )
      }
      return statistic.curves.reduce((sum, curve) => sum + curve.share * area(curve), 0)
    }
    case 'rows':
      return statistic.at(weights ?? new Float64Array(n).fill(1))
  }
}

/** A statistic with its interval. */
export function estimate(
  statistic: Statistic,
  design: SampleDesign = SIMPLE_SAMPLE,
  { confidence = 0.95, seed = 1 }: EstimateOptions = {},
): Estimated {
  const value = valueOf(statistic, design.weights)
  const n = rowsOf(statistic)
  const replicates = resampled(n, design, seed, (weights) => valueOf(statistic, weights))
  return { value, n, interval: replicatesInterval({ estimate: value, replicates, confidence, method: 'percentile' }) }
}

/** The difference of two statistics on the same rows, with its interval: both are resampled together. */
export function estimateDifference(
  a: Statistic,
  b: Statistic,
  design: SampleDesign = SIMPLE_SAMPLE,
  { confidence = 0.95, seed = 1 }: EstimateOptions = {},
): EstimatedDifference {
  const difference = (weights: Float64Array | null): number => valueOf(a, weights) - valueOf(b, weights)
  const value = difference(design.weights)
  const n = rowsOf(a)
  const replicates = resampled(n, design, seed, difference)
  const below = replicates.filter((replicate) => replicate <= 0).length / replicates.length
  return {
    value,
    n,
    interval: replicatesInterval({ estimate: value, replicates, confidence, method: 'percentile' }),
    pValue: Math.min(1, 2 * Math.min(below, 1 - below)),
    test: 'paired-bootstrap',
  }
}

const REPLICATES = 500

/** The statistic on rows, or on whole clusters, drawn again with replacement. */
function resampled(n: number, design: SampleDesign, seed: number, at: (weights: Float64Array) => number): Float64Array {
  const random = seededRandom(seed)
  const clusterCount = design.clusters?.reduce((most, cluster) => Math.max(most, cluster + 1), 0) ?? n
  return Float64Array.from({ length: REPLICATES }, () => {
    const times = drawn(clusterCount, random)
    return at(Float64Array.from({ length: n }, (_, row) => times[design.clusters?.[row] ?? row]! * (design.weights?.[row] ?? 1)))
  })
}

function drawn(count: number, random: Random): Float64Array {
  const times = new Float64Array(count)
  for (let i = 0; i < count; i++) times[random.integer(count)]!++
  return times
}
