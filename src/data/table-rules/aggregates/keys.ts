import type { Aggregate } from '../../plan/aggregate.ts'
import type { Scan } from '../../scan/scan.ts'
import type { TextTypes } from '../typed-value.ts'
import { aggregateId } from './count-where.ts'

/** How often the values of one column, or of several taken together, differ. */
export interface DistinctKeys {
  /** Rows with a value in every column. */
  readonly complete: number
  /** Different values among these. */
  readonly distinct: number
}

/**
 * Exact counts of the keys that some columns make. This is the only place that says how they are counted.
 *
 * A set of keys is as large as the data, so nothing small can be merged: it is measured over all files at once.
 */
export function distinctKeys(scan: Scan, columns: readonly string[], types: TextTypes): Aggregate<DistinctKeys> {
  const keys = keysOf(scan, columns)
  const fields = "{complete: coalesce(sum(n), 0)::BIGINT, 'distinct': count(*)}"
  const groups = (table: string): string =>
    `(SELECT count(*) AS n FROM (SELECT ${keyItems(keys)} FROM ${table}) WHERE ${allPresent(keys)} GROUP BY ${keyNames(keys)})`
  return {
    id: aggregateId(
      'keys',
      columns,
      columns.map((column) => [...types(column)].toSorted()),
    ),
    columns,
    how: { query: (table) => `SELECT CAST(to_json(${fields}) AS VARCHAR) FROM ${groups(table)}`, numbered: false },
    mergeable: false,
    read: (value) => JSON.parse(String(value)) as DistinctKeys,
    merge() {
      throw new Error('the counts of distinct keys of two files do not tell those of both')
    },
  }
}

/** SQL of the keys of columns. */
export const keysOf = (scan: Scan, columns: readonly string[]): string[] => columns.map((column) => `(${scan.cell(column)!.key})`)

/** `key AS k0, …`: the keys under names that cannot collide. */
export const keyItems = (keys: readonly string[], name = 'k'): string => keys.map((key, i) => `${key} AS ${name}${i}`).join(', ')
export const keyNames = (keys: readonly string[], name = 'k'): string => keys.map((_key, i) => `${name}${i}`).join(', ')
export const allPresent = (keys: readonly string[], name = 'k'): string =>
  keys.map((_key, i) => `${name}${i} IS NOT NULL`).join(' AND ')
