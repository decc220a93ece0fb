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

/** What a footer says of a condition. */
export interface ByFooter {
  /** How many rows break it; undefined where the footer does not tell. */
  readonly count: (footer: FileFooter) => number | undefined
  /** The condition without what the footer decides; undefined where that is not known. */
  readonly folded: (footer: FileFooter) => string | undefined
}

/** How many rows break a condition. */
export function countBroken({ broken, columns }: Pick<Condition, 'broken' | 'columns'>, byFooter?: ByFooter): Aggregate<number> {
  return {
    id: `rows where ${broken}`,
    columns,
    how: { sql: countOf(broken) },
    read: Number,
    merge: sum,
    ...(byFooter && {
      fromFooter: byFooter.count,
      sqlWith(footer) {
        const folded = byFooter.folded(footer)
        return folded === undefined ? undefined : countOf(folded)
      },
    }),
  }
}

/** The aggregate expression that counts the rows of a condition. */
export function countOf(condition: string): string {
  if (condition === FALSE) return '0'
  return condition === TRUE ? 'count(*)' : `count_if(${condition})`
}
