import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { Report } from '../core/report.ts'
import { checkDataQuality } from './check-data-quality.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'check-drift-'))))
afterEach(() => rm(folder, { recursive: true }))

const rows = (shift: number): string =>
  Array.from({ length: 1500 }, (_, i) => `${((i * 7919) % 1000) + shift},${i % 3 === 0 ? 'a' : 'b'}`).join('\n')

async function check(params: Record<string, unknown>): Promise<Report> {
  await writeFile(join(folder, 'train.csv'), `x,kind\n${rows(0)}\n`)
  await writeFile(join(folder, 'new.csv'), `x,kind\n${rows(300)}\n`)
  const parsed = checkDataQuality.params.parse({ input: 'new.csv', ignore: [], skip: ['duplicates'], ...params })
  return checkDataQuality.run(stepContext(folder), parsed)
}
const verdicts = (report: Report): Record<string, string> =>
  Object.fromEntries(
    report.results.filter(({ check }) => check.startsWith('data.drift')).map(({ check, verdict }) => [check, verdict]),
  )

test('drift warns, fails when it is named under --fail, and is not looked for without a reference or under --skip', async () => {
  expect(verdicts(await check({}))).toEqual({})
  const warned = await check({ reference: 'train.csv' })
  expect(verdicts(warned)).toEqual({
    'data.drift.columns': 'pass',
    'data.drift.values': 'warn',
    'data.drift.missing': 'pass',
    'data.drift.categories': 'pass',
    'data.drift.separability': 'warn',
  })
  expect(verdicts(await check({ reference: 'train.csv', fail: ['drift'] }))).toMatchObject({ 'data.drift.values': 'fail' })
  expect(verdicts(await check({ reference: 'train.csv', maxDrift: 0.5, maxDriftAuc: 0.95 }))).toMatchObject({
    'data.drift.values': 'pass',
    'data.drift.separability': 'pass',
  })
  expect(verdicts(await check({ reference: 'train.csv', skip: ['drift'] }))).toEqual({ 'data.drift': 'skip' })
})

test('the report holds both histograms and how every test was settled', async () => {
  await check({ reference: 'train.csv', driftCorrection: 'bh' })
  const file = JSON.parse(await readFile(join(folder, 'results/validation.json'), 'utf8')) as {
    reports: Record<string, { details: { drift: Record<string, unknown> } }>
  }
  const { drift } = file.reports['check-data-quality']!.details
  expect(drift).toMatchObject({
    paths: { reference: 'train.csv', current: 'new.csv' },
    rows: { reference: 1500, current: 1500 },
    alpha: 0.05,
    limits: { maxDrift: 0.1, driftCorrection: 'bh' },
    columns: [{ name: 'x', numbers: { histogram: { reference: { edges: expect.any(Array) as number[] } } } }, { name: 'kind' }],
  })
  expect((drift['tests'] as unknown[])[0]).toMatchObject({ question: 'values', column: 'x', outcome: 'drift', limit: 0.1 })
})

test('a reference that is not there, and limits that mean nothing', async () => {
  await expect(check({ reference: 'trane.csv' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  expect(checkDataQuality.params.safeParse({ input: 'a.csv', maxDriftAuc: 0.5 }).success).toBe(false)
})
