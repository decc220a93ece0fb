import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifier, literal, openDuckdb } from '../../drivers/duckdb.ts'
import { packageRoot } from '../../drivers/self.ts'
import type { ColumnDrift, DriftFacts, DriftLimits } from './facts.ts'
import { settle, type Question } from './family.ts'
import { judgeDrift } from './judge.ts'
import { measureDrift } from './measure.ts'

const LIMITS: DriftLimits = {
  maxDrift: 0.1,
  maxMissingDrift: 0.05,
  maxNewShare: 0.01,
  maxDriftAuc: 0.55,
  driftCorrection: 'holm',
}
const ARRESTS = join(packageRoot, 'test/data/arrests.csv')

/** For a machine that is busy with other things. */
const SLOW = { timeout: 120_000 }

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'drift-'))))
afterAll(() => rm(folder, { recursive: true }))

/** Writes the result of a query to a file. */
async function write(name: string, sql: string): Promise<void> {
  const duckdb = await openDuckdb()
  await duckdb.run(
    `COPY (${sql}) TO ${literal(join(folder, name))} (FORMAT ${name.endsWith('.csv') ? 'csv, HEADER' : 'parquet'})`,
  )
  duckdb.close()
}

/** Measures two queries against each other, from Parquet files unless told otherwise. */
async function drift(reference: string, current: string, more: { ignore?: string[]; as?: string } = {}): Promise<DriftFacts> {
  const as = more.as ?? 'parquet'
  await write(`reference.${as}`, reference)
  await write(`current.${as}`, current)
  const paths = { reference: `reference.${as}`, current: `current.${as}` }
  return measureDrift({ cwd: folder, ...paths, ignore: more.ignore ?? [] })
}

const column = (facts: DriftFacts, name: string): ColumnDrift => facts.columns.find((found) => found.name === name)!
function outcomes(facts: DriftFacts, question: Question, limits = LIMITS): Record<string, string> {
  const tests = settle(facts, limits).tests.filter((one) => one.question === question)
  return Object.fromEntries(tests.map((one) => [one.column?.name ?? 'all', one.outcome]))
}
const verdicts = (facts: DriftFacts): Record<string, string> =>
  Object.fromEntries(judgeDrift(facts, LIMITS, 'warn').map(({ check, verdict }) => [check.replace('data.drift.', ''), verdict]))

/** Numbers from 0 to 1 that look random and are the same in every run. */
const noise = (of: string): string => `(hash(${of}) % 1000003 / 1000003.0)`

test('arrests of 1997 to 1999 against 2000 to 2002: what changed is told, and nothing else', SLOW, async () => {
  const all = `SELECT * FROM read_csv(${literal(ARRESTS)}, all_varchar = true)`
  const facts = await drift(`${all} WHERE year < '2000'`, `${all} WHERE year >= '2000'`, { as: 'csv' })
  expect(facts.rows).toEqual({ reference: 2468, current: 2758 })
  const values = outcomes(facts, 'values')
  // The years by construction; and the share of citizens, which rose from 79 to 91 %.
  expect(Object.keys(values).filter((name) => values[name] === 'drift')).toEqual(['year', 'citizen'])
  expect(Object.values(values).filter((outcome) => outcome === 'stable')).toHaveLength(6)
  expect(outcomes(facts, 'missing')).not.toContain('drift')
  const results = judgeDrift(facts, LIMITS, 'fail')
  const found = results.find(({ check }) => check === 'data.drift.values')!
  expect(found).toMatchObject({ verdict: 'fail' })
  expect(found.message).toMatch(/^year 1, citizen 0\.136: above 0\.1 and significant \(Holm over 14 tests, alpha 0\.05\)/)
  expect(found.findings[1]!.message).toMatch(/^"citizen": Yes in 90\.6 %, was in 79\.3 %/)
  // checks differs as well, surely and by little.
  expect(found.findings[2]).toMatchObject({ severity: 'note' })
  expect(found.findings[2]!.message).toMatch(/^"checks".*A real difference, but below the limit\.$/)
  const without = await drift(`${all} WHERE year < '2000'`, `${all} WHERE year >= '2000'`, { as: 'csv', ignore: ['year'] })
  expect(without.separability!.columns[0]!.name).toBe('citizen')
  expect(outcomes(without, 'separability')).toEqual({ all: 'drift' })
})

