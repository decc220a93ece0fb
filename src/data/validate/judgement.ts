import type { Digest } from '../../core/digest.ts'
import type { DataSource, RowPlace } from '../../drivers/duckdb.ts'
import type { RowKey } from '../row-key.ts'
import type { Plan } from '../plan/plan.ts'
import type { Rule } from '../row-schema/schema.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { AllowanceVerdict } from '../table-rules/allowance.ts'
import type { Severity, TableRule, TableVerdict } from '../table-rules/rule.ts'

/** A row that broke a rule. */
export interface ExampleRow extends RowPlace {
  /** The values of the key's columns, where there is a key. */
  readonly key?: RowKey
  /** The offending value; null when it is missing, text for what JSON cannot hold, and `***` where it is masked. */
  readonly value: unknown
}

/** What told how many rows break a rule: the type of the column, the footers of the files, states kept from before, or the rows. */
export type AnsweredBy = 'type' | 'footer' | 'kept' | 'scan'

export interface Outcome {
  readonly rule: Rule
  /** Rows that break the rule. */
  readonly broken: number
  /** The first of them. */
  readonly examples: readonly ExampleRow[]
  readonly answeredBy: AnsweredBy
  readonly severity: Severity
  /** The share of rows that has to keep it; 1 where all have to. */
  readonly mostly: number
  /** How the count is judged by `mostly`, before the severity. */
  readonly allowance: AllowanceVerdict
  /** What the rule does to the gate. */
  readonly verdict: Verdict
}

/** What a rule on a column as a whole, or on the table, says. */
export interface TableOutcome {
  readonly rule: TableRule
  readonly verdict: TableVerdict
  /** The first rows that break it, for rules that name rows. */
  readonly examples: readonly ExampleRow[]
  readonly answeredBy: AnsweredBy
}

/** What a row schema says of a data set. */
export interface Judgement {
  /** The data as the user wrote it, without what is secret in an address. */
  readonly path: string
  /** Rows that were judged: all there are. */
  readonly rows: number
  /** Rows that break at least one rule on rows. */
  readonly brokenRows: number
  /** Columns, or keys, that the data has. */
  readonly columns: readonly string[]
  /** DuckDB's types of the columns, where the format has types. */
  readonly types: ReadonlyMap<string, string>
  readonly format: DataSource['format']
  /** One for each rule on rows that could be judged. */
  readonly outcomes: readonly Outcome[]
  readonly tableOutcomes: readonly TableOutcome[]
  /** Rules on columns that the data has not and need not have. */
  readonly absent: readonly Rule[]
  /** How everything was answered. */
  readonly plan: Plan
  /** Of the data's files. Undefined when they were not read, and it is not known from before. */
  readonly digest: Digest | undefined
}
