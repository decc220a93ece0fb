import { expect, test } from 'vitest'
import { seededRandom } from '../../stats/random.ts'
import { replicatesInterval } from '../../stats/replicates.ts'
import { farOut } from './far-out.ts'

test('a bootstrap tells ends far out by those that it knows, not by its last replicate', () => {
  const random = seededRandom(4)
  const replicates = Float64Array.from({ length: 999 }, () => random.normal())
  const measure = (confidence: number) => ({
    value: 0,
    interval: replicatesInterval({ estimate: 0, replicates, confidence, method: 'percentile' }),
  })
  const at = 1 - 0.05 / 1000
  const { interval } = farOut(at, measure)
  // Of a standard normal distribution: 4.06.
  expect(interval!.upper).toBeGreaterThan(3.6)
  expect(interval!.upper).toBeLessThan(4.6)
  expect(measure(at).interval!.upper).toBeLessThan(3.6)
  expect(interval!.confidence).toBe(at)
  expect(farOut(0.95, measure)).toEqual(measure(0.95))
})

test('an interval with a formula is left as it is, and so is one that is not there', () => {
  const exact = (confidence: number) => ({ value: 1, interval: { lower: 0, upper: 2, confidence, method: 'wilson' } })
  expect(farOut(0.999, exact)).toEqual(exact(0.999))
  expect(farOut(0.999, () => ({ value: 1, interval: null }))).toEqual({ value: 1, interval: null })
})
