import type { Aggregate, FileFooter } from '../../plan/aggregate.ts'

export interface CountWhere {
  /** Names the question, without the columns. */
  readonly name: string
  readonly columns: readonly string[]
  /** The JSON types that decide how text is read, or anything else that changes the answer. */
  readonly detail?: unknown
  /** True for rows that count; never NULL. */
  readonly condition: string
  readonly fromFooter?: (footer: FileFooter) => number | undefined
}

/** How many rows meet a condition: merged by adding. */
export function countWhere({ name, columns, detail, condition, fromFooter }: CountWhere): Aggregate<number> {
  return {
    id: aggregateId(name, columns, detail),
    columns,
    how: { sql: `count_if(${condition})` },
    read: Number,
    merge: (a, b) => a + b,
    ...(fromFooter && { fromFooter }),
  }
}

/** The same question has the same identifier, whatever the scan calls its columns. */
export function aggregateId(name: string, columns: readonly string[], detail?: unknown): string {
  return `${name}${JSON.stringify(columns)}${detail === undefined ? '' : JSON.stringify(detail)}`
}
