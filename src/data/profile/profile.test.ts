import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ColumnProfile, DataProfile } from '../../core/column-profile.ts'
import { openDuckdb } from '../../drivers/duckdb.ts'
import { profileAgainst, profileData } from './profile.ts'

// 30,000 rows, so that some columns have more values than are counted one by one.
const ROWS = 30_000
let folder: string
let profile: DataProfile
const values: Record<string, (number | null)[]> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profile-'))
  await inDuckdb(`COPY (SELECT i AS id,
      CASE WHEN i % 10 <> 0 THEN exp(5 * sin(i)) END AS wide,
      CASE i % 1000 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE ELSE (i % 7) / 2 END AS narrow,
      ['a', 'bb', 'ccc'][1 + (i % 6) // 2 % 3]::VARCHAR AS letters,
      'user-' || i AS name, i % 3 = 0 AS flag,
      TIMESTAMP '2020-01-31 12:00:00' + to_hours(i) AS at,
      {'x': i, 'y': [i]} AS nested
    FROM range(${ROWS}) t(i)) TO '${join(folder, 'data.parquet')}' (FORMAT parquet)`)
  profile = await profileData({ cwd: folder, data: 'data.parquet', sensitive: [] })
  values['wide'] = Array.from({ length: ROWS }, (_, i) => (i % 10 === 0 ? null : Math.exp(5 * Math.sin(i))))
})
afterAll(() => rm(folder, { recursive: true }))

async function inDuckdb(sql: string): Promise<void> {
  const duckdb = await openDuckdb()
  await duckdb.run(sql)
  duckdb.close()
}

const column = (name: string, of = profile): ColumnProfile => of.columns.find((each) => each.name === name)!
const csv = (name: string, text: string) => writeFile(join(folder, name), text)

test('a profile has every column, and all rows are counted', () => {
  expect(profile).toMatchObject({ path: 'data.parquet', format: 'parquet', rows: ROWS })
  expect(profile.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ['id', 'number'],
    ['wide', 'number'],
    ['narrow', 'number'],
    ['letters', 'text'],
    ['name', 'text'],
    ['flag', 'boolean'],
    ['at', 'time'],
    ['nested', 'nested'],
  ])
})

test('a wide column of numbers: bounds, mean, quantiles and histogram are those of its values', () => {
  const sorted = values['wide']!.filter((value) => value !== null).toSorted((a, b) => a - b)
  const { missing, distinctIsEstimate, numbers, histogram, top } = column('wide')
  expect({ missing, distinctIsEstimate, top }).toEqual({ missing: ROWS / 10, distinctIsEstimate: true, top: undefined })
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length - 1)
  expect(numbers!.min).toBe(sorted[0])
  expect(numbers!.max).toBe(sorted.at(-1))
  expect(numbers!.mean).toBeCloseTo(mean, 8)
  expect(numbers!.standardDeviation).toBeCloseTo(Math.sqrt(variance), 8)
  for (const [p, value] of Object.entries(numbers!.quantiles)) {
    const exact = sorted[Math.ceil(Number(p) * sorted.length) - 1]!
    expect(Math.abs(value - exact)).toBeLessThan(0.002 * exact)
  }
  const expected = histogram!.edges.slice(1).map((to, i, all) => {
    const from = histogram!.edges[i]!
    return sorted.filter((value) => value >= from && (i === all.length - 1 ? value <= to : value < to)).length
  })
  expect(histogram!.counts).toEqual(expected)
  expect(expected.reduce((sum, n) => sum + n, 0)).toBe(sorted.length)
})

test('a narrow column of numbers is exact; NaN is missing and infinities are told apart', () => {
  const { missing, distinct, distinctIsEstimate, numbers, histogram } = column('narrow')
  expect({ missing, distinct, distinctIsEstimate }).toEqual({ missing: 30, distinct: 7, distinctIsEstimate: false })
  expect(numbers).toMatchObject({ min: 0, max: 3, infinite: 30, quantiles: { '0.5': 1.5, '0.99': 3 } })
  expect(histogram!.counts.reduce((sum, n) => sum + n, 0)).toBe(ROWS - 60)
})

