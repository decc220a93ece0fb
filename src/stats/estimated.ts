import type { Interval } from '../core/check.ts'

export interface EstimateOptions {
  /** Of the interval; default 0.95. */
  readonly confidence?: number
  /** Of the bootstrap, so that the same data give the same interval; default 1. */
  readonly seed?: number
  /**
   * The interval of a rate. Wilson's (the default) holds the truth as often as is said on average over true values; that of Clopper and
   * Pearson never less often, whatever the true value, and is wider for it.
   */
  readonly rateInterval?: 'wilson' | 'clopper-pearson'
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
