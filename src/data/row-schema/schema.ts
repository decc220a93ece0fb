import type { Location } from '../../core/check.ts'

/** One demand of a row schema: one keyword on one column. */
export interface Rule {
  readonly column: string
  readonly keyword: string
  /** The keyword's value, of the type that its entry in the table of keywords says. */
  readonly value: unknown
  /** JSON Pointer into the schema. */
  readonly pointer: string
  /** Where the keyword stands in the schema's file. */
  readonly location: Location
}

/** A JSON Schema (draft 2020-12) for one row, as the list of its demands. */
export interface RowSchema {
  /** As it is shown in messages. */
  readonly file: string
  /** The columns under `properties`, in their order. */
  readonly properties: readonly string[]
  readonly rules: readonly Rule[]
  /** Where `additionalProperties: false` stands; null when other columns are allowed. */
  readonly closed: { readonly pointer: string; readonly location: Location } | null
  /** What stands under `x-plimsoll`, as it is written. */
  readonly extensions: readonly SchemaExtension[]
}

/** An `x-plimsoll` block, not yet interpreted. */
export interface SchemaExtension {
  /** The column whose schema it stands in; '' for the row. */
  readonly column: string
  /** JSON Pointer of the block. */
  readonly pointer: string
  /** Plain JSON. */
  readonly value: unknown
  /** Where a member of it stands, by its keys and indices; the nearest part that exists when it does not. */
  locate(path: readonly (string | number)[]): Location
}

export const rulesOf = (schema: RowSchema, column: string): readonly Rule[] =>
  schema.rules.filter((rule) => rule.column === column)

/** How many demands a schema makes. */
export const countRules = (schema: RowSchema): number => schema.rules.length + (schema.closed ? 1 : 0)
