import type { Interval } from '../core/check.ts'
import { betaCdf } from './beta.ts'
import { logChoose } from './proportion-test.ts'
import { twoSidedZ } from './normal.ts'

/** How two models answered the same rows. Need not be whole numbers: weighted rows are worth fractions. */
export interface PairedCount {
  /** Rows that a has right and b has not. */
  readonly onlyA: number
  /** Rows that b has right and a has not. */
  readonly onlyB: number
  /** All rows, those on which both agree among them. */
  readonly rows: number
}

type Bounded = Interval & { lower: number; upper: number }

/**
 * McNemar's test of equal shares, with the mid-p value: the exact two-sided value less the chance of the table that was seen
 * (Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13 (2013)). The exact one is too cautious. 1 where nothing differs.
 */
export function mcnemarMidP(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB
  if (n === 0) return 1
  const least = Math.min(onlyA, onlyB)
  const here = Math.exp(logChoose(n, least) - n * Math.LN2)
  // P(Bin(n, ½) ≤ k) = I_½(n − k, k + 1)
  const atMost = least >= n / 2 ? 1 : betaCdf(0.5, n - least, least + 1)
  return Math.min(1, Math.min(1, 2 * atMost) - here)
}

/**
 * Tango's score interval of the difference a − b of two shares of the same rows (Statistics in Medicine 17 (1998)): the differences
 * that a score test does not reject. `deviate` takes the place of the normal one.
 */
export function tango({ onlyA, onlyB, rows }: PairedCount, confidence = 0.95, deviate = twoSidedZ(confidence)): Bounded {
  const estimate = (onlyA - onlyB) / rows
  const isInside = (difference: number): boolean => {
    const b = (2 * rows - onlyA + onlyB) * difference - onlyA - onlyB
    const c = -onlyB * difference * (1 - difference)
    const shareB = (Math.sqrt(Math.max(0, b * b - 8 * rows * c)) - b) / (4 * rows)
    const variance = rows * (2 * shareB + difference * (1 - difference))
    return (onlyA - onlyB - rows * difference) ** 2 <= deviate * deviate * Math.max(0, variance)
  }
  const end = (furthest: -1 | 1): number => {
    let [inside, outside] = [estimate, furthest as number]
    for (let i = 0; i < 60; i++) {
      const middle = (inside + outside) / 2
      if (isInside(middle)) inside = middle
      else outside = middle
    }
    return inside
  }
  return { lower: end(-1), upper: end(1), confidence, method: 'tango' }
}

/** The interval of Bonett and Price (Journal of Educational and Behavioral Statistics 37 (2012)): Wald's with a row added to each side. */
export function bonettPrice({ onlyA, onlyB, rows }: PairedCount, confidence = 0.95): Bounded {
  const [a, b] = [(onlyA + 1) / (rows + 2), (onlyB + 1) / (rows + 2)]
  const half = twoSidedZ(confidence) * Math.sqrt((a + b - (a - b) ** 2) / (rows + 2))
  return { lower: Math.max(-1, a - b - half), upper: Math.min(1, a - b + half), confidence, method: 'bonett-price' }
}
