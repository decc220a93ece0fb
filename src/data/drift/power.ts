import { roundUpRows } from '../../core/counts.ts'
import { CHI_SQUARED_PER_BIT } from '../../stats/divergence.ts'
import { chiSquaredUpperQuantile } from '../../stats/incomplete-gamma.ts'
import { noncentralityAt } from '../../stats/noncentral-chi-squared.ts'
import { normalQuantile } from '../../stats/normal.ts'
import { effectiveSize } from '../../stats/two-sample-counts.ts'
import type { Pair } from './facts.ts'

/** The chance with which a difference of exactly the limit must be found for a sample to count as large enough. */
const POWER = 0.8

/*
 * The effective sizes nm / (n + m) that a test at level alpha needs to find a difference of the size of the limit with a chance of 80 %.
 */

/** Kolmogorov–Smirnov: at the place of the largest difference its standard error is at most ½ √(1/n + 1/m). */
export function sizeForKolmogorovSmirnov(limit: number, alpha: number): number {
  return ((Math.sqrt(Math.log(2 / alpha) / 2) + normalQuantile(POWER) / 2) / limit) ** 2
}

/** Chi-squared of homogeneity with these degrees of freedom, for a Jensen–Shannon distance. */
export function sizeForChiSquared(limit: number, degrees: number, alpha: number): number {
  const k = Math.max(1, degrees)
  return noncentralityAt(chiSquaredUpperQuantile(alpha, k), k, 1 - POWER) / (CHI_SQUARED_PER_BIT * limit ** 2)
}

/** Two proportions, one of them at `share` and the other `limit` above it (or below, where there is no room above). */
export function sizeForProportions(limit: number, share: number, alpha: number): number {
  const middle = share + limit <= 1 ? share + limit / 2 : share - limit / 2
  return ((normalQuantile(1 - alpha / 2) + normalQuantile(POWER)) / limit) ** 2 * middle * (1 - middle)
}

/** The AUC of rows that are nearly exchangeable: its variance is 1 / (12 e). */
export function sizeForAuc(limit: number, alpha: number): number {
  return ((normalQuantile(1 - alpha) + normalQuantile(POWER)) / (limit - 0.5)) ** 2 / 12
}

/** How many rows would do. */
export type RowsNeeded = { readonly current: number } | { readonly each: number }

/**
 * What it takes to reach an effective size: more current rows alone, where the reference is large enough for that, or as many in each.
 * Null when the size is reached.
 */
export function rowsNeeded(size: number, { reference: n, current: m }: Pair): RowsNeeded | null {
  if (n > 0 && m > 0 && effectiveSize(n, m) >= size) return null
  if (!Number.isFinite(size)) return { each: Infinity }
  // A reference just above the size would ask for a huge number of current rows.
  return n >= 1.25 * size ? { current: roundUpRows(1 / (1 / size - 1 / n)) } : { each: roundUpRows(2 * size) }
}

/**
 * What it takes to find a new category of the limit's share: all t of its rows are in the current data by chance with (m / (n + m))^t, once
 * for each of the categories; and t itself varies as a Poisson count does. Null when there are rows enough.
 */
export function neededForNewCategory(
  limit: number,
  categories: number,
  { reference: n, current: m }: Pair,
  alpha: number,
): RowsNeeded | null {
  const rows = (reference: number, current: number): number => {
    const least = Math.log(Math.max(1, categories) / alpha) / Math.log((reference + current) / current)
    return (least + normalQuantile(POWER) * Math.sqrt(least)) / limit
  }
  if (n > 0 && m > 0 && m >= rows(n, m)) return null
  // More current rows make it likelier that a category is there by chance, so a small reference is never enough.
  for (let more = Math.max(1, m); more <= 10 * n; more *= 1.02) if (more >= rows(n, more)) return { current: roundUpRows(more) }
  return { each: roundUpRows(rows(1, 1)) }
}
