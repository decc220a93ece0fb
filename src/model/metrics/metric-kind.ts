import type { Statistic } from '../../stats/statistic.ts'
import type { Scored, Task } from '../scored.ts'

/**
 * A metric, as the catalogue knows it. What it measures is a `Statistic`; how sure that is, how two models compare by it on the
 * same rows, and what a gate on it costs, follow from the form of the statistic and are written once, in `stats/`.
 */
export interface MetricKind {
  /** In kebab case: `f-beta`, `roc-auc`. A parameter follows an @: `f-beta@2`, `ndcg@10`. */
  readonly name: string
  /** As a sentence begins with it: `Accuracy`. */
  readonly title: string
  /** One sentence for the reference: what it is, with its formula. */
  readonly summary: string
  readonly tasks: readonly Task[]
  /** Whether more or less is better. */
  readonly good: 'high' | 'low'
  readonly parameter?: MetricParameter
  /** How its interval is made, in words, for the reference. */
  readonly interval: string
  /** The function that it equals, such as `sklearn.metrics.fbeta_score(average='macro')`, or the paper that defines it. */
  readonly reference: string
  /** Where it differs from the reference, and how. */
  readonly differs?: string
  /** Whether a report that names no metrics shows it for these rows; never by default. */
  shown?(scored: Scored): boolean
  /** `parameter` is its default where none was given. */
  of(scored: Scored, parameter: number, settings: MetricSettings): Readout
}

export interface MetricParameter {
  /** `beta`, `k`, `alpha` */
  readonly name: string
  /** Null when it has to be given. */
  readonly default: number | null
  /** What is allowed, in words: `a whole number from 1`. */
  readonly allowed: string
  isAllowed(value: number): boolean
}

/** What some metrics need beside the rows. */
export interface MetricSettings {
  /** What it costs to predict a class (inner key) where another is true (outer key); what is not named costs 0. */
  readonly costs?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined
  /** Metrics of the user's own, which go before those of the catalogue. */
  readonly own?: readonly MetricKind[] | undefined
}

/** A metric on given rows: what is to be estimated, or why nothing is. */
export type Readout =
  | {
      /** `Recall of "yes"` */
      readonly title: string
      readonly statistic: Statistic
      /** A caution about the value, such as a convention that stands in for a division by zero. */
      readonly note?: string
    }
  | {
      readonly title: string
      /** `error` when there should be a value, `skip` when the model gives nothing to measure it on. */
      readonly problem: { readonly verdict: 'error' | 'skip'; readonly reason: string }
    }
