import { literal } from '../../drivers/duckdb.ts'
import type { Scan } from '../scan/scan.ts'

/** SQL of what an example row shows of some columns, as JSON text: the value of one, or an object of several. */
export function rowValue(scan: Scan, columns: readonly string[]): string {
  const json = (column: string): string => scan.cell(column)!.json
  if (columns.length === 1) return json(columns[0]!)
  const members = columns.map((column) => `${literal(`${JSON.stringify(column)}:`)} || coalesce(${json(column)}, 'null')`)
  return `('{' || ${members.join(` || ',' || `)} || '}')`
}
