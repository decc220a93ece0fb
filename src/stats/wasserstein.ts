import { total, type TwoSampleCounts } from './two-sample-counts.ts'

/**
 * The Wasserstein-1 (earth mover's) distance in the unit of the values: ∫ |F − G|, the area between the cumulative distributions
 * (Vallender 1974). Infinite values are left out. NaN when a sample has no finite value.
 */
export function wasserstein(counts: TwoSampleCounts): number {
  const { values, reference, current } = finite(counts)
  const [n, m] = [total(reference), total(current)]
  if (n === 0 || m === 0) return Number.NaN
  let [a, b, sum] = [0, 0, 0]
  for (let i = 0; i + 1 < values.length; i++) {
    a += reference[i]!
    b += current[i]!
    sum += Math.abs(a / n - b / m) * (values[i + 1]! - values[i]!)
  }
  return sum
}

/** The standard deviation (divisor n − 1) of the finite values that occur this often; NaN without two of them. */
export function standardDeviation(values: Float64Array, counts: Float64Array): number {
  let [n, mean, squares] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const [value, count] = [values[i]!, counts[i]!]
    if (count === 0 || !Number.isFinite(value)) continue
    n += count
    const step = value - mean
    mean += (step * count) / n
    squares += count * step * (value - mean)
  }
  return n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1))
}

function finite({ values, reference, current }: TwoSampleCounts): TwoSampleCounts {
  const from = values.findIndex((value) => value > -Infinity)
  const end = values.findIndex((value) => value === Infinity)
  const slice = (list: Float64Array): Float64Array => list.subarray(Math.max(0, from), end === -1 ? undefined : end)
  return { values: slice(values), reference: slice(reference), current: slice(current) }
}
