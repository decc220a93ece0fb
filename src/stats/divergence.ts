import { total } from './two-sample-counts.ts'

/**
 * The population stability index Σ (q − p) ln(q / p) of two counted distributions over the same cells: Jeffreys' divergence, in nats. Half a row
 * is added to each cell, since a single empty one would make it infinite. It has no upper end and grows with the number of cells.
 */
export function populationStabilityIndex(reference: Float64Array, current: Float64Array): number {
  const cells = reference.length
  const [n, m] = [total(reference) + cells / 2, total(current) + cells / 2]
  let sum = 0
  for (let i = 0; i < cells; i++) {
    const p = (reference[i]! + 0.5) / n
    const q = (current[i]! + 0.5) / m
    sum += (q - p) * Math.log(q / p)
  }
  return sum
}

/**
 * The Jensen–Shannon divergence in bits (Lin 1991): from 0 for equal distributions to 1 for distributions without a common cell. Its square
 * root is the Jensen–Shannon distance. It needs no smoothing and does not depend on how large the samples are to each other.
 */
export function jensenShannonDivergence(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [total(reference), total(current)]
  let nats = 0
  for (let i = 0; i < reference.length; i++) {
    const p = reference[i]! / n
    const q = current[i]! / m
    const middle = (p + q) / 2
    if (p > 0) nats += (p / 2) * Math.log(p / middle)
    if (q > 0) nats += (q / 2) * Math.log(q / middle)
  }
  return Math.min(1, Math.max(0, nats / Math.LN2))
}

/**
 * What one bit of Jensen–Shannon divergence is worth in chi-squared: for distributions that are close, the divergence in nats is
 * Σ (p − q)² / (p + q) / 4, so the homogeneity statistic of samples of effective size e is about 8 · ln 2 · e · bits.
 */
export const CHI_SQUARED_PER_BIT = 8 * Math.LN2
