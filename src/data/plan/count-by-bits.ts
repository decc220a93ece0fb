import type { Duckdb } from '../../drivers/duckdb.ts'
import type { ColumnFooter } from './aggregate.ts'
import type { DistinctKeys } from './distinct-keys.ts'
import { packBits, type KeyBits } from './key-bits.ts'

/** Types whose values are whole numbers of 64 bits at most, or days. */
export const BITS_TYPE = /^(U?(TINYINT|SMALLINT|INTEGER)|BIGINT|DATE)$/

/** Bits for each row at most: beyond it, hashing needs less memory. */
const SPAN_PER_ROW = 64n
/** Bits in one pass: 32 MB for each thread. A wider range is gone through in several. */
const WINDOW = 1n << 28n
const MOST_WINDOWS = 64n
/** Bitmaps up to 4 MB are read back to be kept. */
export const MOST_SPAN = 1 << 25

/**
 * Counts different whole numbers by a bit for each number between the smallest and the largest. Undefined when they lie too far
 * apart for that.
 *
 * @param rows a table expression with the column `k0`, never NULL
 * @param window bits in one pass, a multiple of eight
 */
export async function countByBits(
  duckdb: Duckdb,
  rows: string,
  type: string,
  footer: ColumnFooter | undefined,
  window: bigint = WINDOW,
): Promise<DistinctKeys | undefined> {
  const number = type === 'DATE' ? "CASE WHEN isfinite(k0) THEN k0 - DATE '1970-01-01' END" : 'CAST(k0 AS BIGINT)'
  const known = type === 'DATE' ? undefined : boundsOf(footer)
  const bounds = known ?? (await boundsByScan(duckdb, rows, number))
  if (!bounds) return undefined
  const { complete, min, max } = bounds
  if (complete === 0) return { complete: 0, distinct: 0, ranges: [] }
  // Ranges start and end at multiples of eight, so that bitmaps of several files can be laid over each other by whole bytes.
  const from = min - (((min % 8n) + 8n) % 8n)
  const span = ((max - from) / 8n + 1n) * 8n
  if (span > SPAN_PER_ROW * BigInt(complete) + 4096n || span > window * MOST_WINDOWS) return undefined
  // bitstring_agg takes bounds of 64 bits, and the sum must not run over at the end of their range.
  if (from < -(1n << 62n) || max > 1n << 62n) return undefined
  const isKept = span <= BigInt(MOST_SPAN)
  let distinct = 0
  let bits: KeyBits | undefined
  for (let low = from; low <= max; low += window) {
    const high = low + window > from + span ? from + span - 1n : low + window - 1n
    const where = span > window ? ` WHERE n BETWEEN ${low} AND ${high}` : ''
    const select = `bitstring_agg(n, CAST(${low} AS BIGINT), CAST(${high} AS BIGINT)) AS bits FROM (SELECT ${number} AS n FROM ${rows})${where}`
    const [row] = await duckdb.query<{ size: number | null; bytes: string | null }>(
      `SELECT bit_count(bits) AS size, ${isKept ? 'base64(CAST(bits AS BLOB))' : 'NULL'} AS bytes FROM (SELECT ${select})`,
    )
    distinct += row!.size ?? 0
    if (isKept && row!.bytes !== null) bits = packBits(from, Number(span), Buffer.from(row!.bytes, 'base64'))
  }
  const ranges = [[{ kind: 'integer', min: String(min), max: String(max) }]] as const
  return { complete, distinct, ranges, ...(bits && { bits }) }
}

interface Bounds {
  readonly complete: number
  readonly min: bigint
  readonly max: bigint
}

function boundsOf(footer: ColumnFooter | undefined): Bounds | undefined {
  const { min, max } = footer ?? {}
  const known = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint'
  if (!footer || !known(min) || !known(max)) return undefined
  return { complete: footer.rows - footer.nulls, min: BigInt(min), max: BigInt(max) }
}

/** Undefined when there are dates without end among the values. */
async function boundsByScan(duckdb: Duckdb, rows: string, number: string): Promise<Bounds | undefined> {
  const [row] = await duckdb.query<{ complete: number; finite: number; min: string | null; max: string | null }>(
    `SELECT count(*) AS complete, count(n) AS finite, CAST(min(n) AS VARCHAR) AS min, CAST(max(n) AS VARCHAR) AS max FROM (SELECT ${number} AS n FROM ${rows})`,
  )
  if (row!.finite < row!.complete) return undefined
  return { complete: row!.complete, min: BigInt(row!.min ?? 0), max: BigInt(row!.max ?? 0) }
}
