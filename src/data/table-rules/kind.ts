import type { z } from 'zod'
import type { Location } from '../../core/check.ts'
import type { Severity, TableRule } from './rule.ts'
import type { TextTypes } from './typed-value.ts'

/** Where a rule stands in the schema, and what it has from there. */
export interface RuleSite {
  readonly kind: string
  /** The column in whose schema it stands; '' for the row. */
  readonly column: string
  /** Of rules that do not say their own. */
  readonly severity: Severity
  readonly types: TextTypes
  /** The columns that the schema lists. */
  readonly properties: readonly string[]
  /** The place of a part of the rule, by keys and indices. */
  at(path: readonly (string | number)[]): { readonly pointer: string; readonly location: Location }
}

/** A key of `x-plimsoll` that makes demands. */
export interface TableRuleKind<Value = never> {
  /** As it is written. */
  readonly kind: string
  /** In the schema of a column, or in that of the row. */
  readonly where: 'column' | 'row'
  /** One line. */
  readonly summary: string
  /** Its JSON, as it stands under `x-plimsoll`. */
  readonly example: string
  readonly value: z.ZodType<Value>
  /** The columns that it names, each with its place; all have to be listed under `properties`. */
  columns?(value: Value): readonly NamedColumn[]
  rules(value: Value, site: RuleSite): readonly TableRule[]
}

export interface NamedColumn {
  readonly name: string
  readonly path: readonly (string | number)[]
}

/** Keeps the value's type within one kind and forgets it in the table. */
export const tableRuleKind = <Value>(kind: TableRuleKind<Value>): TableRuleKind => kind as unknown as TableRuleKind

/** The columns of a list that stands at a place of the rule. */
export const namedAt = (names: readonly string[], ...path: readonly (string | number)[]): NamedColumn[] =>
  names.map((name, i) => ({ name, path: [...path, i] }))
