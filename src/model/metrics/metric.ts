import type { Interval, Measurement } from '../../core/check.ts'

/** One metric of a scored data set. */
export interface Metric {
  /** `accuracy`, `f1-weighted`, `roc-auc`, … */
  readonly name: string
  /** As a sentence begins with it: `Accuracy`, `Weighted F1`. */
  readonly title: string
  /** Null when it could not be measured, and `problem` says why. */
  readonly value: number | null
  readonly interval: Interval | null
  /** The rows that the value rests on. */
  readonly n: number
  /** Why there is no value: `error` when there should be one, `skip` when the model gives nothing to measure it on. */
  readonly problem?: { readonly verdict: 'error' | 'skip'; readonly reason: string }
  /** A caution about the value, such as a convention that stands in for a division by zero. */
  readonly note?: string
}

/** A metric as it stands in a file: all that is known of it, a problem as its reason. */
export function asDocument({ name, title, value, interval, n, problem, note }: Metric): Record<string, unknown> {
  return { name, title, value, interval, n, ...(problem && { problem: problem.reason }), ...(note && { note }) }
}

/** A metric as a report carries it. */
export function asMeasurement({ name, value, interval, n }: Metric): Measurement {
  return { name, value, n, ...(interval && { interval }) }
}
