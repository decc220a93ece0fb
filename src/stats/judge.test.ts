import { expect, test } from 'vitest'
import type { Threshold } from '../core/check.ts'
import { judge } from './judge.ts'
import { wilson } from './proportion.ts'
import { seededRandom } from './random.ts'

const accuracy = (right: number, n: number): Parameters<typeof judge>[0] => ({ value: right / n, interval: wilson(right, n), n })
const atLeast = (value: number): Threshold => ({ value, good: 'at-least' })
const atMost = (value: number): Threshold => ({ value, good: 'at-most' })

test('the whole interval must clear the limit', () => {
  expect(judge(accuracy(532, 595), atLeast(0.85)).verdict).toBe('pass')
  expect(judge(accuracy(532, 595), atLeast(0.92)).verdict).toBe('fail')
  expect(judge(accuracy(532, 595), atMost(0.92)).verdict).toBe('pass')
  expect(judge(accuracy(286, 300), atLeast(0.95))).toMatchObject({ verdict: 'inconclusive' })
})

test('nothing is infinitely good; infinitely bad is a failure', () => {
  for (const evidence of ['interval', 'point'] as const) {
    expect(judge({ value: Infinity, interval: null, n: 9 }, atLeast(0.9), evidence).verdict).toBe('error')
    expect(judge({ value: -Infinity, interval: null, n: 9 }, atMost(0.9), evidence).verdict).toBe('error')
  }
  expect(judge({ value: Infinity, interval: null, n: 9 }, atMost(0.9), 'point').verdict).toBe('fail')
})

test('an inconclusive verdict says how many rows would decide, and nothing where none would', () => {
  const { rowsNeeded } = judge(accuracy(286, 300), atLeast(0.94))
  expect(rowsNeeded).toBeGreaterThan(2000)
  expect(judge({ ...accuracy(rowsNeeded! * (286 / 300), rowsNeeded!) }, atLeast(0.94)).verdict).toBe('pass')
  expect(judge(accuracy(190, 200), atLeast(0.95))).toMatchObject({ verdict: 'inconclusive', rowsNeeded: null })
  expect(judge({ value: 1, interval: null, n: 5 }, atLeast(0.9))).toMatchObject({ verdict: 'inconclusive', rowsNeeded: null })
})

test('a bare comparison names its price', () => {
  const { verdict, price } = judge(accuracy(286, 300), atLeast(0.95), 'point')
  expect(verdict).toBe('pass')
  expect(price!.byInterval).toBe('inconclusive')
  expect(price!.passesOneInTen).toBeGreaterThan(0.92)
  expect(price!.passesOneInTen).toBeLessThan(0.94)
})

test('Wilson covers, and the gate lets a model that is exactly at, or below, the limit through as rarely as it promises', () => {
  const random = seededRandom(11)
  const runs = 4000
  for (const [truth, n] of [
    [0.9, 60],
    [0.85, 595],
    [0.5, 25],
  ] as const) {
    let covered = 0
    const passed = { interval: 0, point: 0 }
    for (let run = 0; run < runs; run++) {
      let right = 0
      for (let row = 0; row < n; row++) if (random.uniform() < truth) right++
      const { lower, upper } = wilson(right, n)
      if (lower <= truth && truth <= upper) covered++
      for (const evidence of ['interval', 'point'] as const)
        if (judge(accuracy(right, n), atLeast(truth), evidence).verdict === 'pass') passed[evidence]++
    }
    expect(covered / runs).toBeGreaterThan(0.93)
    // Promised 2.5 %; the discreteness of counts moves Wilson's tails by about a point.
    expect(passed.interval / runs).toBeLessThan(0.045)
    expect(passed.point / runs).toBeGreaterThan(0.45)
  }
})
