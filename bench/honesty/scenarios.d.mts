import type { Random } from '../../src/stats/random.ts'
import type { CellStatistic, SampleDesign, Statistic } from '../../src/stats/statistic.ts'

/** A sample of which the true value is known; with `b`, of the difference a − b. */
export interface Drawn {
  readonly a: Statistic
  readonly b?: Statistic
  readonly truth: number
  readonly design: SampleDesign
}
export type Draw = (random: Random, n: number) => Omit<Drawn, 'design'> & { readonly design?: SampleDesign }
type NormalCdf = (x: number) => number
type OfCells = (k: number) => (counts: Float64Array) => number

export function accuracy(low: number, high: number): Draw
export function clusteredAccuracy(
  clusters: number,
  low: number,
  high: number,
  icc: number,
  sizes?: readonly [fewest: number, most: number],
): Draw
export function weightedAccuracy(low: number, high: number): Draw
export function confusion(shares: readonly number[], at: (counts: Float64Array) => number, clusterSize?: number): Draw
export function regression(metric: 'rmse' | 'mae' | 'r2', degrees: number): Draw
export function probabilities(metric: 'log-loss' | 'brier', sureness: number): Draw
export function calibrationError(sureness: number): Draw
export function area(normalCdf: NormalCdf, share: number, low: number, high: number, size?: number, icc?: number): Draw
export function spearman(rho: number): Draw
export function prArea(normalCdf: NormalCdf, share: number, shift: number): Draw
export function pairedAccuracy(discordance: number, low: number, high: number, clusterSize?: number): Draw
export function pairedConfusion(
  shares: readonly number[],
  statisticOf: (cells: Int32Array) => { readonly statistic: Statistic; readonly at: (counts: Float64Array) => number },
  differing: number,
): Draw
export function pairedArea(normalCdf: NormalCdf, share: number, shiftA: number, shiftB: number): Draw
export function pairedLoss(sureness: number): Draw
export function cellsWith(
  k: number,
  at: OfCells,
): (cells: Int32Array) => { readonly statistic: CellStatistic; readonly at: (counts: Float64Array) => number }
export const macroF1: OfCells
export const mcc: OfCells

export interface Misses {
  readonly runs: number
  /** Intervals that lie wholly above the truth, and wholly below it. */
  readonly above: number
  readonly below: number
  /** Samples without an interval. */
  readonly missing: number
  /** Of all intervals together. */
  readonly width: number
}
export function misses(
  draw: Draw,
  intervalOf: (drawn: Drawn, seed: number) => { readonly lower: number | null; readonly upper: number | null } | null,
  settings: { readonly random: Random; readonly n: number; readonly runs: number },
): Misses