test('text, true and false, and times', () => {
  expect(column('letters')).toMatchObject({
    distinct: 3,
    lengths: { min: 1, max: 3, mean: 2 },
    top: ['a', 'bb', 'ccc'].map((value) => ({ value, rows: ROWS / 3 })),
  })
  expect(column('flag').top).toEqual([
    { value: 'false', rows: ROWS - ROWS / 3 },
    { value: 'true', rows: ROWS / 3 },
  ])
  expect(column('name').distinct).toBeGreaterThan(ROWS * 0.85)
  const { times, histogram } = column('at')
  expect(times).toEqual({ earliest: '2020-01-31T12:00:00.000Z', latest: '2023-07-04T11:00:00.000Z' })
  // By the calendar, on first days of months.
  expect(histogram!.edges.slice(0, 3).map((edge) => new Date(edge).toISOString().slice(0, 10))).toEqual([
    '2020-01-01',
    '2020-04-01',
    '2020-07-01',
  ])
  expect(histogram!.counts.reduce((sum, n) => sum + n, 0)).toBe(ROWS)
})

test('of nested columns only counts are told', () => {
  const { type, ...counts } = column('nested')
  expect(type).toMatch(/^STRUCT\(x BIGINT, y BIGINT\[\]\)$/)
  expect(Object.keys(counts)).toEqual(['name', 'kind', 'rows', 'missing', 'distinct', 'distinctIsEstimate'])
})

test('the same data gives the same profile, to the last digit', async () => {
  expect(await profileData({ cwd: folder, data: 'data.parquet', sensitive: [] })).toEqual(profile)
})

test('of sensitive columns only counts are told', async () => {
  await csv('people.csv', 'name,age\nada,36\nbob,41\n')
  const { columns } = await profileData({ cwd: folder, data: 'people.csv', sensitive: ['age'] })
  const { name, ...rest } = columns[1]!
  expect(name).toBe('age')
  const counts = { type: 'DOUBLE', kind: 'number', rows: 2, missing: 0, distinct: 2, distinctIsEstimate: false }
  expect(rest).toEqual({ ...counts, sensitive: true })
})

test('data and reference are counted under the same edges', async () => {
  await csv('old.csv', `x,gone\n${Array.from({ length: 100 }, (_, i) => `${i},1`).join('\n')}\n`)
  await csv('new.csv', `x,fresh\n${Array.from({ length: 50 }, (_, i) => `${i + 80},1`).join('\n')}\n`)
  const both = await profileAgainst({ cwd: folder, data: 'new.csv', reference: 'old.csv', sensitive: [] })
  const [current, reference] = [column('x', both.current).histogram!, column('x', both.reference).histogram!]
  expect(current.edges).toEqual(reference.edges)
  expect(current.edges.at(-1)).toBeGreaterThan(129)
  expect([sum(current.counts), sum(reference.counts)]).toEqual([50, 100])
  expect(column('gone', both.reference).histogram!.counts).toContain(100)
  const edges = new Map([['x', [0, 50, 100]]])
  const given = await profileData({ cwd: folder, data: 'new.csv', sensitive: [], edges })
  expect(column('x', given).histogram).toEqual({ edges: [0, 50, 100], counts: [0, 21] })
})

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)

test('a column without values, and data without rows', async () => {
  await csv('empty.csv', 'a,b\n1,\n2,\n')
  expect(column('b', await profileData({ cwd: folder, data: 'empty.csv', sensitive: [] }))).toMatchObject({
    missing: 2,
    distinct: 0,
  })
  await csv('none.csv', 'a,b\n')
  expect((await profileData({ cwd: folder, data: 'none.csv', sensitive: [] })).rows).toBe(0)
})

test('a column that is not there is an error', async () => {
  const options = { cwd: folder, data: 'data.parquet', sensitive: [] }
  await expect(profileData({ ...options, columns: ['idd'] })).rejects.toMatchObject({ code: 'E_COLUMN_MISSING' })
  await expect(profileData({ ...options, sensitive: ['nam'] })).rejects.toMatchObject({ code: 'E_COLUMN_MISSING' })
})
