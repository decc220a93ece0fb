import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckResult } from '../../core/check.ts'
import { literal, openDuckdb } from '../../drivers/duckdb.ts'
import { columnDetails } from './column-details.ts'
import { judgeQuality, QUALITY_RULES } from './judge.ts'
import { measureQuality, type MeasureOptions } from './measure.ts'
import type { QualityLimits } from './rule.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'quality-'))))
afterAll(() => rm(folder, { recursive: true }))

const NOW = new Date('2026-01-15T12:00:00Z')
const LIMITS: QualityLimits = {
  minRows: 100,
  maxMissingShare: 0.05,
  maxDuplicateShare: 0.05,
  minClassShare: 0.05,
  maxConflictingShare: 0.01,
  mostClasses: 50,
  maxValueShare: 0.99,
  maxLabelScore: 0.95,
  maxSharedShare: 0.01,
}

/** Writes the rows of a query as `name`.csv or .parquet. */
async function write(file: string, sql: string): Promise<void> {
  const duckdb = await openDuckdb()
  await duckdb.run(
    `COPY (${sql}) TO ${literal(join(folder, file))} (${file.endsWith('.csv') ? 'FORMAT csv, HEADER' : 'FORMAT parquet'})`,
  )
  duckdb.close()
}

async function judge(file: string, options: Partial<MeasureOptions> = {}): Promise<Record<string, CheckResult>> {
  const facts = await measureQuality({ cwd: folder, data: file, ignore: [], mostClasses: 50, now: NOW, ...options })
  const results = judgeQuality(facts, LIMITS, ({ severity }) => severity)
  // The report is what is written to disk, so what must not be shown is looked for in all of it.
  const details = facts.columns.map(columnDetails)
  return { ...Object.fromEntries(results.map((one) => [one.check.replace('data.', ''), one])), ...({ details } as object) }
}

const verdicts = (results: Record<string, CheckResult>) =>
  Object.fromEntries(QUALITY_RULES.filter(({ name }) => results[name]).map(({ name }) => [name, results[name]!.verdict]))
const messages = (result: CheckResult): string => [result.message, ...result.findings.map(({ message }) => message)].join('\n')

/** Two hash-like numbers in [0, 1) of a row: the same in every run and on every machine. */
const u = `((i * 7919 + 13) % 1009) / 1009.0`
const v = `((i * 104729 + 7) % 997) / 997.0`

const GOOD = `SELECT i AS row_no, round(${u} * 50 + ${v} * 50, 3) AS amount, (20 + ${v} * 60)::INTEGER AS age,
  ['north', 'south', 'east', 'west'][(i * 7 % 4)::INTEGER + 1] AS region, DATE '2020-01-01' + (i * 11 % 700)::INTEGER AS day,
  CASE WHEN i % 40 = 3 THEN NULL ELSE round(${u}, 3) END AS score, CASE WHEN (i * 613 + 5) % 101 > 70 THEN 'yes' ELSE 'no' END AS label
  FROM range(400) t(i)`

const BAD = `SELECT (i % 390)::VARCHAR || '-K' AS order_id,
  CASE WHEN i = 7 THEN 'lots' ELSE (i * 3)::VARCHAR END AS quantity,
  CASE WHEN i % 9 = 0 THEN strftime(DATE '2020-01-13' + (i % 15)::INTEGER, '%d/%m/%Y')
       WHEN i % 9 = 1 THEN strftime(DATE '2020-01-13' + (i % 15)::INTEGER, '%m/%d/%Y')
       ELSE strftime(DATE '2020-01-13' + (i % 15)::INTEGER, '%m/%d/%Y') END AS written_on,
  CASE WHEN i % 10 = 0 THEN 'N/A' WHEN i % 10 = 1 THEN '-' ELSE (i % 50)::VARCHAR END AS rooms,
  CASE WHEN i % 25 = 0 THEN 999 ELSE 20 + i % 50 END AS age,
  ['Yes', 'yes ', 'YES', 'No'][(i % 4)::INTEGER + 1] AS answer,
  CASE WHEN i < 2 THEN 100000.0 + i ELSE round(${u} * 10, 3) END AS amount,
  CASE WHEN i = 5 THEN DATE '1850-01-01' WHEN i = 6 THEN DATE '2031-01-01' WHEN i % 10 = 0 THEN DATE '1970-01-01'
       ELSE DATE '2020-01-01' + (i % 700)::INTEGER END AS joined,
  'person' || i || '@example.org' AS contact,
  CASE WHEN i % 400 = 1 THEN 'b' ELSE 'a' END AS flag, 'x' AS same,
  CASE WHEN i % 5 = 0 THEN NULL ELSE i * 7 % 31 END AS cancelled_after, CASE WHEN i % 5 = 0 THEN NULL ELSE i * 5 % 31 END AS cancel_reason,
  CASE WHEN i % 5 = 0 THEN 0 ELSE 1 + i % 3 END AS refunds,
  CASE WHEN i % 5 = 0 THEN 'stayed' ELSE 'left' END AS label
  FROM range(400) t(i)`

