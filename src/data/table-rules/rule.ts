import type { Interval, Location, Measurement } from '../../core/check.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { DataSource, Duckdb } from '../../drivers/duckdb.ts'
import type { Aggregate, States } from '../plan/aggregate.ts'
import type { Scan } from '../scan/scan.ts'

/** How much a broken rule weighs: `error` fails the gate, `warning` is told and lets it pass. */
export type Severity = 'error' | 'warning'

/** One demand under `x-plimsoll`: on a column as a whole, on several columns, or on the table. */
export interface TableRule {
  /** `unique`, `missing`, `mean`, `foreignKey`, … as it is written in the schema. */
  readonly kind: string
  /** The columns it is about; none for the table. */
  readonly columns: readonly string[]
  /** JSON Pointer into the schema. */
  readonly pointer: string
  readonly location: Location
  readonly severity: Severity
  /** The demand as it is read in "12 rows break …": `mean between 1 and 2`. */
  readonly phrase: string
  /** Binds the rule to a scan, whose cells it asks for. Columns that the data lacks have been refused before. */
  bind(scan: Scan): BoundRule
  /** For rules that have to look at more than the scan first: another file, or how DuckDB reads an expression. Binds only after that. */
  open?(door: RuleDoor): Promise<TableRule>
}

/** What a rule may look at before it is bound. */
export interface RuleDoor {
  readonly duckdb: Duckdb
  /** The data that is judged. */
  readonly source: DataSource
  readonly signal?: AbortSignal | undefined
}

/** A rule on a scan: what has to be measured, and how it is judged. */
export interface BoundRule {
  readonly rule: TableRule
  readonly aggregates: readonly Aggregate[]
  judge(states: States, context: JudgeContext): TableVerdict
  /** The rows that break it, for rules that name rows; fetched only when it is broken. */
  readonly rows?: RowFinder
}

export type RowFinder =
  /** A condition over `scan.numberedTable()`, true for rows that break the rule, and the value to show as JSON text. */
  | { readonly condition: string; readonly value: string }
  /** A query over `scan.numberedTable()` that answers `__file`, `__row` and `value` (JSON text) of each such row. */
  | { readonly query: (table: string) => string }

export interface JudgeContext {
  readonly rows: number
  readonly now: Date
}

export interface TableVerdict {
  readonly verdict: Extract<Verdict, 'pass' | 'fail' | 'inconclusive' | 'error'>
  /** One sentence: what was expected and what was found. */
  readonly message: string
  readonly expected: string
  readonly actual: string
  readonly measurements: readonly Measurement[]
  readonly interval?: Interval
  /** Rows that break the rule, for rules that name rows. */
  readonly broken?: number
  readonly hint?: string
}
