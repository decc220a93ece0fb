import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judgeAllowance, weigh } from './allowance.ts'

test('asked of all rows it holds or does not, without an interval', () => {
  expect(judgeAllowance(0, 3, 1)).toMatchObject({ verdict: 'pass', share: 1, expected: 'all rows', actual: 'all 3 rows keep it' })
  const failed = judgeAllowance(1, 1200, 1)
  expect(failed).toMatchObject({ verdict: 'fail', actual: '1 of 1,200 rows (< 0.1 %) break it' })
  expect(failed.interval).toBeUndefined()
})

test('an allowance is judged by the whole interval', () => {
  expect(judgeAllowance(2, 1000, 0.99).verdict).toBe('pass')
  expect(judgeAllowance(30, 1000, 0.99).verdict).toBe('fail')
  // 99.2 % keep it, but 98.4 % to 99.6 % is what 1,000 rows tell.
  const thin = judgeAllowance(8, 1000, 0.99)
  expect(thin).toMatchObject({ verdict: 'inconclusive', share: 0.992, expected: 'at least 99 % of rows' })
  expect(thin.reason).toMatch(
    /^98\.43 % to 99\.59 % of such rows would keep it \(95 % interval\), which does not decide; about [\d,]+ rows would\.$/,
  )
  expect(thin.rowsNeeded).toBeGreaterThan(1000)
  // So many rows, of the same kind, do decide it in four of five cases; a tenth more than asked is safe.
  const rows = Math.ceil(thin.rowsNeeded! * 1.1)
  expect(judgeAllowance(Math.round(rows * 0.008), rows, 0.99).verdict).toBe('pass')
})

test('no broken row in a few rows does not show that 99 % keep it', () => {
  expect(judgeAllowance(0, 5, 0.99).verdict).toBe('inconclusive')
  expect(judgeAllowance(0, 400, 0.99).verdict).toBe('pass')
})

test('a share that lies on the limit is decided by no number of rows', () => {
  const { verdict, rowsNeeded, reason } = judgeAllowance(10, 1000, 0.99)
  expect([verdict, rowsNeeded]).toEqual(['inconclusive', null])
  expect(reason).toMatch(/no number of rows would\.$/)
})

test('no rows are an error', () => {
  expect(judgeAllowance(0, 0, 1)).toMatchObject({ verdict: 'error', share: null })
  expect(judgeAllowance(0, 0, 0.5)).toMatchObject({ verdict: 'error', share: null })
})

test("the interval is Wilson's, as statsmodels has it", () => {
  const golden = JSON.parse(readFileSync(new URL('../../../test/golden/statistics.json', import.meta.url), 'utf8')) as {
    proportions: { wilson: [number, number, number, number, number][] }
  }
  const cases = golden.proportions.wilson.filter(([, , confidence]) => confidence === 0.95)
  expect(cases.length).toBeGreaterThan(3)
  for (const [kept, rows, , lower, upper] of cases) {
    const { interval } = judgeAllowance(rows - kept, rows, 0.9)
    expect([interval!.lower, interval!.upper]).toEqual([expect.closeTo(lower, 12), expect.closeTo(upper, 12)])
  }
})

test('a warning is told and lets pass; what could not be measured stays an error', () => {
  expect((['pass', 'fail', 'inconclusive', 'error'] as const).map((verdict) => weigh(verdict, 'warning'))).toEqual([
    'pass',
    'warn',
    'warn',
    'error',
  ])
  expect((['pass', 'fail', 'inconclusive', 'error'] as const).map((verdict) => weigh(verdict, 'error'))).toEqual([
    'pass',
    'fail',
    'inconclusive',
    'error',
  ])
})
