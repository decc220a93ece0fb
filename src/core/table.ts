export type Cell = number | string | boolean | null

/** The values of one column: all numbers (NaN allowed) in a Float64Array, else cells with null for missing. */
export type Column = Float64Array | readonly Cell[]

/** Rows in columns. Every column has `rowCount` values. */
export interface Table {
  readonly rowCount: number
  readonly columns: Readonly<Record<string, Column>>
}

/** A table from row objects; a key that a row lacks is null. Columns come in order of first appearance. */
export function tableFromRows(rows: readonly Readonly<Record<string, Cell | undefined>>[]): Table {
  const names = new Set(rows.flatMap((row) => Object.keys(row)))
  const columns: Record<string, Column> = {}
  for (const name of names) {
    const cells = rows.map((row) => row[name] ?? null)
    columns[name] = cells.every((cell) => typeof cell === 'number') ? Float64Array.from(cells) : cells
  }
  return { rowCount: rows.length, columns }
}

/** Row `index` as an object. */
export function rowOf(table: Table, index: number): Record<string, Cell> {
  return Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, column[index] ?? null]))
}

/** The rows `from` (inclusive) to `to` (exclusive) of a table. */
export function sliceTable(table: Table, from: number, to: number): Table {
  const columns = Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, column.slice(from, to)]))
  return { rowCount: Math.max(0, Math.min(to, table.rowCount) - from), columns }
}

/** The rows of these indices, in their order. */
export function takeRows(table: Table, indices: readonly number[]): Table {
  const columns = Object.fromEntries(
    Object.entries(table.columns).map(([name, column]): [string, Column] => [
      name,
      column instanceof Float64Array
        ? Float64Array.from(indices, (index) => column[index]!)
        : indices.map((index) => column[index] ?? null),
    ]),
  )
  return { rowCount: indices.length, columns }
}

/** Indices of up to `wanted` rows spread evenly over `rowCount`: the same for the same table, from all parts of it. */
export function evenlySpread(rowCount: number, wanted: number): number[] {
  const count = Math.min(rowCount, wanted)
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * rowCount) / count))
}
