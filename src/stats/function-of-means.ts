import type { Interval } from '../core/check.ts'
import { twoSidedZ } from './normal.ts'
import { seededRandom } from './random.ts'
import { replicatesInterval } from './replicates.ts'

/** Above this many rows the normal interval agrees with the bootstrap and costs one pass instead of two thousand. */
const LARGEST_BOOTSTRAP = 10_000
const REPLICATES = 2000

export interface MeansOptions {
  /** Default 0.95. */
  readonly confidence?: number
  readonly seed?: number
}

/**
 * The interval of a statistic that is a smooth function of row means: a mean loss, √ of a mean square, R², a standard deviation.
 * `terms` has one array per mean, all of the same length; `statistic` maps the means to the value.
 *
 * BCa bootstrap over rows (Efron 1987) up to 10,000 rows, its acceleration from the jackknife; the jackknife's normal interval
 * above. Null when the rows say nothing of the spread: fewer than two, or all alike.
 */
export function functionOfMeansInterval(
  terms: readonly Float64Array[],
  statistic: (means: Float64Array) => number,
  { confidence = 0.95, seed = 1 }: MeansOptions = {},
): Interval | null {
  const n = terms[0]?.length ?? 0
  if (n < 2) return null
  const sums = Float64Array.from(terms, (term) => term.reduce((sum, x) => sum + x, 0))
  const estimate = statistic(sums.map((sum) => sum / n))
  const { variance, acceleration } = jackknife(terms, sums, statistic)
  if (!Number.isFinite(estimate) || !(variance > 0)) return null
  if (n > LARGEST_BOOTSTRAP) {
    const half = twoSidedZ(confidence) * Math.sqrt(variance)
    return { lower: estimate - half, upper: estimate + half, confidence, method: 'jackknife' }
  }
  const replicates = resample(terms, statistic, seed)
  return replicatesInterval({ estimate, replicates, confidence, method: 'bca', acceleration })
}

/** Variance and acceleration from the values with each row left out; one pass, since means are updated by subtraction. */
function jackknife(
  terms: readonly Float64Array[],
  sums: Float64Array,
  statistic: (means: Float64Array) => number,
): { variance: number; acceleration: number } {
  const n = terms[0]!.length
  const means = new Float64Array(terms.length)
  const without = new Float64Array(n)
  let total = 0
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < terms.length; t++) means[t] = (sums[t]! - terms[t]![i]!) / (n - 1)
    total += without[i] = statistic(means)
  }
  let squares = 0
  let cubes = 0
  for (const value of without) {
    const influence = total / n - value
    squares += influence ** 2
    cubes += influence ** 3
  }
  const scale = Math.abs(total / n) * 1e-12
  const spread = squares <= n * scale * scale ? 0 : squares
  return { variance: ((n - 1) / n) * spread, acceleration: spread > 0 ? cubes / (6 * squares ** 1.5) : 0 }
}

function resample(terms: readonly Float64Array[], statistic: (means: Float64Array) => number, seed: number): Float64Array {
  const n = terms[0]!.length
  const random = seededRandom(seed)
  const means = new Float64Array(terms.length)
  return Float64Array.from({ length: REPLICATES }, () => {
    means.fill(0)
    for (let i = 0; i < n; i++) {
      const row = random.integer(n)
      for (let t = 0; t < terms.length; t++) means[t]! += terms[t]![row]!
    }
    for (let t = 0; t < terms.length; t++) means[t]! /= n
    return statistic(means)
  })
}
