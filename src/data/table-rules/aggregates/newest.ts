import type { Aggregate } from '../../plan/aggregate.ts'
import type { CellSql } from '../../scan/cell.ts'
import { aggregateId } from './count-where.ts'

/** The latest date or time of a column in milliseconds since 1970, UTC; null when it has none. */
export function newest(column: string, cell: CellSql): Aggregate<number | null> {
  return {
    id: aggregateId('newest', [column]),
    columns: [column],
    how: { sql: `epoch_ms(max(CASE WHEN isfinite(${cell.instant}) THEN ${cell.instant} END))` },
    read: (value) => (value === null ? null : Number(value)),
    merge: (a, b) => (a === null ? b : b === null ? a : Math.max(a, b)),
  }
}
