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
export function mergeKeys(a: DistinctKeys, b: DistinctKeys): DistinctKeys {
  if (a.complete === 0 || b.complete === 0) return a.complete === 0 ? b : a
  const complete = a.complete + b.complete
  const ranges = [...a.ranges, ...b.ranges]
  const atLeast = { complete, distinct: Math.max(a.distinct, b.distinct), ranges: [], isOpen: true } as const
  if (a.isOpen || b.isOpen) return atLeast
  const united = a.bits && b.bits && uniteBits(a.bits, b.bits, MOST_SPAN)
  const apart =
    a.ranges.length > 0 &&
    b.ranges.length > 0 &&
    ranges.length <= MOST_RANGES &&
    a.ranges.every((one) => b.ranges.every((other) => areApart(one, other)))
  if (apart) return { complete, distinct: a.distinct + b.distinct, ranges, ...(united && { bits: united.bits }) }
  if (!united) return atLeast
  return { complete, distinct: united.size, ranges: [hull(ranges)], bits: united.bits }
}

/** One range around several of a single column of whole numbers. */
function hull(ranges: readonly KeyRanges[]): KeyRanges {
  const all = ranges.map(([range]) => range!)
  const by = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
  const lows = all.map(({ min }) => BigInt(min)).toSorted(by)
  const highs = all.map(({ max }) => BigInt(max)).toSorted(by)
  return [{ kind: 'integer', min: String(lows[0]), max: String(highs.at(-1)) }]
}
