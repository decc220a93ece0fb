import type { DataSource } from '../../drivers/duckdb.ts'
import { literal } from '../../drivers/duckdb.ts'
import { isExact, type CellSql } from '../scan/cell.ts'

const INTEGER = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/

/** The type of a column when the values of columns of this type can be compared as they are; else undefined. */
function plainType(source: DataSource, column: string): 'integer' | 'text' | undefined {
  const type = source.columns.find(({ name }) => name === column)?.type ?? ''
  if (source.format === 'csv') return undefined
  return INTEGER.test(type) ? 'integer' : type === 'VARCHAR' ? 'text' : undefined
}

/** SQL of the values of a column in each of two files, equal when the values are equal, whatever formats the files have. */
export function joinKeys(
  [source, column, cell]: readonly [DataSource, string, CellSql],
  [otherSource, otherColumn, otherCell]: readonly [DataSource, string, CellSql],
): readonly [string, string] {
  const type = plainType(source, column)
  if (type !== undefined && type === plainType(otherSource, otherColumn)) return [cell.key, otherCell.key]
  return [canonical(cell), canonical(otherCell)]
}

/** The value as text with its JSON type, so that 1 and 1.0 are equal, and 1 and "1" are not. Integers beyond 2^53 keep their digits. */
function canonical({ number, boolean, string, json, present, isNull }: CellSql): string {
  return `CASE
    WHEN ${number.when} AND isnan(CAST(${number.value} AS DOUBLE)) THEN NULL
    WHEN ${number.when} AND ${isExact(number.value)} THEN 'n' || CAST(CAST(${number.value} AS DOUBLE) + 0 AS VARCHAR)
    WHEN ${number.when} THEN 'n' || ${json}
    WHEN ${boolean.when} THEN 'b' || CAST(${boolean.value} AS VARCHAR)
    WHEN ${string.when} THEN ${literal('s')} || ${string.value}
    WHEN ${present} AND NOT ${isNull} THEN 'j' || ${json} END`
}
