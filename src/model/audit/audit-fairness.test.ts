import { expect, test } from 'vitest'
import type { GroupRates } from '../fairness/group-rates.ts'
import { FAIRNESS_MEASURES } from '../fairness/measures.ts'
import { auditFairness } from './audit-fairness.ts'
import type { GateAudit } from './gate-audit.ts'

const measure = (name: string) => FAIRNESS_MEASURES.find((candidate) => candidate.name === name)!

function group(name: string, rows: number, selected: number): GroupRates {
  const half = rows / 2
  return {
    group: name,
    rows,
    selection: { trials: rows, successes: rows * selected },
    truePositive: { trials: half, successes: half * Math.min(1, selected + 0.2) },
    falsePositive: { trials: half, successes: half * Math.max(0, selected - 0.2) },
  }
}

function audit(groups: readonly GroupRates[], limit: number, name = 'demographic-parity-difference'): GateAudit {
  const options = { attribute: 'sex', limit, evidence: 'interval', confidence: 0.95, seed: 1 } as const
  const found = auditFairness(measure(name), groups, options)
  if ('reason' in found) throw new Error(found.reason)
  return found
}

const groups = (rows: number): GroupRates[] => [group('f', rows, 0.4), group('m', rows, 0.44)]

test('a limit that is far away lets an equally good model through, and one at the present value hardly ever', () => {
  expect(audit(groups(1000), 0.3).blocksEqual).toBe(0)
  expect(audit(groups(1000), 0.04).blocksEqual).toBeGreaterThan(0.95)
})

test('with as many rows as it asks for, an equally good model is blocked one time in five', () => {
  const { blocksEqual, rowsNeeded } = audit(groups(200), 0.12)
  expect(blocksEqual).toBeGreaterThan(0.4)
  const again = audit(groups(Math.ceil(rowsNeeded! / 2)), 0.12)
  expect(again.blocksEqual).toBeGreaterThan(0.12)
  expect(again.blocksEqual).toBeLessThan(0.28)
})

test('a model that is worse by the smallest regression is blocked four times in five', () => {
  const { smallestRegression } = audit(groups(2000), 0.15)
  const worse = [group('f', 2000, 0.4 - smallestRegression! / 2), group('m', 2000, 0.44 + smallestRegression! / 2)]
  expect(audit(worse, 0.15).blocksEqual).toBeGreaterThan(0.72)
  expect(audit(worse, 0.15).blocksEqual).toBeLessThan(0.88)
})

test('a ratio is audited on its own side, and no number of rows helps beyond the limit', () => {
  const { blocksEqual, rowsNeeded, threshold } = audit(groups(1000), 0.95, 'demographic-parity-ratio')
  expect(threshold.good).toBe('at-least')
  expect([blocksEqual > 0.9, rowsNeeded]).toEqual([true, null])
})

test('a group without rows to measure on is said to leave the gate inconclusive', () => {
  const empty: GroupRates = { ...group('x', 100, 0.4), truePositive: { trials: 0, successes: 0 } }
  const options = { attribute: 'sex', limit: 0.3, evidence: 'interval', confidence: 0.95, seed: 1 } as const
  const found = auditFairness(measure('equalized-odds-difference'), [...groups(100), empty], options)
  expect(found).toMatchObject({ reason: expect.stringContaining('x') as string })
})
