import { twoSidedT } from './mean.ts'

/**
 * The interval of a distance from replicates of it. Noise makes a sum of distances larger by as much as it is itself: a mean of
 * |N(0, σ)| is 0.8 σ where the truth is 0, and that of a replicate, whose truth is the estimate, is √2 times that. In squares, then, what
 * replicates add is what the estimate has too much: 2 · estimate² − mean(replicate)² is 0 on average where the truth is 0, and the truth
 * where noise is small. The standard error is that of the replicates' squares, less what their own noise adds to it.
 */
export function distanceInterval(
  value: number,
  replicates: Float64Array,
  confidence: number,
  degrees: number,
): { readonly lower: number; readonly upper: number } | null {
  const defined = replicates.filter(Number.isFinite)
  if (!Number.isFinite(value) || defined.length < 0.99 * replicates.length) return null
  const mean = meanOf(defined)
  const squares = defined.map((replicate) => replicate * replicate)
  const meanSquare = meanOf(squares)
  const deviation = Math.sqrt(meanOf(squares.map((square) => (square - meanSquare) ** 2)))
  if (!(deviation > 0)) return null
  const centre = 2 * value ** 2 - mean ** 2
  const half = twoSidedT(confidence, degrees) * deviation * Math.min(1, value / mean)
  return {
    lower: Math.min(value, Math.sqrt(Math.max(0, centre - half))),
    upper: Math.max(value, Math.sqrt(Math.max(0, centre + half))),
  }
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
