import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api'
import type { Cell, Column, Table } from '../../core/table.ts'
import { textOf } from './value-text.ts'

/** Types whose every value is a double, digit for digit. Decimals are close enough to be numbers and nothing else. */
const NARROW_NUMBER = /^(U?TINYINT|U?SMALLINT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/
const WIDE_INTEGER = /^U?(BIGINT|HUGEINT)$/

/** A value of a query's row. */
export function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (value instanceof Date) return value.toISOString()
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'bigint' ? toCell(member) : member))
}

/** The column type that holds the cells of a table in memory. */
export function columnType(column: Column): 'DOUBLE' | 'BOOLEAN' | 'VARCHAR' {
  if (column instanceof Float64Array) return 'DOUBLE'
  const present = column.filter((cell) => cell !== null)
  if (present.length > 0 && present.every((cell) => typeof cell === 'number')) return 'DOUBLE'
  if (present.length > 0 && present.every((cell) => typeof cell === 'boolean')) return 'BOOLEAN'
  return 'VARCHAR'
}

/**
 * The result of a query in columns. DuckDB turns every column into a double, a boolean or text first, so that no value goes
 * through a slow conversion here. A column of wide integers is text when one of them would lose digits as a double.
 */
export async function readColumns(connection: DuckDBConnection, sql: string): Promise<Table> {
  const described = (await connection.runAndReadAll(`DESCRIBE ${sql}`)).getRowsJS() as string[][]
  const types = described.map((row) => row[1]!)
  const names = described.map((row) => row[0]!)
  const columnList = names.map((_name, i) => `c${i}`).join(', ')
  const from = `FROM (${sql}) AS result(${columnList})`
  const lossless = await losslessWideIntegers(connection, types, from)
  const selection = types.map((type, i) => {
    if (type === 'BOOLEAN') return `c${i}`
    return NARROW_NUMBER.test(type) || lossless.has(i) ? `CAST(c${i} AS DOUBLE)` : textOf(`c${i}`, type)
  })
  const result = await connection.run(`SELECT ${selection.join(', ')} ${from}`)
  const chunks = await result.fetchAllChunks()
  const rowCount = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0)
  const columns: Record<string, Column> = {}
  for (const [i, name] of names.entries()) {
    const vectors = chunks.map((chunk) => chunk.getColumnVector(i))
    columns[name] = selection[i]!.endsWith('AS DOUBLE)') ? numberColumn(vectors, rowCount) : cellColumn(vectors, rowCount)
  }
  return { rowCount, columns }
}

async function losslessWideIntegers(connection: DuckDBConnection, types: readonly string[], from: string): Promise<Set<number>> {
  const wide = types.flatMap((type, i) => (WIDE_INTEGER.test(type) ? [i] : []))
  if (wide.length === 0) return new Set()
  const most = Number.MAX_SAFE_INTEGER
  const checks = wide.map((i) => `coalesce(min(c${i}) >= -${most} AND max(c${i}) <= ${most}, true)`)
  const row = (await connection.runAndReadAll(`SELECT ${checks.join(', ')} ${from}`)).getRowsJS()[0]!
  return new Set(wide.filter((_i, at) => row[at] === true))
}

function numberColumn(vectors: readonly DuckDBVector[], rowCount: number): Column {
  const numbers = new Float64Array(rowCount)
  let row = 0
  for (const vector of vectors) {
    for (let i = 0; i < vector.itemCount; i++) {
      const value = vector.getItem(i) as number | null
      if (value === null) return cellColumn(vectors, rowCount)
      numbers[row++] = value
    }
  }
  return numbers
}

function cellColumn(vectors: readonly DuckDBVector[], rowCount: number): Column {
  const cells: Cell[] = Array.from({ length: rowCount })
  let row = 0
  for (const vector of vectors) for (let i = 0; i < vector.itemCount; i++) cells[row++] = vector.getItem(i) as Cell
  return cells
}
