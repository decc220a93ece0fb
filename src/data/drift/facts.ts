import type { Interval } from '../../core/check.ts'
import type { ColumnKind, Histogram } from '../../core/column-profile.ts'
import type { Correction } from '../../stats/adjusted-p-values.ts'

/**
 * How a column of two data sets is compared.
 *
 * - `numbers`: numbers of many values, by their cumulative distributions.
 * - `categories`: text, true/false, and numbers of few values, by how often each value occurs.
 * - `lengths`: text of so many values that it is free text or an identifier; by how long it is.
 * - `times`: only the range is reported, since time moves on.
 * - `identifier`: whole numbers that count the rows; not compared.
 * - `presence`: lists, records and bytes; only whether they are there.
 */
export type Comparison = 'numbers' | 'categories' | 'lengths' | 'times' | 'identifier' | 'presence'

/** Values in the reference and in the current data. */
export interface Pair<T = number> {
  readonly reference: T
  readonly current: T
}

/** Numbers (or lengths of texts) compared by their cumulative distributions. */
export interface NumberDrift {
  /** The largest difference between the cumulative distributions, and where it is. */
  readonly statistic: number
  readonly at: number
  /** The share of values at or below `at`. */
  readonly below: Pair
  readonly pValue: number
  readonly exactPValue: boolean
  /** How much larger the statistic may be: 0, unless values were counted in ranges because there are so many different ones. */
  readonly errorBound: number
  /** Area between the cumulative distributions, in the unit of the values, and in standard deviations of the reference (null when it is 0). */
  readonly wasserstein: number
  readonly wassersteinInDeviations: number | null
  /** Over ranges that hold a tenth of the reference each, or as near to it as ties allow. */
  readonly psi: number
  readonly jensenShannon: number
  readonly bins: number
  readonly median: Pair
  readonly histogram: Pair<Histogram>
}

/** A value and how many rows have it. */
export interface CategoryCount extends Pair {
  readonly value: string
}

/** Values compared by how often each occurs. */
export interface CategoryDrift {
  /** Chi-squared test of homogeneity over `cells`, after `pooled` sparse categories were put into one. */
  readonly statistic: number
  readonly degrees: number
  readonly pValue: number
  readonly cells: number
  readonly pooled: number
  /** Jensen–Shannon distance over the same cells, and what of it is more than chance alone is expected to add. */
  readonly jensenShannon: number
  readonly jensenShannonBeyondChance: number
  readonly psi: number
  readonly cramersV: number
  readonly distinct: number
  /** The most frequent categories, of both data sets together. */
  readonly top: readonly CategoryCount[]
  /** Categories that the reference does not have, most frequent first, and those that it alone has. */
  readonly new: Appearance
  readonly vanished: Appearance
}

/** Categories that one data set has and the other has not. */
export interface Appearance {
  readonly categories: number
  readonly rows: number
  readonly examples: readonly { readonly value: string; readonly rows: number }[]
  /** The chance that any category falls so wholly to one side, Bonferroni over the categories. */
  readonly pValue: number
}

export interface ColumnDrift {
  readonly name: string
  readonly kind: ColumnKind
  readonly comparison: Comparison
  /** Its values are not to be shown, and are not here. */
  readonly isMasked?: true
  /** Rows with a value. */
  readonly present: Pair
  /** For `numbers` and `lengths`; null when one side has no value. */
  readonly numbers: NumberDrift | null
  /** For `categories`; null when one side has no value. */
  readonly categories: CategoryDrift | null
  /** For `times`: ISO 8601, UTC; null when one side has no value. */
  readonly range: Pair<{ readonly earliest: string; readonly latest: string }> | null
}

/** Whether a classifier can tell the rows of two data sets apart. */
export interface Separability {
  /** Area under the ROC curve on rows that the classifier was not trained on. 0.5: it cannot. */
  readonly auc: number
  readonly interval: Interval & { readonly lower: number; readonly upper: number }
  /** One-sided: the chance of such an AUC when the rows are exchangeable. */
  readonly pValue: number
  readonly trainedOn: Pair
  readonly judgedOn: Pair
  /** The share of the classifier's gain that each column gave it, largest first. */
  readonly columns: readonly { readonly name: string; readonly share: number }[]
}

/** What differs between a reference and a current data set. Measured only; `judgeDrift` says what of it is drift. */
export interface DriftFacts {
  readonly paths: Pair<string>
  readonly rows: Pair
  readonly columns: readonly ColumnDrift[]
  /** Columns whose values are of another kind in the current data. */
  readonly kindChanges: readonly ({ readonly name: string } & Pair<string>)[]
  readonly onlyInReference: readonly string[]
  readonly onlyInCurrent: readonly string[]
  readonly ignored: readonly string[]
  /** Null when there are too few rows, or no column to learn from. */
  readonly separability: Separability | null
}

/** When a difference is drift. */
export interface DriftLimits {
  /** Largest Kolmogorov–Smirnov statistic of numbers, and Jensen–Shannon distance of categories. */
  readonly maxDrift: number
  /** Largest change of a column's share of missing values. */
  readonly maxMissingDrift: number
  /** Largest share of rows in categories that the reference does not have. */
  readonly maxNewShare: number
  /** Largest area under the ROC curve of a classifier that tells the two apart. */
  readonly maxDriftAuc: number
  readonly driftCorrection: Correction
}

/** The error rate of the whole family of tests. */
export const ALPHA = 0.05
