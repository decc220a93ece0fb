import { UserError } from '../../core/errors.ts'
import { suggest } from '../../core/suggest.ts'
import type { Cell, Column, Table } from '../../core/table.ts'

/**
 * The columns that a model reads, in its order.
 *
 * @throws UserError E_MODEL_INPUT that lists the columns which the data lacks
 */
export function featureColumns(table: Table, features: readonly string[], model: string): Map<string, Column> {
  const missing = features.filter((name) => table.columns[name] === undefined)
  if (missing.length > 0) {
    const known = Object.keys(table.columns)
    const near = missing.map((name) => suggest(name, known)).filter((name) => name !== undefined)
    throw new UserError(
      'E_MODEL_INPUT',
      `${model} reads ${missing.length === 1 ? 'a column that the data lacks' : 'columns that the data lacks'}: ${missing.join(', ')}`,
      { hint: near.length > 0 ? `The data has ${near.join(', ')}.` : `The data has: ${known.join(', ') || 'no columns'}.` },
    )
  }
  return new Map(features.map((name) => [name, table.columns[name]!]))
}

/** The kind of value that a column holds; what is missing does not count. */
export function kindOfColumn(column: Column): 'number' | 'text' | 'boolean' | 'mixed' {
  if (column instanceof Float64Array) return 'number'
  const kinds = new Set(column.filter((cell) => cell !== null).map((cell) => typeof cell))
  if (kinds.size === 0) return 'number' // nothing but missing values
  if (kinds.size > 1) return 'mixed'
  return kinds.has('string') ? 'text' : kinds.has('number') ? 'number' : 'boolean'
}

/** A column as numbers: truth values are 0 and 1, what is missing is NaN. Undefined when it holds text. */
export function asNumbers(column: Column): Float64Array | undefined {
  if (column instanceof Float64Array) return column
  const numbers = new Float64Array(column.length)
  for (const [row, cell] of column.entries()) {
    if (typeof cell === 'string') return undefined
    numbers[row] = cell === null ? Number.NaN : Number(cell)
  }
  return numbers
}

/** Says that a value does not fit the model, with the place of the first one that does not. */
export function unfit(model: string, column: string, wanted: string, row: number, cell: Cell | undefined): UserError {
  const found = cell === null || cell === undefined ? 'nothing' : JSON.stringify(cell)
  return new UserError('E_MODEL_INPUT', `${model} takes ${wanted} in "${column}"; row ${row + 1} has ${found}`)
}
