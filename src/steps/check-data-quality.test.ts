import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { CheckResult } from '../core/check.ts'
import type { Report } from '../core/report.ts'
import { wilson } from '../stats/proportion.ts'
import { literal, openDuckdb } from '../drivers/duckdb.ts'
import { checkDataQuality } from './check-data-quality.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'check-data-quality-'))))
afterEach(() => rm(folder, { recursive: true }))

const context = () => stepContext(folder)

type Input = Record<string, unknown>

function check(params: Input): Promise<Report> {
  return checkDataQuality.run(context(), checkDataQuality.params.parse({ input: 'input.csv', ...params }))
}

async function checkCsv(csv: string, params: Input = {}): Promise<Report> {
  await writeFile(join(folder, 'input.csv'), csv)
  return check(params)
}

const byName = (report: Report): Record<string, CheckResult> =>
  Object.fromEntries(report.results.map((result) => [result.check.replace('data.', ''), result]))
const verdicts = (report: Report): Record<string, string> =>
  Object.fromEntries(report.results.map(({ check, verdict }) => [check.replace('data.', ''), verdict]))

const clean = Array.from({ length: 200 }, (_, i) => `${i},${i * 7},${i % 3 === 0 ? 'yes' : 'no'}`)
const csv = (rows: readonly string[]): string => `a,b,label\n${rows.join('\n')}\n`

test('clean data passes without configuration; checks on labels are skipped by name', async () => {
  const report = await checkCsv(csv(clean))
  expect(report).toMatchObject({ verdict: 'pass', summary: '200 rows, 3 columns, 14 checks: nothing to note' })
  expect(verdicts(report)).toMatchObject({ 'class-balance': 'skip', 'conflicting-labels': 'skip' })
  expect(byName(report)['class-balance']!.message).toContain('--label')
})

test('missing values: share per column with its interval; over the limit is a warning', async () => {
  const report = await checkCsv(csv([...clean.slice(20), ...Array.from({ length: 20 }, (_, i) => `,${i},no`)]))
  const missing = byName(report)['missing']!
  expect(missing).toMatchObject({ verdict: 'warn', message: 'a 10 %; at most 5 % of a column expected.' })
  expect(missing.measurements[0]).toMatchObject({
    value: 0.1,
    n: 200,
    slice: { column: 'a' },
    interval: wilson(20, 200),
  })
  expect(verdicts(await check({ maxMissingShare: 0.1 }))['missing']).toBe('pass')
  expect(verdicts(await check({ fail: ['missing'] }))['missing']).toBe('fail')
  expect(verdicts(await check({ skip: ['missing'] }))['missing']).toBe('skip')
})

test('a column without any value, and a label that is missing, always fail', async () => {
  expect(verdicts(await checkCsv(csv(clean.map((row) => row.replace(/,\d+,/, ',,')))))['missing']).toBe('fail')
  const report = await checkCsv(csv([...clean, '1000,1000,']), { label: 'label' })
  expect(byName(report)['missing']).toMatchObject({ verdict: 'fail' })
  expect(byName(report)['missing']!.findings[0]!.message).toBe(
    'The label "label" is missing in 1 row (0.5 %): they can neither train nor test a model.',
  )
})

test('NaN counts as missing', async () => {
  const duckdb = await openDuckdb()
  await duckdb.run(
    `COPY (SELECT CASE WHEN i < 150 THEN i::DOUBLE ELSE 'nan'::DOUBLE END AS x, i AS y FROM range(200) t(i)) TO ${literal(join(folder, 'nan.parquet'))}`,
  )
  duckdb.close()
  expect(byName(await check({ input: 'nan.parquet' }))['missing']!.measurements[0]!.value).toBe(0.25)
})

test('duplicate rows are counted, and shown by line', async () => {
  const report = await checkCsv(csv([...clean, ...clean.slice(0, 40), clean[0]!]))
  const duplicates = byName(report)['duplicates']!
  expect(duplicates.verdict).toBe('warn')
  expect(duplicates.measurements[0]).toMatchObject({ value: 41, n: 241 })
  expect(duplicates.findings[0]!.message).toBe('3 equal rows: lines 2, 202, 242')
  expect(verdicts(await check({ maxDuplicateShare: 0.2 }))['duplicates']).toBe('pass')
})

