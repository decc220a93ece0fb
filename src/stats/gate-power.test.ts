import { expect, test } from 'vitest'
import type { Threshold } from '../core/check.ts'
import { drawBinomial } from './draw-binomial.ts'
import { gatePower } from './gate-power.ts'
import { judge, type Evidence } from './judge.ts'
import { twoSidedZ } from './normal.ts'
import { wilson } from './proportion.ts'
import { seededRandom } from './random.ts'

const atLeast = (value: number): Threshold => ({ value, good: 'at-least' })
const atMost = (value: number): Threshold => ({ value, good: 'at-most' })
const share = (hits: number, n: number, confidence = 0.95) => ({ value: hits / n, interval: wilson(hits, n, confidence), n })

/** How often the gate does not pass a model of this truth, counted. */
function simulated(truth: number, n: number, limit: Threshold, evidence: Evidence): number {
  const random = seededRandom(11)
  let blocked = 0
  for (let i = 0; i < 4000; i++) {
    const hits = drawBinomial(random, n, truth)
    if (judge(share(hits, n), limit, evidence).verdict !== 'pass') blocked++
  }
  return blocked / 4000
}

test.each([
  [540, 600, atLeast(0.87), 'interval'],
  [540, 600, atLeast(0.89), 'interval'],
  [540, 600, atLeast(0.89), 'point'],
  [60, 600, atMost(0.13), 'interval'],
  [28, 30, atLeast(0.8), 'interval'],
] as const)('%i of %i against %o by %s: the chance to block is the one that a simulation finds', (hits, n, limit, evidence) => {
  const { blocksEqual, smallestRegression } = gatePower(share(hits, n), limit, { evidence })!
  expect(Math.abs(blocksEqual - simulated(hits / n, n, limit, evidence))).toBeLessThan(0.03)
  const worse = hits / n + (limit.good === 'at-least' ? -smallestRegression! : smallestRegression!)
  expect(simulated(worse, n, limit, evidence)).toBeGreaterThan(0.77)
})

// The rows of a one-sided test at 5 % with a power of 80 %, by the normal approximation.
test.each([
  [0.91, 0.9, 5393],
  [0.92, 0.9, 1303],
  [0.95, 0.9, 184],
  [0.97, 0.95, 631],
  [0.995, 0.99, 1990],
])('to prove a share of %f at least %f takes about as many rows as the formula says', (truth, limit, rows) => {
  const n = 1000
  const { rowsNeeded } = gatePower(share(truth * n, n, 0.9), atLeast(limit))!
  expect(rowsNeeded! / rows).toBeGreaterThan(0.9)
  expect(rowsNeeded! / rows).toBeLessThan(1.12)
})

test('an estimate with a normal error is blocked as the normal law says, on either side', () => {
  const confidence = 0.95
  const half = 0.02 * twoSidedZ(confidence)
  const interval = { lower: 0.7 - half, upper: 0.7 + half, confidence, method: 'delong' }
  const subject = { value: 0.7, interval, n: 500 }
  // Two and a half standard errors of room: 1.96 are the margin, so the rest is 0.54 of them.
  expect(gatePower(subject, atLeast(0.65))!.blocksEqual).toBeCloseTo(0.2946, 3)
  expect(gatePower(subject, atMost(0.75))!.blocksEqual).toBeCloseTo(0.2946, 3)
  expect(gatePower(subject, atLeast(0.65), { evidence: 'point' })!.blocksEqual).toBeCloseTo(0.0062, 4)
  // (1.96 + 0.84)² standard errors of one row over the square of the room.
  expect(gatePower(subject, atLeast(0.65))!.rowsNeeded).toBe(628)
  expect(gatePower(subject, atLeast(0.65))!.smallestRegression).toBeCloseTo(0.05 - 0.02 * (1.95996 - 0.84162), 4)
})

test('against a champion an equally good model has no difference, whatever this one has', () => {
  const interval = { lower: -0.016, upper: 0.01, confidence: 0.95, method: 'tango' }
  const subject = { value: -0.003, interval, n: 900, truth: 0 }
  const { blocksEqual, rowsNeeded } = gatePower(subject, atLeast(-0.01))!
  expect(blocksEqual).toBeGreaterThan(0.6)
  expect(rowsNeeded).toBeGreaterThan(900)
})

test('beyond its limit no number of rows lets a model through, and what is already blocked needs no loss', () => {
  expect(gatePower(share(480, 600), atLeast(0.9))).toMatchObject({ rowsNeeded: null, smallestRegression: 0 })
  expect(gatePower(share(540, 600), atLeast(0.9))!.rowsNeeded).toBeNull()
  expect(gatePower({ value: 0.5, interval: null, n: 40 }, atLeast(0.4))).toBeNull()
})
