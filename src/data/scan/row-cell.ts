import { ABSENT, or, TRUE, type CellSql, type ObjectSql } from './cell.ts'
import { jsonCell } from './json-cell.ts'
import { INLINE } from './projection.ts'
import type { Scan } from './scan.ts'

/**
 * The row as a JSON object, whose properties are the columns.
 *
 * @param onRead told of every column whose values are used
 */
export function rowCell(scan: Scan, onRead: (column: string) => void): CellSql {
  return {
    ...ABSENT,
    present: TRUE,
    isObject: TRUE,
    object: scan.source.format === 'json' ? documentSql(scan, onRead) : columnsSql(scan, onRead),
  }
}

function columnsSql(scan: Scan, onRead: (column: string) => void): ObjectSql {
  const property = (name: string): CellSql => read(scan, name, onRead)
  const names = scan.source.columns.map(({ name }) => name)
  return {
    size: String(names.length),
    property,
    anyProperty: (except, condition) =>
      or(...names.filter((name) => !except.includes(name)).map((name) => condition(property(name)))),
  }
}

function documentSql(scan: Scan, onRead: (column: string) => void): ObjectSql {
  const whole = jsonCell('json', INLINE).object!
  return { ...whole, property: (name) => read(scan, name, onRead) }
}

function read(scan: Scan, name: string, onRead: (column: string) => void): CellSql {
  const cell = scan.cell(name)
  if (cell) onRead(name)
  return cell ?? ABSENT
}
