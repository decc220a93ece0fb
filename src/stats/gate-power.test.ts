import { expect, test } from 'vitest'
import { gatePower, passChance, type GateRule, type GateSubject } from './gate-power.ts'
import { judge } from './judge.ts'
import { tango } from './paired-proportions.ts'
import { wilson } from './proportion.ts'
import { seededRandom } from './random.ts'
import { expectedAucError, rowsToSeparatePaired, rowsToSeparateUnpaired } from './sample-size.ts'

const rule = (value: number, evidence: GateRule['evidence'] = 'interval', confidence = 0.95): GateRule => ({
  limit: { value, good: 'at-least' },
  confidence,
  evidence,
})

test('sample sizes of the literature: paired, unpaired, and the error of an AUC', () => {
  expect([rowsToSeparatePaired(0.01, 0.05), rowsToSeparatePaired(0.01, 0.1)]).toEqual([3923, 7847])
  expect(rowsToSeparateUnpaired(0.9, 0.91)).toBe(13_495)
  expect(expectedAucError(0.85, 50, 950)).toBeCloseTo(0.0345, 4)
  expect(expectedAucError(0.85, 500, 9500)).toBeCloseTo(0.0109, 4)
})

test('the chance that a gate passes is how often judge passes what is drawn', () => {
  const random = seededRandom(3)
  const runs = 4000
  const binomial = (n: number, p: number): number => Array.from({ length: n }, () => random.uniform() < p).filter(Boolean).length
  for (const evidence of ['interval', 'point'] as const) {
    const gate = rule(0.85, evidence)
    const subject: GateSubject = { kind: 'rate', value: 0.9, n: 200 }
    let passed = 0
    for (let run = 0; run < runs; run++) {
      const hits = binomial(200, 0.9)
      if (judge({ value: hits / 200, interval: wilson(hits, 200), n: 200 }, gate.limit, evidence).verdict === 'pass') passed++
    }
    expect(Math.abs(passed / runs - passChance(subject, gate, 0.9))).toBeLessThan(0.03)
  }
  for (const evidence of ['interval', 'point'] as const) {
    const gate = rule(-0.02, evidence)
    const subject: GateSubject = { kind: 'paired', value: 0, discordance: 0.08, n: 300 }
    let passed = 0
    for (let run = 0; run < runs; run++) {
      const differ = binomial(300, 0.08)
      const onlyA = binomial(differ, 0.5 * (1 + 0.01 / 0.08))
      const value = (2 * onlyA - differ) / 300
      const interval = tango({ onlyA, onlyB: differ - onlyA, rows: 300 })
      if (judge({ value, interval, n: 300 }, gate.limit, evidence).verdict === 'pass') passed++
    }
    expect(Math.abs(passed / runs - passChance(subject, gate, 0.01))).toBeLessThan(0.03)
  }
})

test('a bare comparison of 500 rows with 0.85 is a coin for models a little better or worse', () => {
  const gate = rule(0.85, 'point')
  const on500 = (value: number): GateSubject => ({ kind: 'rate', value, n: 500 })
  expect(passChance(on500(0.845), gate, 0.845)).toBeCloseTo(0.41, 2)
  expect(1 - passChance(on500(0.855), gate, 0.855)).toBeCloseTo(0.35, 2)
})

test('exactly at the limit, an interval gate passes at most as often as it says, a bare one half of the time', () => {
  for (const n of [100, 1000, 10_000]) {
    const at = (value: number): GateSubject => ({ kind: 'rate', value, n })
    expect(passChance(at(0.9), rule(0.9), 0.9)).toBeLessThan(0.028)
    expect(passChance(at(0.9), rule(0.9, 'point'), 0.9)).toBeGreaterThan(0.48)
    expect(passChance({ kind: 'paired', value: -0.01, discordance: 0.05, n }, rule(-0.01), -0.01)).toBeLessThan(0.04)
  }
})

