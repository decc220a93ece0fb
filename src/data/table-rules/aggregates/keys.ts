import type { Scan } from '../../scan/scan.ts'

/** SQL of the keys of columns. */
export const keysOf = (scan: Scan, columns: readonly string[]): string[] => columns.map((column) => `(${scan.cell(column)!.key})`)

/** `key AS k0, …`: the keys under names that cannot collide. */
export const keyItems = (keys: readonly string[], name = 'k'): string => keys.map((key, i) => `${key} AS ${name}${i}`).join(', ')
export const keyNames = (keys: readonly string[], name = 'k'): string => keys.map((_key, i) => `${name}${i}`).join(', ')
export const allPresent = (keys: readonly string[], name = 'k'): string =>
  keys.map((_key, i) => `${name}${i} IS NOT NULL`).join(' AND ')