test('a shift of a number is found, with all measures, over all rows', async () => {
  const facts = await drift(
    `SELECT ${noise('i')} AS x, ${noise('-i')} AS y FROM range(4000) t(i)`,
    `SELECT ${noise('i + 9000')} + 0.3 AS x, CASE WHEN i % 2 = 0 THEN ${noise('-i - 9000')} ELSE 'nan'::DOUBLE END AS y FROM range(3000) t(i)`,
  )
  const { numbers } = column(facts, 'x')
  expect(numbers).toMatchObject({ errorBound: 0, bins: 10 })
  expect(numbers!.statistic).toBeCloseTo(0.3, 1)
  expect(numbers!.wasserstein).toBeCloseTo(0.3, 1)
  expect(numbers!.wassersteinInDeviations).toBeCloseTo(0.3 * Math.sqrt(12), 0)
  expect(numbers!.histogram.reference.edges).toEqual(numbers!.histogram.current.edges)
  expect(numbers!.histogram.current.counts.reduce((a, b) => a + b)).toBe(3000)
  expect(numbers!.histogram.reference.counts.reduce((a, b) => a + b)).toBe(4000)
  expect(outcomes(facts, 'values')).toEqual({ x: 'drift', y: 'stable' })
  expect(column(facts, 'y').present).toEqual({ reference: 4000, current: 1500 })
  expect(outcomes(facts, 'missing')).toEqual({ x: 'stable', y: 'drift' })
})

test('two hundred rows do not sleep: a large shift is drift, and what cannot be told is inconclusive with the rows that would do', async () => {
  const reference = `SELECT ${noise('i')} AS x, ${noise('-i')} AS y FROM range(200) t(i)`
  const facts = await drift(reference, `SELECT ${noise('i + 900')} + 0.4 AS x, ${noise('-i - 900')} AS y FROM range(200) t(i)`)
  expect(outcomes(facts, 'values')).toEqual({ x: 'drift', y: 'inconclusive' })
  const alone = await drift(`SELECT y FROM (${reference})`, `SELECT ${noise('-i - 900')} AS y FROM range(200) t(i)`)
  const judged = (over: 'warn' | 'fail') => judgeDrift(alone, LIMITS, over).find(({ check }) => check === 'data.drift.values')!
  const values = judged('fail')
  expect(values.verdict).toBe('inconclusive')
  // Where drift would only warn, not knowing does no more.
  expect(judged('warn').verdict).toBe('warn')
  expect(values.message).toMatch(/too few rows to judge y: about [\d,]+ rows in each data set would do/)
  expect(outcomes(alone, 'values', { ...LIMITS, maxDrift: 0.3 })).toEqual({ y: 'stable' })
})

test(
  'a large data set does not fire on trivia, and a column of many values is counted in ranges with a bound',
  SLOW,
  async () => {
    const sql = (from: number, shift: number) =>
      `SELECT i / 1e6 + ${shift} AS x, CASE WHEN ${noise('i')} < ${0.5 + shift} THEN 'a' ELSE 'b' END AS s FROM range(${from}, ${from} + 400000) t(i)`
    const facts = await drift(sql(0, 0), sql(0, 0.004))
    const { numbers } = column(facts, 'x')
    // The truth is 0.004 / 0.4, and one row for a tie.
    expect(numbers!.statistic).toBeLessThanOrEqual(0.01001)
    expect(numbers!.statistic + numbers!.errorBound).toBeGreaterThanOrEqual(0.01)
    expect(numbers!.errorBound).toBeLessThan(0.003)
    expect(numbers!.pValue).toBeLessThan(1e-10)
    expect(column(facts, 's').categories!.pValue).toBeLessThan(0.01)
    expect(verdicts(facts)).toMatchObject({ values: 'pass', missing: 'pass', separability: 'pass' })
    const values = judgeDrift(facts, LIMITS, 'warn').find(({ check }) => check === 'data.drift.values')!
    expect(values.findings.map(({ severity }) => severity)).toEqual(['note', 'note'])
  },
)

test('new categories; rare ones that chance put on one side are none', async () => {
  const sql = (from: number, extra: string) =>
    `SELECT CASE WHEN i % 50 = 0 THEN ${extra} ELSE 'c' || i % 4 END AS s FROM range(${from}, ${from} + 3000) t(i)`
  const facts = await drift(sql(0, "'c1'"), sql(5000, "'c9'"))
  expect(column(facts, 's').categories!.new).toMatchObject({ categories: 1, rows: 60, examples: [{ value: 'c9', rows: 60 }] })
  expect(outcomes(facts, 'categories')).toEqual({ s: 'drift' })
  expect(judgeDrift(facts, LIMITS, 'warn').find(({ check }) => check === 'data.drift.categories')!.findings[0]!.message).toMatch(
    /^"s" has 1 value that the reference has not, in 2 % of the rows: "c9"/,
  )
  const rare = await drift(sql(0, "'x' || i"), sql(5000, "'x' || i"))
  expect(column(rare, 's').categories!.new).toMatchObject({ categories: 60, rows: 60, pValue: 1 })
  expect(outcomes(rare, 'categories')).toEqual({ s: 'stable' })
})

