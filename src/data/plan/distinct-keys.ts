import type { Scan } from '../scan/scan.ts'
import type { JsonType } from '../scan/json-type.ts'
import type { Aggregate, Question } from './aggregate.ts'
import { countByBits, BITS_TYPE, MOST_SPAN } from './count-by-bits.ts'
import { countByHash } from './count-by-hash.ts'
import { uniteBits, type KeyBits } from './key-bits.ts'
import { areApart, type KeyRange, type KeyRanges } from './key-ranges.ts'

/** How often the values of one column, or of several taken together, differ. */
export interface DistinctKeys {
  /** Rows with a value in every column. */
  readonly complete: number
  /** Different keys among these. Only a lower bound while `isOpen`. */
  readonly distinct: number
  /** The ranges of the files, each apart from all others; none when there are no keys, or when `bits` tells all. */
  readonly ranges: readonly KeyRanges[]
  /** The keys themselves, where they are whole numbers close together. */
  readonly bits?: KeyBits
  /** Files may share keys, and what is known of them does not tell how many: they have to be compared. */
  readonly isOpen?: true
}

/** Files whose ranges are compared with each other at most. */
const MOST_RANGES = 2000

/**
 * Exact counts of the keys that some columns make, in bounded memory: a bitmap for whole numbers and dates that lie close together,
 * else hashes of 64 bits in partitions, in which what repeats is counted by its values.
 *
 * Files are counted by themselves. Where their ranges lie apart, or bitmaps are kept, the counts of all follow; where not, the keys of
 * all files are counted again together (`isComplete`).
 *
 * @param types the JSON types that decide how text is read; for the identifier
 */
export function distinctKeys(
  scan: Scan,
  columns: readonly string[],
  types: (column: string) => ReadonlySet<JsonType>,
): Aggregate<DistinctKeys> {
  const keys = columns.map((column) => `(${scan.cell(column)!.key})`)
  const typeOf = (name: string) => scan.source.columns.find((column) => column.name === name)?.type
  // In CSV and JSON a key is text, whatever the column's type says.
  const keyTypes = columns.map((name) => (scan.source.format === 'parquet' ? typeOf(name) : undefined))
  const detail = columns.map((column, i) => [keyTypes[i], ...[...types(column)].toSorted()])
  return {
    id: `distinct keys ${JSON.stringify([columns, detail])} ${keys.join(', ')}`,
    columns,
    how: { ask: async (question) => JSON.stringify(await countKeys(question, columns, keys, keyTypes)) },
    read: (value) => JSON.parse(String(value)) as DistinctKeys,
    merge: mergeKeys,
    mergeAll: mergeAllKeys,
    isComplete: ({ isOpen }) => isOpen !== true,
  }
}

async function countKeys(
  { duckdb, table, footer }: Question,
  columns: readonly string[],
  keys: readonly string[],
  types: readonly (string | undefined)[],
): Promise<DistinctKeys> {
  const items = keys.map((key, i) => `${key} AS k${i}`).join(', ')
  const present = keys.map((_key, i) => `k${i} IS NOT NULL`).join(' AND ')
  const rows = `(SELECT * FROM (SELECT ${items} FROM ${table}) WHERE ${present})`
  const isBits = keys.length === 1 && types[0] !== undefined && BITS_TYPE.test(types[0])
  if (isBits) {
    const found = await countByBits(duckdb, rows, types[0]!, footer?.column(columns[0]!))
    if (found) return found
  }
  const kinds = types.map(kindOf)
  return countByHash(duckdb, rows, kinds)
}

/** How the bounds of a column compare as text; null for types whose bounds are not told. */
function kindOf(type: string | undefined): KeyRange['kind'] | null {
  if (type === undefined || type === 'VARCHAR') return 'text'
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(type)) return 'integer'
  if (type === 'DATE' || type === 'TIMESTAMP') return 'time'
  return type === 'DOUBLE' || type === 'FLOAT' ? 'double' : null
}

/** Two files, or sets of files, taken together. */
export const mergeKeys = (a: DistinctKeys, b: DistinctKeys): DistinctKeys => mergeAllKeys([a, b])

/** Any number of them, whose bitmaps are then unpacked once and not for each pair. */
export function mergeAllKeys(states: readonly DistinctKeys[]): DistinctKeys {
  const filled = states.filter(({ complete }) => complete > 0)
  const [first] = filled
  if (!first) return states[0]!
  if (filled.length === 1) return first
  const sum = (of: (state: DistinctKeys) => number): number => filled.reduce((total, state) => total + of(state), 0)
  const complete = sum((state) => state.complete)
  const ranges = filled.flatMap((state) => state.ranges)
  const atLeast = { complete, distinct: Math.max(...filled.map(({ distinct }) => distinct)), ranges: [], isOpen: true } as const
  if (filled.some(({ isOpen }) => isOpen)) return atLeast
  const isApart = lieApart(filled.map((state) => state.ranges))
  // What is made of a whole data set is merged no further, and needs no bitmap when the ranges tell all.
  if (isApart && filled.length > 2) return { complete, distinct: sum(({ distinct }) => distinct), ranges }
  const bits = filled.flatMap((state) => state.bits ?? [])
  const united = bits.length === filled.length ? uniteBits(bits, MOST_SPAN) : undefined
  const kept = united?.bits && { bits: united.bits }
  if (isApart) return { complete, distinct: sum(({ distinct }) => distinct), ranges, ...kept }
  return united ? { complete, distinct: united.size, ranges: [hull(ranges)], ...kept } : atLeast
}

/** Whether no range of one set of files meets a range of another. */
function lieApart(sets: readonly (readonly KeyRanges[])[]): boolean {
  const count = sets.reduce((sum, set) => sum + set.length, 0)
  if (count > MOST_RANGES || sets.some((set) => set.length === 0)) return false
  return sets.every((set, i) => sets.slice(i + 1).every((other) => set.every((a) => other.every((b) => areApart(a, b)))))
}

/** One range around several of a single column of whole numbers. */
function hull(ranges: readonly KeyRanges[]): KeyRanges {
  const all = ranges.map(([range]) => range!)
  const by = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
  const lows = all.map(({ min }) => BigInt(min)).toSorted(by)
  const highs = all.map(({ max }) => BigInt(max)).toSorted(by)
  return [{ kind: 'integer', min: String(lows[0]), max: String(highs.at(-1)) }]
}
