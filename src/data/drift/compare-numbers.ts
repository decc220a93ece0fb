import type { Histogram } from '../../core/column-profile.ts'
import { jensenShannonDivergence, populationStabilityIndex } from '../../stats/divergence.ts'
import { kolmogorovSmirnov } from '../../stats/kolmogorov-smirnov.ts'
import { total, type TwoSampleCounts } from '../../stats/two-sample-counts.ts'
import { standardDeviation, wasserstein } from '../../stats/wasserstein.ts'
import type { NumberDrift, Pair } from './facts.ts'

/** Ten, as those do who made the rules of thumb for PSI: an index over other bins could not be compared with them. */
const BINS = 10
const BARS = 20

/**
 * Compares two samples of numbers; null when one has none.
 *
 * @param inRanges the counts are of ranges that end at each value, so what happens inside a range is not known
 */
export function compareNumbers(counts: TwoSampleCounts, inRanges = false): NumberDrift | null {
  const test = kolmogorovSmirnov(counts)
  if (!test) return null
  const distance = wasserstein(counts)
  const deviation = standardDeviation(counts.values, counts.reference)
  const bins = quantileBins(counts)
  return {
    statistic: test.statistic,
    at: test.at,
    below: { reference: test.referenceBelow, current: test.currentBelow },
    pValue: test.pValue,
    exactPValue: test.exact,
    errorBound: inRanges ? insideRanges(counts) - test.statistic : 0,
    wasserstein: distance,
    wassersteinInDeviations: deviation > 0 && Number.isFinite(distance) ? distance / deviation : null,
    psi: populationStabilityIndex(bins.reference, bins.current),
    jensenShannon: Math.sqrt(jensenShannonDivergence(bins.reference, bins.current)),
    bins: bins.reference.length,
    median: { reference: quantile(counts, 'reference', 0.5), current: quantile(counts, 'current', 0.5) },
    histogram: histograms(counts),
  }
}

/** The largest the statistic can be, wherever in its range each value lies. */
function insideRanges({ values, reference, current }: TwoSampleCounts): number {
  const [n, m] = [total(reference), total(current)]
  let [difference, largest] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const [p, q] = [reference[i]! / n, current[i]! / m]
    largest = Math.max(largest, difference + p, q - difference)
    difference += p - q
  }
  return Math.min(1, largest)
}

/** Counts in ranges that end at the reference's deciles; ties make ranges fewer, never a range without reference rows. */
function quantileBins({ values, reference, current }: TwoSampleCounts): Pair<Float64Array> {
  const n = total(reference)
  const bins: [number, number][] = []
  let [inBin, inCurrent, below] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    inBin += reference[i]!
    inCurrent += current[i]!
    below += reference[i]!
    const isFull = inBin > 0 && below >= (Math.floor(((below - inBin) * BINS) / n + 1e-9) + 1) * (n / BINS) - 1e-9
    if (isFull && below < n) {
      bins.push([inBin, inCurrent])
      inBin = inCurrent = 0
    }
  }
  bins.push([inBin, inCurrent])
  return { reference: Float64Array.from(bins, ([a]) => a), current: Float64Array.from(bins, ([, b]) => b) }
}

/** The smallest value with at least this share of the sample at or below it. */
export function quantile(counts: TwoSampleCounts, which: 'reference' | 'current', p: number): number {
  const wanted = p * total(counts[which])
  let below = 0
  for (let i = 0; i < counts.values.length; i++) {
    below += counts[which][i]!
    if (below >= wanted && counts[which][i]! > 0) return counts.values[i]!
  }
  return Number.NaN
}

/**
 * Both samples over the same bars: equal widths between the outermost percentiles of both, and a bar on each side for what lies beyond, so
 * that one far value does not press all others into one bar. Infinite values are in the outermost.
 */
function histograms(counts: TwoSampleCounts): Pair<Histogram> {
  const { values } = counts
  const low = Math.min(quantile(counts, 'reference', 0.01), quantile(counts, 'current', 0.01))
  const high = Math.max(quantile(counts, 'reference', 0.99), quantile(counts, 'current', 0.99))
  const finite = values.filter(Number.isFinite)
  const inner = Array.from({ length: BARS + 1 }, (_, i) => low + ((high - low) * i) / BARS)
  const edges = [...new Set([finite[0] ?? 0, ...inner.filter(Number.isFinite), finite.at(-1) ?? 0])].toSorted((a, b) => a - b)
  if (edges.length === 1) edges.push(edges[0]!)
  const fill = (of: Float64Array): Histogram => {
    const bars = Array.from({ length: edges.length - 1 }, () => 0)
    let bar = 0
    for (let i = 0; i < values.length; i++) {
      while (bar < bars.length - 1 && values[i]! >= edges[bar + 1]!) bar++
      bars[bar]! += of[i]!
    }
    return { edges, counts: bars }
  }
  return { reference: fill(counts.reference), current: fill(counts.current) }
}
