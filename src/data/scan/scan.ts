import { identifier, literal, type DataSource } from '../../drivers/duckdb.ts'
import type { FileFooter } from '../../drivers/parquet.ts'
import type { CellSql } from './cell.ts'
import { jsonCell, pointerTo } from './json-cell.ts'
import type { JsonType } from './json-type.ts'
import { projection } from './projection.ts'
import { textCell } from './text-cell.ts'
import { typedCell } from './typed-cell.ts'

/**
 * One pass over a data set, for which any number of conditions and aggregates can be written. Cells are asked for first; the tables
 * are read after that, because they project only the columns that somebody has asked for.
 */
export interface Scan {
  readonly source: DataSource
  /** The values of a column; undefined when the data does not have it. Documents may have any key. */
  cell(column: string): CellSql | undefined
  /** The columns whose cells were asked for. */
  columns(): readonly string[]
  /** The table expression over which conditions and aggregates are written. @param of some of the files; by default all */
  table(of?: DataSource): string
  /** The same with `__file` and `__row`, and with more items of a SELECT list over the data's own columns. */
  numberedTable(more?: readonly string[], of?: DataSource): string
  /** SQL over the table with each name replaced by what it stands for: equal SQL is then the same question in every scan. */
  resolve(sql: string): string
}

/**
 * @param textTypes the JSON types that the values of a CSV column can have, where text alone does not tell
 * @param footer what is known of the values of a Parquet file; conditions that it decides are folded to TRUE or FALSE
 */
export function openScan(source: DataSource, textTypes: (column: string) => ReadonlySet<JsonType>, footer?: FileFooter): Scan {
  const shared = projection()
  const cells = new Map<string, CellSql | undefined>()
  const bases: string[] = []
  const names: string[] = []
  const isDocument = source.format === 'json'

  const open = (name: string): CellSql | undefined => {
    const column = source.columns.find((candidate) => candidate.name === name)
    if (!isDocument && !column) return undefined
    // Columns get names of our own, so that none of the data's can collide with what is shared.
    const base = `d${names.length}`
    names.push(name)
    bases.push(isDocument ? `found[${names.length}] AS ${base}` : `${identifier(name)} AS ${base}`)
    if (isDocument || column!.type === 'JSON') return jsonCell(base, shared)
    return source.format === 'csv' ? textCell(base, textTypes(name), shared) : typedCell(base, column!.type, footer?.column(name))
  }
  const behind = (name: string): string | undefined => {
    if (name.startsWith('s')) return shared.behind(name)
    const column = names[Number(name.slice(1))]
    return column === undefined ? undefined : `column ${identifier(column)}`
  }
  const resolve = (sql: string): string =>
    sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\b[ds]\d+\b/g, (token) => {
      const found = /^['"]/.test(token) ? undefined : behind(token)
      return found === undefined ? token : token.startsWith('s') ? `(${resolve(found)})` : found
    })
  const tableOf = (sourceSql: string, more: readonly string[]): string => {
    const items = ['*', ...shared.items()].join(', ')
    const columns = [...bases, ...more]
    if (!isDocument) return `(SELECT ${items} FROM (SELECT ${columns.length > 0 ? columns.join(', ') : '1'} FROM ${sourceSql}))`
    const pointers = names.map((name) => literal(pointerTo(name))).join(', ')
    const found = `(SELECT *, json_extract(json, [${pointers}]::VARCHAR[]) AS found FROM ${sourceSql})`
    return `(SELECT ${items} FROM (SELECT ${['json', ...columns].join(', ')} FROM ${found}))`
  }
  return {
    source,
    cell(name) {
      if (!cells.has(name)) cells.set(name, open(name))
      return cells.get(name)
    },
    columns: () => names,
    table: (of = source) => tableOf(of.sql, []),
    numberedTable: (more = [], of = source) => tableOf(of.numberedSql, ['__file', '__row', ...more]),
    resolve,
  }
}
