import type { Duckdb } from '../../drivers/duckdb.ts'
import type { DistinctKeys } from './distinct-keys.ts'
import type { KeyRange, KeyRanges } from './key-ranges.ts'

/** Different keys that are held in memory at once, by their values or by their hashes. */
const AT_ONCE = 1_500_000
/** Beyond so many passes over the keys DuckDB puts aside on disk what does not fit. */
const MOST_PASSES = 8
/** Longer text is no bound that is worth keeping. */
const LONGEST_BOUND = 200

/**
 * Counts different keys of any type. Few are counted by their values. Many are counted by hashes of 64 bits, one partition of the
 * hashes after the other; keys whose hash comes again are then counted by their values, so that two keys of one hash are two.
 *
 * @param rows a table expression with the columns `k0`, `k1`, …, never NULL
 * @param atOnce keys that are held in memory at once
 * @param kinds how the bounds of each column compare; null where they are not told
 */
export async function countByHash(
  duckdb: Duckdb,
  rows: string,
  kinds: readonly (KeyRange['kind'] | null)[],
  atOnce: number = AT_ONCE,
): Promise<DistinctKeys> {
  const names = kinds.map((_kind, i) => `k${i}`)
  const hash = `hash(${names.join(', ')})`
  const bounds = kinds.flatMap((kind, i) => {
    if (kind === null) return []
    return [`CAST(min(k${i}) AS VARCHAR) AS min${i}`, `CAST(max(k${i}) AS VARCHAR) AS max${i}`]
  })
  const [first] = await duckdb.query<Record<string, number | string | null>>(
    `SELECT count(*) AS complete, approx_count_distinct(${hash}) AS about${bounds.map((one) => `, ${one}`).join('')} FROM ${rows}`,
  )
  const complete = Number(first!['complete'])
  if (complete === 0) return { complete: 0, distinct: 0, ranges: [] }
  const ranges: KeyRanges = kinds.map((kind, i) => rangeOf(kind, first![`min${i}`], first![`max${i}`]))
  const about = Number(first!['about'])
  const known = ranges.some((range) => range !== null) ? [ranges] : [kinds.map(() => null)]
  if (about <= atOnce) {
    const [row] = await duckdb.query<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT DISTINCT ${names.join(', ')} FROM ${rows})`,
    )
    return { complete, distinct: row!.n, ranges: known }
  }
  const passes = Math.min(MOST_PASSES, Math.ceil(about / atOnce))
  let distinct = 0
  for (let pass = 0; pass < passes; pass++) {
    const partition = `(SELECT ${hash} AS h FROM ${rows})${passes > 1 ? ` WHERE h % ${passes} = ${pass}` : ''}`
    const [row] = await duckdb.query<{ n: number; hashes: number }>(
      `SELECT count(*) AS n, count(DISTINCT h) AS hashes FROM ${partition}`,
    )
    distinct += row!.hashes
    if (row!.hashes < row!.n) distinct += await collisions(duckdb, rows, hash, names, passes, pass)
  }
  return { complete, distinct, ranges: known }
}

/** Keys that share the hash of another: among those whose hash comes again, keys minus hashes. */
async function collisions(
  duckdb: Duckdb,
  rows: string,
  hash: string,
  names: readonly string[],
  passes: number,
  pass: number,
): Promise<number> {
  const partition = `(SELECT *, ${hash} AS h FROM ${rows} WHERE ${hash} % ${passes} = ${pass})`
  const again = `(SELECT h FROM ${partition} GROUP BY h HAVING count(*) > 1)`
  const keys = `(SELECT DISTINCT h, ${names.join(', ')} FROM ${partition} SEMI JOIN ${again} USING (h))`
  const [row] = await duckdb.query<{ n: number }>(`SELECT count(*) - count(DISTINCT h) AS n FROM ${keys}`)
  return row!.n
}

/** Times with years of four digits, whose text sorts as they do. */
const TIME = /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?)?$/

function rangeOf(kind: KeyRange['kind'] | null, min: unknown, max: unknown): KeyRange | null {
  if (kind === null || typeof min !== 'string' || typeof max !== 'string') return null
  if (min.length > LONGEST_BOUND || max.length > LONGEST_BOUND) return null
  return kind === 'time' && !(TIME.test(min) && TIME.test(max)) ? null : { kind, min, max }
}
