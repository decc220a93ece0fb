import { expect, test } from 'vitest'
import { quantileRanks, valuesToResolve } from './quantile.ts'

// Golden values by summing the binomial distribution term by term (Python, math.fsum over lgamma terms): u is the least with
// P(B <= u - 1) >= 0.975, l the greatest with P(B <= l - 1) <= 0.025.
test.each([
  { p: 0.5, n: 100, rank: 50, lower: 40, upper: 61 },
  { p: 0.95, n: 500, rank: 475, lower: 465, upper: 485 },
  { p: 0.99, n: 500, rank: 495, lower: 490, upper: 500 },
  { p: 0.99, n: 6000, rank: 5940, lower: 5924, upper: 5956 },
])('the p=$p quantile of $n values lies between ranks $lower and $upper', ({ p, n, ...ranks }) => {
  expect(quantileRanks(p, n)).toEqual(ranks)
})

test('too few values cannot say how high a quantile may be', () => {
  expect(quantileRanks(0.999, 500).upper).toBeNull()
  expect(quantileRanks(0.95, 10).upper).toBeNull()
  expect(quantileRanks(0.5, 1)).toEqual({ rank: 1, lower: null, upper: null })
  // 1 - 0.99^n >= 0.975 first holds at n = 368.
  expect(valuesToResolve(0.99)).toBe(368)
  expect(quantileRanks(0.99, 367).upper).toBeNull()
  expect(quantileRanks(0.99, 368).upper).toBe(368)
})
