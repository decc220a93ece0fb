import type { Condition } from '../row-schema/compile.ts'
import { FALSE, TRUE } from '../scan/cell.ts'
import type { Aggregate, FileFooter } from './aggregate.ts'

const sum = (a: number, b: number): number => a + b

/** How many rows there are. */
export const countRows: Aggregate<number> = {
  id: 'rows',
  columns: [],
  how: { sql: 'count(*)' },
  read: Number,
  merge: sum,
  fromFooter: ({ rows }) => rows,
}

/** How many rows break a condition. @param folded the condition, folded by what a footer says; undefined where it says nothing */
export function countBroken(
  { broken, columns }: Pick<Condition, 'broken' | 'columns'>,
  fromFooter: (footer: FileFooter) => number | undefined,
): Aggregate<number> {
  return {
    id: `rows where ${broken}`,
    columns,
    how: { sql: countOf(broken) },
    read: Number,
    merge: sum,
    fromFooter,
  }
}

/** The aggregate expression that counts the rows of a condition. */
export function countOf(condition: string): string {
  if (condition === FALSE) return '0'
  return condition === TRUE ? 'count(*)' : `count_if(${condition})`
}