test('a row id hides duplicates until it is ignored', async () => {
  const rows = clean.slice(0, 150).flatMap((row) => [row, row])
  const numbered = `id,a,b,label\n${rows.map((row, i) => `${i},${row}`).join('\n')}\n`
  expect(verdicts(await checkCsv(numbered))['duplicates']).toBe('pass')
  expect(byName(await check({ ignore: ['id'] }))['duplicates']!.measurements[1]!.value).toBe(0.5)
})

test('constant columns are named', async () => {
  const report = await checkCsv(`a,k\n${clean.map((_row, i) => `${i},same`).join('\n')}\n`)
  expect(byName(report)['constant']).toMatchObject({ verdict: 'warn', message: 'One value alone: k.' })
})

test('class balance: shares with intervals, a rare class warns, a single class fails', async () => {
  const balanced = byName(await checkCsv(csv(clean), { label: 'label' }))['class-balance']!
  expect(balanced).toMatchObject({ verdict: 'pass', message: 'no 66.5 %, yes 33.5 %; at least 5 % of each expected.' })
  expect(balanced.measurements[1]).toMatchObject({ slice: { label: 'yes' }, value: 0.335, interval: wilson(67, 200) })
  const rare = await checkCsv(csv([...clean, '9,9,other']), { label: 'label' })
  expect(byName(rare)['class-balance']!.verdict).toBe('warn')
  const single = await checkCsv(csv(clean.map((row) => row.replace('yes', 'no'))), { label: 'label' })
  expect(byName(single)['class-balance']!.verdict).toBe('fail')
})

test('a label with very many values is not a class', async () => {
  const report = await checkCsv(csv(clean), { label: 'b' })
  expect(verdicts(report)).toMatchObject({ 'class-balance': 'skip', 'conflicting-labels': 'skip' })
})

test('conflicting labels, and the best accuracy that they leave', async () => {
  // Three times the same features: twice yes, once no. One of them is always wrong.
  const report = await checkCsv(csv([...clean, '500,500,yes', '500,500,yes', '500,500,no']), { label: 'label' })
  const conflicts = byName(report)['conflicting-labels']!
  expect(conflicts.verdict).toBe('warn')
  expect(conflicts.measurements.map(({ value }) => value)).toEqual([3, 3 / 203, 1 - 1 / 203])
  expect(conflicts.findings[0]!.message).toBe('3 rows with equal features and different labels: lines 202, 203, 204')
  expect(byName(report)['duplicates']!.measurements[0]!.value).toBe(1)
})

test('no rows is an error, never a pass', async () => {
  expect(await checkCsv('a,b\n')).toMatchObject({ verdict: 'error', summary: '0 rows, 2 columns, 1 check: nothing was judged' })
})

test('few rows are a warning', async () => {
  expect(verdicts(await checkCsv(csv(clean.slice(0, 99))))['rows']).toBe('warn')
  expect(verdicts(await check({ minRows: 99 }))['rows']).toBe('pass')
})

test('a wrong column, and a check that is both failed and skipped', async () => {
  await expect(checkCsv(csv(clean), { label: 'labell' })).rejects.toMatchObject({
    code: 'E_COLUMN_MISSING',
    hint: 'Did you mean "label"?',
  })
  await expect(check({ fail: ['rows'], skip: ['rows'] })).rejects.toMatchObject({ code: 'E_VALUE' })
})

test('a gate that cannot be made is a mistake, and no pass', async () => {
  for (const [fail, needs] of [
    ['drift', 'reference'],
    ['shared-rows', 'reference'],
    ['key', 'key'],
  ]) {
    await expect(checkCsv('a,b\n1,2\n', { fail: [fail] })).rejects.toMatchObject({
      code: 'E_VALUE',
      message: `The check "${fail}" is under --fail, and cannot be made without --${needs}.`,
    })
  }
})
