/**
 * A number that is computed from rows, in a form that says how its uncertainty is found. Every metric is one of these, so that
 * an interval, a paired comparison of two models, weights, clusters and the audit of a gate are each written once per form,
 * and not once per metric. All are functions of weighted rows: with weight 2 a row counts as if it were there twice.
 */
export type Statistic = Rate | CellStatistic | MeanStatistic | AreaStatistic | RowStatistic

/** The share of hits among the rows that count: accuracy, recall, specificity. */
export interface Rate {
  readonly kind: 'rate'
  /** 1 where the row is a hit, per row. */
  readonly hits: Uint8Array
  /** 1 where the row counts at all; null when all do. */
  readonly counted: Uint8Array | null
  /** An increasing function of the share, such as F1 = 2J / (1 + J). Default: the share itself. */
  readonly map?: (share: number) => number
}

/** A function of the shares of cells, of which each row is in one: what a confusion matrix gives. */
export interface CellStatistic {
  readonly kind: 'cells'
  /** The cell of each row, 0 to `size` − 1. */
  readonly cells: Int32Array
  readonly size: number
  /**
   * What each cell has that does not depend on the model, such as the true class: a row is in cells of one group by every model's
   * answer. Where it is given, two models are compared more sharply on few rows.
   */
  readonly groups?: Int32Array
  /** Takes counts as well as shares: it must not depend on their sum. */
  readonly at: (shares: Float64Array) => number
  /** A sum of distances, which is never negative and which noise makes larger. */
  readonly biased?: boolean
}

/** A smooth function of row means: a mean loss, the root of one, R². */
export interface MeanStatistic {
  readonly kind: 'means'
  /** One array per mean, one number per row. */
  readonly terms: readonly Float64Array[]
  readonly at: (means: Float64Array) => number
  /** Bounds that the value cannot leave, where it has any. */
  readonly range?: readonly [lowest: number, highest: number]
}

/** The mean of areas under ROC curves, weighted by `share`: one curve for two classes, several for one-versus-rest or one-versus-one. */
export interface AreaStatistic {
  readonly kind: 'area'
  readonly curves: readonly {
    readonly scores: Float64Array
    /** 1 for a positive row, 0 for a negative one, 2 for a row that is on neither side. */
    readonly side: Uint8Array
    /** Of all curves these sum to 1. */
    readonly share: number
  }[]
}

/** Any other function of weighted rows: average precision, Spearman's correlation, a metric of the user's own. */
export interface RowStatistic {
  readonly kind: 'rows'
  readonly rowCount: number
  /** `weights` has one non-negative number per row. NaN where it is not defined. */
  readonly at: (weights: Float64Array) => number
  /** By how much each row moves the value, weight × ∂ value / ∂ weight, where a formula has it: it spares leaving out each row in turn. */
  readonly influence?: (weights: Float64Array) => Float64Array
  /** Bounds that the value cannot leave, where it has any. */
  readonly range?: readonly [lowest: number, highest: number]
  /** A sum of distances, which is never negative and which noise makes larger. */
  readonly biased?: boolean
}

/** How the rows were drawn. */
export interface SampleDesign {
  /** How much each row counts for, above or equal to 0; null when all count the same. */
  readonly weights: Float64Array | null
  /** Rows with the same number belong together (the rows of one user), 0 to the number of clusters − 1; null when each stands alone. */
  readonly clusters: Int32Array | null
}

export const SIMPLE_SAMPLE: SampleDesign = { weights: null, clusters: null }

export function rowsOf(statistic: Statistic): number {
  switch (statistic.kind) {
    case 'rate':
      return statistic.hits.length
    case 'cells':
      return statistic.cells.length
    case 'means':
      return statistic.terms[0]?.length ?? 0
    case 'area':
      return statistic.curves[0]?.scores.length ?? 0
    default:
      return statistic.rowCount
  }
}
