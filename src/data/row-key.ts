import { readJson } from './scan/json-cell.ts'
import { maskedJson } from './masking.ts'
import type { ColumnExtension } from './row-schema/schema.ts'
import type { Scan } from './scan/scan.ts'

/** Longest text of a key's part that is shown. */
const LONGEST = 200

/** By column, what tells a row from all others: `{ "customer": 17, "month": "2026-01" }`. */
export type RowKey = Readonly<Record<string, unknown>>

/**
 * SQL of the values of a row's key, as a list of JSON texts, for `readKey`. It is asked for when rows are shown and not before, since
 * a scan reads the columns that somebody asked for.
 */
export function keySql(scan: Scan, columns: readonly string[], sensitive: ReadonlySet<string>): string {
  const parts = columns.map((column) => {
    const cell = scan.cell(column)
    if (!cell) return 'NULL'
    return sensitive.has(column) ? maskedJson(cell.json) : `left(${cell.json}, ${LONGEST})`
  })
  return `[${parts.join(', ')}]::VARCHAR[]`
}

/** A key from what `keySql` gave. */
export function readKey(columns: readonly string[], texts: readonly (string | null)[]): RowKey {
  return Object.fromEntries(columns.map((column, i) => [column, readJson(texts[i] ?? null)]))
}

/** The key that a schema names: the first under `keys` of the row, or else the first column that is unique; none otherwise. */
export function keyColumns(extensions: readonly Pick<ColumnExtension, 'column' | 'value'>[]): readonly string[] {
  for (const { column, value } of extensions) {
    const keys = (value as { keys?: unknown } | null)?.keys
    if (column === '' && Array.isArray(keys)) {
      const first: unknown = keys[0]
      const columns = Array.isArray(first) ? first : (first as { columns?: unknown } | undefined)?.columns
      if (Array.isArray(columns) && columns.every((name) => typeof name === 'string')) return columns
    }
  }
  const unique = extensions.find(({ column, value }) => column !== '' && isWanted((value as { unique?: unknown } | null)?.unique))
  return unique ? [unique.column] : []
}

const isWanted = (unique: unknown): boolean => unique === true || (typeof unique === 'object' && unique !== null)
