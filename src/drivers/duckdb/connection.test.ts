import { existsSync, readdirSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openDuckdb } from './connection.ts'
import { lazyDuckdb } from './lazy-connection.ts'

test('what does not fit into memory is put aside in a private folder, which is removed', async () => {
  const duckdb = await openDuckdb({ memoryLimit: 40e6, threads: 1 })
  const [setting] = await duckdb.query<{ folder: string }>("SELECT current_setting('temp_directory') AS folder")
  const { folder } = setting!
  try {
    const others = process.platform === 'win32' ? 0 : statSync(folder).mode & 0o077
    expect(others).toBe(0)
    // Twice as much as may be held at once.
    await duckdb.run('CREATE TEMP TABLE t AS SELECT i, hash(i) AS h, hash(i + 1) AS g FROM range(3000000) r(i)')
    expect(await duckdb.query('SELECT count(*) AS n, bit_xor(h) = bit_xor(hash(i)) AS same FROM t')).toEqual([
      { n: 3_000_000, same: true },
    ])
    expect(readdirSync(folder).length).toBeGreaterThan(0)
  } finally {
    duckdb.close()
  }
  expect(existsSync(folder)).toBe(false)
})

test('progress is told while a query runs, and not after', async () => {
  const seen: number[] = []
  const duckdb = await openDuckdb({ threads: 1, onProgress: ({ share }) => seen.push(share) })
  await duckdb.run('CREATE TABLE t AS SELECT i FROM range(20000) r(i)')
  await duckdb.query('SELECT count(*) FROM t a JOIN t b ON a.i * 7 % 1000 < b.i % 1000')
  duckdb.close()
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.every((share) => share >= 0 && share <= 1)).toBe(true)
})

test('a lazy database is opened by the first query', async () => {
  const duckdb = lazyDuckdb()
  expect(duckdb.isOpen()).toBe(false)
  duckdb.close()
  expect(await duckdb.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(duckdb.isOpen()).toBe(true)
  duckdb.close()
})
