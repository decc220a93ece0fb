import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { meanInterval, twoSidedT } from './mean.ts'

// Made by test/golden/make-mean-intervals.py from SciPy.
const golden = JSON.parse(readFileSync(new URL('../../test/golden/mean-intervals.json', import.meta.url), 'utf8')) as {
  quantiles: [number, number, number][]
  samples: { values: number[]; interval: [number, number] }[]
}

test("the quantiles of Student's t agree with SciPy", () => {
  for (const [confidence, degrees, t] of golden.quantiles) {
    const error = Math.abs(twoSidedT(confidence, degrees) - t) / t
    expect(error, `${confidence} with ${degrees} degrees of freedom`).toBeLessThan(1e-8)
  }
})

test('the interval of a mean agrees with SciPy', () => {
  for (const { values, interval } of golden.samples) {
    const n = values.length
    const mean = values.reduce((sum, value) => sum + value, 0) / n
    const m2 = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    const found = meanInterval({ n, mean, m2 })!
    expect([found.lower, found.upper]).toEqual([expect.closeTo(interval[0], 8), expect.closeTo(interval[1], 8)])
    expect(found).toMatchObject({ confidence: 0.95, method: 'student-t' })
  }
})

test('one row, or rows that are all alike, say nothing of the spread', () => {
  expect(meanInterval({ n: 1, mean: 5, m2: 0 })).toBeNull()
  expect(meanInterval({ n: 100, mean: 5, m2: 0 })).toBeNull()
  expect(twoSidedT(0.95, 0)).toBeNaN()
})
