import type { Aggregate } from '../../plan/aggregate.ts'
import type { CellSql } from '../../scan/cell.ts'
import { countWhere } from './count-where.ts'

/** Rows without a value: null, an empty CSV field, a JSON key that is not there, NaN. */
export function missingCount(column: string, cell: CellSql): Aggregate<number> {
  return countWhere({
    name: 'missing',
    columns: [column],
    condition: isMissing(cell),
    fromFooter(footer) {
      const known = footer.column(column)
      if (!known) return undefined
      // Footers count nulls, not NaN; bounds are only told where there is none.
      const mayHoldNaN = /^(FLOAT|DOUBLE)$/.test(known.type) && known.min === null && known.nulls < known.rows
      return mayHoldNaN ? undefined : known.nulls
    },
  })
}

export const isMissing = (cell: CellSql): string => `((${cell.key}) IS NULL)`
