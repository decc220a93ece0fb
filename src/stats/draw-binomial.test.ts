import { expect, test } from 'vitest'
import { drawBinomial } from './draw-binomial.ts'
import { seededRandom } from './random.ts'

test.each([
  [1, 0.3],
  [15, 0.5],
  [16, 0.02],
  [1189, 0.907],
  [1_000_000, 0.25],
])('of %i trials with chance %f the mean and the variance are those of the binomial law', (trials, p) => {
  const random = seededRandom(7)
  const draws = Float64Array.from({ length: 20_000 }, () => drawBinomial(random, trials, p))
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
  const expected = trials * p * (1 - p)
  expect(Math.abs(mean - trials * p)).toBeLessThan(4 * Math.sqrt(expected / draws.length))
  expect(variance / expected).toBeGreaterThan(0.95)
  expect(variance / expected).toBeLessThan(1.05)
})

test('what is certain is drawn as certain', () => {
  const random = seededRandom(7)
  expect([drawBinomial(random, 1000, 0), drawBinomial(random, 1000, 1), drawBinomial(random, 0, 0.5)]).toEqual([0, 1000, 0])
})
