import type { ColumnMeasure } from '../profile/measure.ts'

/** How many values of a text column are written in a format of JSON Schema's. */
export type FormatCounts = Readonly<Record<string, number>>

/** Everything that is looked at in a column before its schema is guessed. */
export interface ObservedColumn extends ColumnMeasure {
  /** Values that are no number of JSON's: NaN and infinities. */
  readonly notFinite: number
  /** Different values, counted one by one; undefined where it was not worth it. */
  readonly exactDistinct: number | undefined
  /** For columns of text that are not a few values repeated. */
  readonly text: TextFacts | undefined
  /** For JSON alone: rows without the key, and the JSON types of the others. */
  readonly document: { readonly absent: number; readonly types: readonly string[] } | undefined
}

export interface TextFacts {
  /** Values in each format in which at least one of those looked at first is written. */
  readonly formats: FormatCounts
  /** In CSV, values that read as a number. */
  readonly numeric: number
  /** The shape of all values, when they have one: A for a capital, a for a small letter, 9 for a digit, others as they are. */
  readonly shape: string | undefined
}

/** A data set before its schema is guessed. */
export interface Observation {
  /** As the user wrote it. */
  readonly path: string
  readonly format: string
  readonly rows: number
  readonly columns: readonly ObservedColumn[]
}

/** From this share of estimated different values on it is counted whether all differ: the estimate may miss by a tenth. */
export const NEARLY_ALL = 0.85
