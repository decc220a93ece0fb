import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { judge } from '../../stats/judge.ts'
import { wilson } from '../../stats/proportion.ts'
import { seededRandom } from '../../stats/random.ts'
import { openTestSetLedger, type TestSetLedger } from '../ledger/ledger.ts'
import { ModelTestSuite, type SuiteOptions } from '../suite.ts'
import { correctedConfidence } from './budget.ts'

let ledger: TestSetLedger
beforeEach(() => {
  ledger = openTestSetLedger(mkdtempSync(join(tmpdir(), 'budget-')))
})
afterEach(() => ledger.close())

const rows = Array.from({ length: 500 }, (_, i) => ({ i }))
const labels = rows.map(({ i }) => (i % 3 === 0 ? 'yes' : 'no'))
/** Wrong on the first `wrong` rows from `from` on. */
const model = (wrong: number, from = 0) => ({
  predict: () => labels.map((label, i) => (i >= from && i < from + wrong ? (label === 'yes' ? 'no' : 'yes') : label)),
})
const suite = (wrong: number, budget?: number, options: SuiteOptions = {}): ModelTestSuite =>
  new ModelTestSuite(model(wrong), rows, labels, { ledger: { ledger, budget }, ...options }).testMetric('accuracy', { min: 0.8 })

test('without a budget decisions are counted, and nothing else changes', async () => {
  const first = suite(10)
  const bare = await new ModelTestSuite(model(10), rows, labels).testMetric('accuracy', { min: 0.8 }).run()
  expect(await first.run()).toEqual(bare)
  expect(first.standing).toMatchObject({ number: 1, decisions: 1, budget: null })
  const second = suite(11)
  await second.run()
  await suite(10).run()
  expect(second.standing).toMatchObject({ number: 2, decisions: 2 })
  expect(ledger.testSets()).toMatchObject([{ path: 'data of the program', decisions: 2, rows: 500 }])
})

test('other tests, another champion or another way of judging are another look; the same model in another file is not', async () => {
  const numbers: number[] = []
  const look = async (each: ModelTestSuite): Promise<void> => {
    await each.run()
    numbers.push(each.standing!.number)
  }
  await look(suite(10))
  await look(suite(10, undefined, { evidence: 'point' }))
  await look(suite(10).testMetric('recall', { min: 0.1 }))
  await look(suite(10, undefined, { champion: model(5, 100) }))
  await look(suite(10, undefined, { champion: model(6, 100) }))
  await look(suite(10, undefined, { champion: model(6, 100) }))
  await look(suite(10))
  expect(numbers).toEqual([1, 2, 3, 4, 5, 5, 1])
})

test('a budget widens every interval, is told of, and is used up', async () => {
  const plain = (await suite(70).run())[0]!
  const within = await suite(71, 3).run()
  expect(within[0]!.interval!.confidence).toBeCloseTo(1 - 0.05 / 3, 12)
  expect(within[0]!.interval!.lower).toBeLessThan(plain.interval!.lower!)
  expect(within.at(-1)).toMatchObject({ testName: 'test_set_budget', verdict: 'pass' })
  expect(within.at(-1)!.message).toBe(
    'Decision 2 of the 3 that these test data are good for; each interval is at 98.3 %, so that all 3 together keep to 95 %; an earlier one was made without a budget, and is not covered by that',
  )
  await suite(72, 3).run()
  const late = suite(1, 3)
  const results = await late.run()
  expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'inconclusive'])
  expect(results[1]!.message).toMatch(/^These test data were good for 3 decisions, which are used up: this is number 4/)
  expect(results[1]!.hint).toMatch(/fresh data/)
  expect(late.generateReport()).toContain('[INCONCLUSIVE] test_set_budget: These test data were good for 3 decisions')
  // A decision that was within the budget can be repeated.
  expect((await suite(71, 3).run()).at(-1)).toMatchObject({ verdict: 'pass' })
})

test('a model that could not be scored has used nothing up', async () => {
  const broken = { predict: () => ['yes'] }
  const each = new ModelTestSuite(broken, rows, labels, { ledger: { ledger, budget: 3 } })
  await each.runAll()
  expect(each.standing).toBeNull()
  expect(ledger.testSets()).toEqual([])
})

test('bare numbers have nothing to correct, which is a warning', async () => {
  expect((await suite(10, 5, { evidence: 'point' }).run()).at(-1)).toMatchObject({ verdict: 'warn' })
})

test.each([0, 1.5, -3, 1001, Number.NaN])('a budget of %d is refused', (budget) => {
  expect(() => suite(1, budget)).toThrow('The budget of a test set is a number of decisions from 1 to 1,000')
})

test('over the whole budget, a model that is not good enough passes as rarely as in one decision', () => {
  // Twenty models whose true accuracy is exactly at the limit, each judged on its own answers to the same 400 rows.
  const random = seededRandom(9)
  const runs = 400
  const chance = (confidence: number): number => {
    let anyPasses = 0
    for (let run = 0; run < runs; run++) {
      let passes = false
      for (let decision = 0; decision < 20; decision++) {
        let right = 0
        for (let row = 0; row < 400; row++) if (random.uniform() < 0.8) right++
        if (
          judge({ value: right / 400, interval: wilson(right, 400, confidence), n: 400 }, { value: 0.8, good: 'at-least' })
            .verdict === 'pass'
        )
          passes = true
      }
      if (passes) anyPasses++
    }
    return anyPasses / runs
  }
  expect(chance(correctedConfidence(0.95, 20))).toBeLessThan(0.045)
  // Without the correction somebody gets through nearly every second time.
  expect(chance(0.95)).toBeGreaterThan(0.3)
})
