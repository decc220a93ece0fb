import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { literal, openData, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'
import { openScan } from '../scan/scan.ts'
import { countByBits } from './count-by-bits.ts'
import { countByHash } from './count-by-hash.ts'
import { distinctKeys, mergeKeys, type DistinctKeys } from './distinct-keys.ts'
import { scanUnit } from './scan-unit.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

async function countOf(select: string, columns = ['x']): Promise<DistinctKeys> {
  await duckdb.run(`COPY (${select}) TO ${literal(join(folder, 'data.parquet'))} (FORMAT parquet)`)
  const source = await openData(duckdb, folder, 'data.parquet')
  const scan = openScan(source, () => new Set())
  const aggregate = distinctKeys(scan, columns, () => new Set())
  const { states } = await scanUnit({ duckdb, scan, source, aggregates: [aggregate] })
  return states.get(aggregate.id) as DistinctKeys
}

test.each([
  ['SELECT i AS x FROM range(1000) t(i)', 1000, 1000],
  ['SELECT i // 2 - 300 AS x FROM range(1000) t(i)', 1000, 500],
  ['SELECT i * 1000000007 AS x FROM range(1000) t(i)', 1000, 1000],
  ['SELECT CASE WHEN i % 10 = 0 THEN NULL ELSE i END AS x FROM range(1000) t(i)', 900, 900],
  ['SELECT NULL::INTEGER AS x FROM range(1000) t(i)', 0, 0],
  ["SELECT DATE '2024-01-01' - (i % 400)::INTEGER AS x FROM range(1000) t(i)", 1000, 400],
  ["SELECT unnest(['infinity', '-infinity', '2024-01-01']::DATE[]) AS x", 3, 3],
  ["SELECT unnest(['1', 'nan', 'nan', '1', NULL, 'inf']::DOUBLE[]) AS x", 3, 2],
  ["SELECT 'k' || (i % 333) AS x FROM range(1000) t(i)", 1000, 333],
  ['SELECT i::UBIGINT + 18446744073709550000 AS x FROM range(1000) t(i)', 1000, 1000],
  ['SELECT unnest([9223372036854775807, -9223372036854775808, 0]) AS x', 3, 3],
  ['SELECT unnest([9223372036854775807, 9223372036854775806]) AS x', 2, 2],
  ['SELECT (i % 2 = 0) AS x FROM range(10) t(i)', 10, 2],
  ['SELECT 1 AS x WHERE false', 0, 0],
])('%s', async (select, complete, distinct) => {
  expect(await countOf(select)).toMatchObject({ complete, distinct })
})

test('a key of several columns: rows that lack a part are not counted', async () => {
  const select = "SELECT i % 10 AS x, CASE WHEN i < 5 THEN NULL ELSE 'm' || (i % 4) END AS y FROM range(105) t(i)"
  expect(await countOf(select, ['x', 'y'])).toMatchObject({ complete: 100, distinct: 20 })
})

test('many keys are counted by hash, in several passes, and what repeats by its values', async () => {
  const rows = "(SELECT 'k' || (i % 30001) AS k0 FROM range(31000) t(i))"
  expect(await countByHash(duckdb, rows, ['text'], 9000)).toMatchObject({ complete: 31_000, distinct: 30_001 })
})

test('numbers that lie wide apart for their number are left to hashing, and wide ranges are gone through in windows', async () => {
  const far = '(SELECT i * 100 AS k0 FROM range(1000) t(i))'
  expect(await countByBits(duckdb, far, 'BIGINT', undefined)).toBeUndefined()
  const wide = '(SELECT (i % 9000) * 60 AS k0 FROM range(9500) t(i))'
  expect(await countByBits(duckdb, wide, 'BIGINT', undefined, 1n << 15n)).toMatchObject({ complete: 9500, distinct: 9000 })
})

const file = (min: number, max: number, distinct = max - min + 1, complete = distinct): DistinctKeys => ({
  complete,
  distinct,
  ranges: [[{ kind: 'integer', min: String(min), max: String(max) }]],
})

test('files whose ranges lie apart share no key, in whatever order they come', () => {
  const merged = [file(0, 9), file(20, 29), file(10, 19)].reduce(mergeKeys)
  expect(merged).toMatchObject({ complete: 30, distinct: 30 })
  expect(merged.isOpen).toBeUndefined()
})

test('files whose ranges meet are compared, unless there are bitmaps', async () => {
  expect(mergeKeys(file(0, 9), file(9, 19))).toMatchObject({ complete: 21, isOpen: true })
  const first = await countOf('SELECT i AS x FROM range(3, 1000) t(i)')
  const second = await countOf('SELECT i AS x FROM range(900, 2001) t(i)')
  const merged = mergeKeys(first, second)
  expect(merged).toMatchObject({ complete: 997 + 1101, distinct: 1998 })
  expect(mergeKeys(merged, await countOf('SELECT i * 2 AS x FROM range(-10, 1200) t(i)'))).toMatchObject({
    distinct: 1998 + 10 + 2 + 199,
  })
})

test('a key of several columns is apart when one of its columns is', async () => {
  const month = (name: string) => countOf(`SELECT i AS x, '${name}' AS y FROM range(10) t(i)`, ['x', 'y'])
  expect(mergeKeys(await month('2024-01'), await month('2024-02'))).toMatchObject({ complete: 20, distinct: 20 })
  expect(mergeKeys(await month('2024-01'), await month('2024-01'))).toMatchObject({ complete: 20, isOpen: true })
})
