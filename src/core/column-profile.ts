/** What a column's values are for statistics, whatever the format they came from. */
export type ColumnKind = 'number' | 'boolean' | 'text' | 'time' | 'nested' | 'binary'

/** Counts in ranges that share their ends: `counts[i]` values lie in [edges[i], edges[i + 1]), the last range closed. */
export interface Histogram {
  /** Ascending; one more than `counts`. For times, milliseconds since 1970 in UTC. */
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/** A column of a data set as a whole. */
export interface ColumnProfile {
  readonly name: string
  /** DuckDB's type, or the type that the text of a CSV column reads as. */
  readonly type: string
  readonly kind: ColumnKind
  readonly rows: number
  /** Rows without a value: null, an empty CSV field, NaN. */
  readonly missing: number
  /** Different values among those present. */
  readonly distinct: number
  /** `distinct` is an estimate, of about 2 % standard error. */
  readonly distinctIsEstimate: boolean
  /** Over the finite values of a number column. Quantiles by their probability: "0.5". */
  readonly numbers?: {
    readonly min: number
    readonly max: number
    readonly mean: number
    readonly standardDeviation: number
    readonly quantiles: Readonly<Record<string, number>>
    readonly zeros: number
    readonly infinite: number
  }
  /** In Unicode code points. */
  readonly lengths?: { readonly min: number; readonly max: number; readonly mean: number }
  /** ISO 8601, UTC. */
  readonly times?: { readonly earliest: string; readonly latest: string }
  readonly histogram?: Histogram
  /** The most frequent values, as text, most frequent first. */
  readonly top?: readonly { readonly value: string; readonly rows: number }[]
  /** Its values are masked: it has no histogram, no bounds and no frequent values. */
  readonly sensitive?: true
}

/** A data set, column by column. */
export interface DataProfile {
  /** As the user wrote it. */
  readonly path: string
  /** `parquet`, `csv`, `json`, … */
  readonly format: string
  readonly rows: number
  /** In the data's order. */
  readonly columns: readonly ColumnProfile[]
}