test('columns: another kind fails, a serving log may have others, ids and times and free text are not compared as they are', async () => {
  const facts = await drift(
    `SELECT i AS id, 'text ' || i AS comment, i AS amount, 'yes' AS label, DATE '2024-01-01' + (i % 30)::INT AS day, NULL AS empty FROM range(500) t(i)`,
    `SELECT i + 500 AS id, 'text ' || i || i AS comment, 'n/a' AS amount, i AS request, DATE '2024-03-01' AS day, i % 3 AS empty FROM range(500) t(i)`,
    { as: 'csv', ignore: ['empty'] },
  )
  expect(facts).toMatchObject({ onlyInReference: ['label'], onlyInCurrent: ['request'], ignored: ['empty'] })
  expect(facts.kindChanges).toEqual([{ name: 'amount', reference: 'number (DOUBLE)', current: 'text (VARCHAR)' }])
  expect(facts.columns.map(({ name, comparison }) => [name, comparison])).toEqual([
    ['id', 'identifier'],
    ['comment', 'lengths'],
    ['day', 'times'],
  ])
  expect(outcomes(facts, 'values')).toEqual({ comment: 'drift' })
  const [columns] = judgeDrift(facts, LIMITS, 'warn')
  expect(columns).toMatchObject({ check: 'data.drift.columns', verdict: 'fail' })
  for (const part of [
    '"amount" is text (VARCHAR), in the reference number (DOUBLE).',
    'only in the reference: "label"',
    'only in the current data: "request"',
    '"id" counts the rows',
    '"comment" has too many different texts',
    '"day" runs from 2024-03-01 to 2024-03-01, in the reference from 2024-01-01 to 2024-01-30, which is not judged',
  ])
    expect(columns!.message).toContain(part)
})

test('columns without values, infinite values, nested values, and many columns', async () => {
  const many = Array.from({ length: 30 }, (_, i) => `(i * ${i + 3}) % 97 AS ${identifier(`c "${i}"`)}`)
  const facts = await drift(
    `SELECT NULL::VARCHAR AS gone, i % 7 AS came, [i] AS list, CASE WHEN i % 9 = 0 THEN 'inf'::DOUBLE ELSE ${noise('i')} END AS x, ${many.join(', ')} FROM range(2000) t(i)`,
    `SELECT i AS gone, NULL::DOUBLE AS came, NULL::INT[] AS list, ${noise('i + 7000')} AS x, ${many.join(', ')} FROM range(2000) t(i)`,
  )
  expect(facts.columns).toHaveLength(34)
  expect(facts.kindChanges).toEqual([])
  expect(outcomes(facts, 'missing')).toMatchObject({ gone: 'drift', came: 'drift', list: 'drift', x: 'stable' })
  expect(column(facts, 'x').numbers!.statistic).toBeGreaterThan(0.1)
  expect(Number.isFinite(column(facts, 'x').numbers!.wasserstein)).toBe(true)
  expect(column(facts, 'c "29"').numbers).toMatchObject({ statistic: 0, pValue: 1 })
  expect(column(facts, 'c "0"').numbers!.median).toEqual({ reference: 48, current: 48 })
})

test('columns that changed together though none changed by itself', async () => {
  const sql = (from: number, y: string) => `SELECT ${noise('i')} AS x, ${y} AS y FROM range(${from}, ${from} + 3000) t(i)`
  const facts = await drift(sql(0, noise('i')), sql(9000, `1 - ${noise('i')}`))
  expect(outcomes(facts, 'values')).toEqual({ x: 'stable', y: 'stable' })
  expect(facts.separability!.auc).toBeGreaterThan(0.9)
  expect(verdicts(facts)).toMatchObject({ values: 'pass', separability: 'warn' })
})

test('no rows is an error, no common column too, and an unknown column is refused', async () => {
  const rows = 'SELECT i AS a FROM range(100) t(i)'
  expect(verdicts(await drift(rows, `${rows} WHERE false`))).toEqual({ columns: 'error' })
  expect(verdicts(await drift(rows, 'SELECT i AS b FROM range(100) t(i)'))).toEqual({ columns: 'error' })
  await expect(drift(rows, rows, { ignore: ['aa'] })).rejects.toMatchObject({ code: 'E_COLUMN_MISSING' })
})

test('the same data gives the same numbers, and none of it has drifted from itself', SLOW, async () => {
  const options = { cwd: packageRoot, reference: ARRESTS, current: ARRESTS, ignore: [] }
  const facts = await measureDrift(options)
  expect(await measureDrift(options)).toEqual(facts)
  expect(Object.values(verdicts(facts)).every((verdict) => verdict === 'pass')).toBe(true)
})