describe.each(['csv', 'parquet'])('%s', (format) => {
  test('good data: nothing is reported', async () => {
    await write(`good.${format}`, GOOD)
    const results = await judge(`good.${format}`, { label: 'label', key: ['row_no'] })
    const noted = Object.entries(verdicts(results)).filter(([, verdict]) => verdict !== 'pass')
    expect(noted).toEqual([])
    expect(results['identifiers']!.message).toBe('row_no (a row number).')
    expect(results['label-leakage']!.measurements.length).toBeGreaterThan(3)
  })

  test('bad data: every check finds its fault, and names the column', async () => {
    await write(`bad.${format}`, BAD)
    const results = await judge(`bad.${format}`, { label: 'label', key: ['order_id'], ignore: [] })
    expect(verdicts(results)).toMatchObject({
      key: 'fail',
      missing: 'warn',
      'missing-pattern': 'warn',
      'missing-spellings': 'warn',
      constant: 'warn',
      'near-constant': 'pass',
      'mixed-types': 'warn',
      'spelling-variants': 'warn',
      outliers: 'warn',
      'implausible-dates': 'warn',
      'personal-data': 'warn',
      'label-leakage': 'warn',
      identifiers: 'pass',
    })
    expect(results['key']!.message).toBe('10 rows with a key (order_id) that an earlier row has.')
    expect(messages(results['missing-pattern']!)).toContain(
      'cancelled_after, cancel_reason are missing together, in the same 80 rows.',
    )
    expect(messages(results['missing-pattern']!)).toContain(
      'Where "cancelled_after" is missing (80 rows), 100 % have the label "stayed"',
    )
    expect(messages(results['missing-spellings']!)).toContain('"rooms" is "N/A" or "-" in 80 rows (20 %)')
    expect(messages(results['missing-spellings']!)).toContain('"age" is 999 in 16 rows (4 %)')
    expect(messages(results['near-constant']!)).toContain('"flag" is "a" in 99.8 % of 400 rows.')
    expect(messages(results['mixed-types']!)).toContain('"quantity": 99.8 % are numbers; the rest is not: "lots".')
    expect(messages(results['mixed-types']!)).toContain('"written_on": day and month change places')
    expect(messages(results['spelling-variants']!)).toContain('"Yes" (100)')
    expect(messages(results['outliers']!)).toContain('"amount": 2 values (0.5 %)')
    expect(messages(results['outliers']!)).not.toContain('"age"')
    expect(messages(results['implausible-dates']!)).toContain('1970-01-01 in 40 rows')
    expect(messages(results['implausible-dates']!)).toMatch(/1 date before 1900; 1 date .*in the future/)
    expect(messages(results['label-leakage']!)).toContain('refunds')
    expect(messages(results['identifiers']!)).toContain('contact')
    expect(messages(results['personal-data']!)).toContain('"contact" has e-mail addresses in 400 rows (100 %)')
    expect(JSON.stringify(results)).not.toContain('@example')
  })
})

test('equal rows are a mistake where values are fine, and chance where they are coarse', async () => {
  await write('coarse.csv', `SELECT i % 3 AS a, i * 7 % 4 AS b, i % 2 AS label FROM range(500) t(i)`)
  const coarse = await judge('coarse.csv', { label: 'label' })
  expect(coarse['duplicates']!.verdict).toBe('pass')
  expect(coarse['duplicates']!.message).toContain('chance makes rows equal')
  await write('fine.csv', `SELECT i % 250 AS a, round(sqrt(i % 250), 6) AS b, i // 250 AS label FROM range(500) t(i)`)
  const fine = await judge('fine.csv', { label: 'label' })
  expect(fine['conflicting-labels']!.verdict).toBe('warn')
  expect((await judge('fine.csv'))['duplicates']!.verdict).toBe('pass')
  expect((await judge('fine.csv', { ignore: ['label'] }))['duplicates']!.verdict).toBe('warn')
})

