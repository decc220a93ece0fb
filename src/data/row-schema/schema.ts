import type { Location } from '../../core/check.ts'
import type { Keyword } from './keywords/keyword.ts'

/** A place in the schema. */
export interface Place {
  /** JSON Pointer into the schema. */
  readonly pointer: string
  /** Where it stands in the schema's file. */
  readonly location: Location
}

/** A schema anywhere in the document, as what it demands of one value; all demands have to hold. */
export interface SchemaNode extends Place {
  readonly demands: readonly Demand[]
  /** Its `x-plimsoll`. */
  readonly extension: Extension | null
}

/** One keyword with its value. */
export interface Demand extends Place {
  readonly keyword: Keyword
  /** Of the type that the keyword's entry in the table says. */
  readonly value: unknown
}

/** A step from a value to one inside it. */
export type Step =
  | { readonly property: string }
  /** The item at a place, from 0. */
  | { readonly item: number }
  /** Every item, from a place on. */
  | { readonly items: number }
  /** Every property but these. */
  | { readonly except: readonly string[] }

/** One demand of a row schema: one keyword on one column, on values inside it, or on the row. */
export interface Rule extends Place {
  /** Empty for a rule on the row. */
  readonly column: string
  /** From the column, or from the row, to the value that the rule is about; none for the column itself. */
  readonly path?: readonly Step[]
  readonly keyword: string
  /** The keyword's value, of the type that its entry in the table of keywords says. */
  readonly value: unknown
}

/** A value under `x-plimsoll`, as it is written. */
export interface Extension {
  readonly pointer: string
  /** Plain JSON. */
  readonly value: unknown
  /** Where a member of it stands; the nearest that there is, where there is no such member. */
  locate(path: readonly (string | number)[]): Location
}

export interface ColumnExtension extends Extension {
  /** Empty for the row. */
  readonly column: string
}

/** A JSON Schema (draft 2020-12) for one row, as the list of its demands. */
export interface RowSchema {
  /** As it is shown in messages. */
  readonly file: string
  /** The columns that are listed under `properties`, in their order; of a closed schema, all that a row may have. */
  readonly properties: readonly string[]
  readonly rules: readonly Rule[]
  /** Where `additionalProperties: false` stands; null when other columns are allowed. */
  readonly closed: Place | null
  /** The blocks `x-plimsoll` on the row and on columns. */
  readonly extensions: readonly ColumnExtension[]
  /** Every regular expression in it, wherever it stands. */
  readonly patterns: readonly PatternUse[]
  readonly root: SchemaNode
}

export interface PatternUse extends Place {
  readonly source: string
  /** In RE2's syntax. */
  readonly re2: string
}

export const rulesOf = (schema: RowSchema, column: string): readonly Rule[] =>
  schema.rules.filter((rule) => rule.column === column)

/** How many demands a schema makes. */
export const countRules = (schema: RowSchema): number => schema.rules.length + (schema.closed ? 1 : 0)

/** Where in the column the rule looks: `address.zip`, `tags[]`, `pair[0]`; the column's name where it is the column itself. */
export function pathText({ column, path = [] }: Pick<Rule, 'column' | 'path'>): string {
  const steps = path.map((step) => {
    if ('property' in step) return `.${step.property}`
    if ('item' in step) return `[${step.item}]`
    if ('items' in step) return step.items === 0 ? '[]' : `[${step.items}…]`
    return '.*'
  })
  return (column + steps.join('')).replace(/^\./, '')
}