test('the rows needed are those of the textbook formula, and with them the chance is 80 %', () => {
  const { rowsNeeded } = gatePower({ kind: 'rate', value: 0.92, n: 300 }, rule(0.9, 'interval', 0.9))
  expect(rowsNeeded! / 1303).toBeGreaterThan(0.96)
  expect(rowsNeeded! / 1303).toBeLessThan(1.04)
  const paired = gatePower({ kind: 'paired', value: 0.01, discordance: 0.05, n: 300 }, rule(0))
  expect(paired.rowsNeeded! / 3923).toBeGreaterThan(0.96)
  expect(paired.rowsNeeded! / 3923).toBeLessThan(1.04)
  const normal: GateSubject = { kind: 'normal', value: 0.6, standardError: 0.05, n: 100 }
  const needed = gatePower(normal, rule(0.55)).rowsNeeded!
  expect(passChance({ ...normal, standardError: 0.05 * Math.sqrt(100 / needed) }, rule(0.55), 0.6)).toBeCloseTo(0.8, 2)
})

test('a regression as large as the smallest that is blocked is blocked four times in five, whichever way is good', () => {
  for (const good of ['at-least', 'at-most'] as const) {
    const sign = good === 'at-least' ? 1 : -1
    const gate: GateRule = { ...rule(0), limit: { value: good === 'at-least' ? 0.9 : 0.1, good } }
    const value = good === 'at-least' ? 0.95 : 0.05
    for (const subject of [
      { kind: 'rate', value, n: 1000 },
      { kind: 'normal', value, standardError: 0.007, n: 1000 },
    ] satisfies GateSubject[]) {
      const { smallestRegression, blocksEqual } = gatePower(subject, gate)
      expect(blocksEqual).toBeLessThan(0.01)
      expect(passChance(subject, gate, value - sign * smallestRegression!)).toBeCloseTo(0.2, 4)
      // A gate on the interval blocks before the model is truly beyond the limit.
      expect(smallestRegression).toBeLessThan(0.05)
    }
  }
})

test('no number of rows helps a model that is on the limit or beyond', () => {
  expect(gatePower({ kind: 'rate', value: 0.9, n: 300 }, rule(0.9)).rowsNeeded).toBeNull()
  expect(gatePower({ kind: 'rate', value: 0.8, n: 300 }, rule(0.9))).toMatchObject({ rowsNeeded: null, smallestRegression: 0 })
  expect(gatePower({ kind: 'paired', value: 0, discordance: 0.05, n: 300 }, rule(0)).rowsNeeded).toBeNull()
})

test('an estimate with a normal error is blocked as the normal law says, with the error of the side that the limit is on', () => {
  const subject: GateSubject = { kind: 'normal', value: 0.7, standardError: 0.02, n: 500 }
  // Two and a half standard errors of room: 1.96 are the margin, so the rest is 0.54 of them.
  expect(gatePower(subject, rule(0.65)).blocksEqual).toBeCloseTo(0.2946, 3)
  expect(gatePower(subject, rule(0.65, 'point')).blocksEqual).toBeCloseTo(0.0062, 4)
  // (1.96 + 0.84)² standard errors of one row over the square of the room.
  expect(gatePower(subject, rule(0.65)).rowsNeeded).toBe(628)
  expect(gatePower(subject, rule(0.65)).smallestRegression).toBeCloseTo(0.05 - 0.02 * (1.95996 - 0.84162), 4)
  expect(gatePower({ ...subject, towardsLimit: 0.03 }, rule(0.65)).blocksEqual).toBeCloseTo(0.67, 2)
})

test('a margin too wide for the models to differ by is never missed', () => {
  const power = gatePower({ kind: 'paired', value: 0, discordance: 0, n: 500 }, rule(-0.1))
  expect(power.blocksEqual).toBe(0)
  expect(power.rowsNeeded).toBeLessThan(100)
})