test('columns that look like a key, and repeat a little', async () => {
  await write('guess.csv', `SELECT uuid(), CASE WHEN i < 4 THEN 1 ELSE i * 13 END AS customer_id FROM range(300) t(i)`)
  const results = await judge('guess.csv')
  expect(results['guessed-keys']).toMatchObject({ verdict: 'warn', message: 'customer_id repeats in 3 rows (1 %).' })
  expect(results['guessed-keys']!.findings[0]!.message).toBe('4 rows with the same customer_id: lines 2, 3, 4, 5')
  expect(messages(results['identifiers']!)).toContain('UUID')
})

describe('a second data set', () => {
  const sale = (from: number, to: number, day: number) =>
    `SELECT i AS sale_id, round(${u} * 100, 3) AS amount, round(${v} * 9, 4) AS size, DATE '2024-01-01' + ((i % 50) + ${day})::INTEGER AS sold FROM range(${from}, ${to}) t(i)`

  test('rows, keys and periods that both have', async () => {
    await write('train.parquet', sale(1000, 1500, 0))
    await write('leaky.csv', sale(1450, 1600, 25))
    const leaky = await judge('leaky.csv', { reference: 'train.parquet', key: ['sale_id'] })
    expect(verdicts(leaky)).toMatchObject({ 'shared-keys': 'warn', 'time-overlap': 'warn' })
    expect(leaky['shared-keys']!.message).toContain('sale_id: 50 rows (33.3 %)')
    const rows = await judge('leaky.csv', { reference: 'train.parquet', key: ['sale_id'], ignore: ['sold'] })
    expect(rows['shared-rows']).toMatchObject({ verdict: 'warn' })
    expect(rows['shared-rows']!.measurements[0]).toMatchObject({ name: 'shared rows', value: 50 })
    expect(rows['shared-rows']!.findings[0]!.message).toBe('lines 2, 3, 4, 5, 6, …')
  })

  test('a later test set of other customers shares nothing', async () => {
    await write('train.csv', sale(1000, 1500, 0))
    await write('later.csv', sale(1500, 1900, 80))
    const later = await judge('later.csv', { reference: 'train.csv', key: ['sale_id'] })
    expect(verdicts(later)).toMatchObject({ 'shared-rows': 'pass', 'shared-keys': 'pass', 'time-overlap': 'pass' })
  })

  test('coarse rows are equal by chance', async () => {
    await write('coarse-a.csv', `SELECT i % 3 AS a, i % 5 AS b FROM range(200) t(i)`)
    await write('coarse-b.csv', `SELECT i % 3 AS a, i % 5 AS b FROM range(300) t(i)`)
    expect((await judge('coarse-a.csv', { reference: 'coarse-b.csv' }))['shared-rows']!.verdict).toBe('pass')
  })

  test('a reference without rows, or without a common column, is an error', async () => {
    await write('empty.csv', `SELECT i AS a FROM range(0) t(i)`)
    await write('other.csv', `SELECT i AS q FROM range(10) t(i)`)
    await write('a.csv', `SELECT i % 7 AS a FROM range(200) t(i)`)
    expect((await judge('a.csv', { reference: 'empty.csv' }))['shared-rows']!.verdict).toBe('error')
    expect((await judge('a.csv', { reference: 'other.csv' }))['shared-rows']!.verdict).toBe('error')
    await expect(judge('a.csv', { reference: 'nowhere.csv' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  })
})

describe('edges', () => {
  test.each<[string, string, Record<string, string>]>([
    ['one row', `SELECT 1 AS a, 'x' AS b, NULL::DATE AS c`, { constant: 'inconclusive' }],
    ['one column', `SELECT i AS "only" FROM range(150) t(i)`, {}],
    ['all missing', `SELECT NULL::INTEGER AS a, NULL::VARCHAR AS b, NULL::DATE AS c FROM range(120)`, { missing: 'fail' }],
    [
      'nested and unusual types',
      `SELECT [i] AS list, {'a': i, 'b': 'x'} AS s, MAP {'k': i} AS m, i::VARCHAR::BLOB AS b, uuid() AS u,
       TIME '10:00:00' AS t, INTERVAL 1 DAY AS iv, i::DECIMAL(9,2) AS d, i::HUGEINT AS h, (i % 2)::VARCHAR::ENUM('0', '1') AS e,
       TIMESTAMPTZ '2024-01-01 00:00:00+00' AS z, [{'x': [i]}] AS deep FROM range(120) t(i)`,
      {},
    ],
    [
      'names with quotes, spaces and letters of all kinds',
      `SELECT i AS "a ""quoted"" 'name'", 'é' || i % 3 AS "naïve ✓", i AS "SELECT", i AS "名前" FROM range(120) t(i)`,
      {},
    ],
    [
      'infinite and huge numbers',
      `SELECT CASE WHEN i = 3 THEN 'inf'::DOUBLE WHEN i = 4 THEN '-inf'::DOUBLE WHEN i = 5 THEN 'nan'::DOUBLE ELSE i * 1e300 END AS x FROM range(120) t(i)`,
      {},
    ],
  ])('%s', async (name, sql, expected) => {
    const file = `${name.replaceAll(/\W/g, '-')}.parquet`
    await write(file, sql)
    const results = await judge(file)
    expect(Object.values(verdicts(results))).not.toContain('error')
    expect(verdicts(results)).toMatchObject(expected)
  })

  test('infinite numbers are named', async () => {
    await write('infinite.parquet', `SELECT CASE WHEN i < 2 THEN 'inf'::DOUBLE ELSE i END AS x FROM range(120) t(i)`)
    expect(messages((await judge('infinite.parquet'))['outliers']!)).toContain('"x" is infinite in 2 rows')
  })

  test('more columns than one statement looks at', async () => {
    const columns = Array.from({ length: 130 }, (_, c) =>
      c % 2 === 0 ? `i * ${c + 1} % 97 AS c${c}` : `'v' || i * ${c} % 7 AS c${c}`,
    )
    await write('wide.parquet', `SELECT ${columns.join(', ')} FROM range(120) t(i)`)
    const results = await judge('wide.parquet', { label: 'c1' })
    expect(Object.values(verdicts(results))).not.toContain('error')
  }, 120_000)

  test('too few rows to say: skipped, and inconclusive when the check is a gate', async () => {
    await write('few.csv', `SELECT i AS x, CASE WHEN i = 0 THEN 'a' ELSE 'b' END AS label FROM range(120) t(i)`)
    const facts = await measureQuality({ cwd: folder, data: 'few.csv', label: 'label', ignore: [], mostClasses: 50, now: NOW })
    const verdictAs = (severity: 'fail' | 'warn') =>
      judgeQuality(facts, LIMITS, () => severity).find(({ check }) => check === 'data.label-leakage')!.verdict
    expect([verdictAs('warn'), verdictAs('fail')]).toEqual(['skip', 'inconclusive'])
  })

  test('identifiers do not give the label away, and a copy of it does', async () => {
    const label = `CASE WHEN i % 3 = 0 THEN 'yes' ELSE 'no' END`
    await write(
      'leak.csv',
      `SELECT 'id' || i AS id, i * 31 % 601 AS noise, ${label} AS label, upper(${label}) AS copy FROM range(600) t(i)`,
    )
    const { 'label-leakage': leakage } = await judge('leak.csv', { label: 'label' })
    expect(leakage!.message).toBe('copy alone removes 100 % of the errors of a constant guess.')
    expect(messages(leakage!)).toContain('Not judged, because values hardly repeat or are no single values: id.')
  })

  test('a label of numbers: a rescaled copy gives it away', async () => {
    await write('price.parquet', `SELECT i AS price, i * 1.2 + 3 AS with_tax, i * 37 % 101 AS rooms FROM range(300) t(i)`)
    const { 'label-leakage': leakage } = await judge('price.parquet', { label: 'price' })
    expect(leakage!.message).toMatch(/^with_tax alone removes .*(100|> 99.9) % of the variance of the label\.$/)
  })

  test('columns named as sensitive show no value anywhere', async () => {
    await write(
      'secret.csv',
      `SELECT CASE WHEN i = 3 THEN 'Zanzibar' ELSE (i * 3)::VARCHAR END AS diagnosis, 'Kilimanjaro' AS same,
      CASE WHEN i = 0 THEN 987654.5 ELSE i % 17 + 0.5 END AS dose, ['Oslo', 'oslo ', 'OSLO'][(i % 3)::INTEGER + 1] AS label FROM range(150) t(i)`,
    )
    const open = JSON.stringify(await judge('secret.csv', { label: 'label' }))
    for (const value of ['Zanzibar', 'Kilimanjaro', '987654', 'Oslo']) expect(open).toContain(value)
    const closed = JSON.stringify(
      await judge('secret.csv', { label: 'label', sensitive: ['diagnosis', 'same', 'dose', 'label'] }),
    )
    for (const value of ['Zanzibar', 'Kilimanjaro', '987654', '987655', 'Oslo', 'oslo', 'OSLO'])
      expect(closed).not.toContain(value)
  })

  test('every rule has a name of its own, a summary and a reason', () => {
    expect(new Set(QUALITY_RULES.map(({ name }) => name)).size).toBe(QUALITY_RULES.length)
    for (const { summary, why } of QUALITY_RULES)
      expect([summary, why]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)])
  })
})
