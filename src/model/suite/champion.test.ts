import { expect, test } from 'vitest'
import { seededRandom } from '../../stats/random.ts'
import { ModelTestSuite, type SuiteOptions } from '../suite.ts'
import type { TestResult } from './test-result.ts'
import type { TestSpec } from './test-spec.ts'

/** Labels of `n` rows and two models that answer them, wrong on `modelOnly`, `championOnly` or `both` of the rows. */
function pair(n: number, { modelOnly = 0, championOnly = 0, both = 0 }) {
  const labels = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 'yes' : 'no'))
  const other = (label: string): string => (label === 'yes' ? 'no' : 'yes')
  const model = labels.map((label, i) => (i < modelOnly || (i >= n - both && both > 0) ? other(label) : label))
  const champion = labels.map((label, i) =>
    (i >= modelOnly && i < modelOnly + championOnly) || (i >= n - both && both > 0) ? other(label) : label,
  )
  const rows = labels.map((_, i) => ({ i }))
  return { rows, labels, model: { predict: () => model }, champion: { predict: () => champion } }
}

async function against(
  spec: TestSpec | null,
  wrong: Parameters<typeof pair>[1],
  n = 600,
  options: SuiteOptions = {},
): Promise<TestResult> {
  const { rows, labels, model, champion } = pair(n, wrong)
  const suite = new ModelTestSuite(model, rows, labels, { champion, ...options })
  const results = spec === null ? await suite.runAll() : await suite.add(spec).run()
  return results.at(-1)!
}

const noWorse = (noWorseThan: number): TestSpec => ({ test: 'champion', metric: 'accuracy', noWorseThan })
const better = (betterBy: number): TestSpec => ({ test: 'champion', metric: 'accuracy', betterBy })

test('no worse than the margin, worse, or too few rows to say: each in plain words, with the test, the margin and the rows that flipped', async () => {
  const clear = await against(noWorse(0.02), { modelOnly: 8, championOnly: 12, both: 40 }, 2000)
  expect(clear).toMatchObject({ testName: 'accuracy-vs-champion', verdict: 'pass', passed: true, n: 2000 })
  expect(clear.difference).toMatchObject({ value: expect.closeTo(0.002, 12), model: 0.976, champion: 0.974 })
  expect(clear.threshold).toEqual({ value: -0.02, good: 'at-least' })
  expect(clear.message).toMatch(
    /^Accuracy 0\.2 points better than the champion \[−0\.\d, \+0\.\d\], allowed −2; p 0\.\d+ \(.+\); 8 rows worse than before, 12 better$/,
  )
  const worse = await against(noWorse(0.005), { modelOnly: 60, championOnly: 5 })
  expect(worse).toMatchObject({ verdict: 'fail' })
  expect(worse.message).toMatch(/^Accuracy 9\.2 points worse than the champion \[−\S+, −\S+\], allowed −0\.5; p < 0\.001/)
  const unclear = await against(noWorse(0.005), { modelOnly: 9, championOnly: 8 })
  expect(unclear).toMatchObject({ verdict: 'inconclusive', passed: false })
  expect(unclear.message).toMatch(/allowed −0\.5: inconclusive on 600 rows; about [\d,]+ rows would decide; p /)
})

test('better by a margin is asked for with the same interval', async () => {
  expect(await against(better(0.01), { championOnly: 60 })).toMatchObject({
    verdict: 'pass',
    threshold: { value: 0.01, good: 'at-least' },
  })
  expect(await against(better(0.01), { modelOnly: 30 })).toMatchObject({ verdict: 'fail' })
  const unclear = await against(better(0.01), { championOnly: 9, modelOnly: 2 })
  expect(unclear).toMatchObject({ verdict: 'inconclusive' })
  expect(unclear.message).toMatch(/asked for \+1: inconclusive/)
})

test('of a metric that is better the lower it is, less is better', async () => {
  const random = seededRandom(2)
  const rows = Array.from({ length: 900 }, () => ({ x: random.normal() }))
  const y = rows.map(({ x }) => 3 * x + random.normal())
  const noisy = (noise: number) => ({
    predict: (data: readonly { x: number }[]) => data.map(({ x }, i) => 3 * x + noise * Math.sin(i * 12.9898)),
  })
  const judge = async (model: object, champion: object, limit: { noWorseThan: number } | { betterBy: number }) =>
    (
      await new ModelTestSuite(model as never, rows, y, { champion: champion as never })
        .testAgainstChampion('mean-absolute-error', limit)
        .run()
    )[0]!
  const improved = await judge(noisy(0), noisy(2), { betterBy: 0.05 })
  expect(improved).toMatchObject({ verdict: 'pass', threshold: { value: -0.05, good: 'at-most' } })
  expect(improved.difference!.value).toBeLessThan(0)
  expect(improved.message).toMatch(/^Mean absolute error 0\.\d+ better than the champion \[\+\S+, \+\S+\], asked for \+0\.05/)
  const regressed = await judge(noisy(2), noisy(0), { noWorseThan: 0.05 })
  expect(regressed).toMatchObject({ verdict: 'fail', threshold: { value: 0.05, good: 'at-most' } })
  expect(regressed.message).toMatch(/worse than the champion \[−\S+, −\S+\], allowed −0\.05/)
  // The rows whose error grew most come first.
  const grown = regressed.flips!.rows.map(({ errorGrowth }) => errorGrowth!)
  expect(grown).toEqual(grown.toSorted((a, b) => b - a))
  expect(regressed.flips!.toWrong).toBeGreaterThan(regressed.flips!.toRight)
})

test('the rows that flipped are listed with their ids and what both said, those that went wrong first', async () => {
  const ids = Array.from({ length: 600 }, (_, i) => `customer-${i}`)
  const { flips } = await against(noWorse(0.05), { modelOnly: 3, championOnly: 2, both: 5 }, 600, { ids })
  expect(flips).toMatchObject({ toWrong: 3, toRight: 2 })
  expect(flips!.rows).toEqual([
    { row: 1, id: 'customer-0', label: 'yes', champion: 'yes', model: 'no' },
    { row: 2, id: 'customer-1', label: 'no', champion: 'no', model: 'yes' },
    { row: 3, id: 'customer-2', label: 'yes', champion: 'yes', model: 'no' },
    { row: 4, id: 'customer-3', label: 'no', champion: 'yes', model: 'no' },
    { row: 5, id: 'customer-4', label: 'yes', champion: 'no', model: 'yes' },
  ])
})

test('a champion without a test of its own is compared with, with a margin of one point or the one given', async () => {
  const result = await against(null, { modelOnly: 5, championOnly: 5 }, 4000)
  expect(result).toMatchObject({ testName: 'accuracy-vs-champion', verdict: 'pass', threshold: { value: -0.01 } })
  expect(await against(null, { modelOnly: 5, championOnly: 5 }, 4000, { margin: 0.001 })).toMatchObject({
    verdict: 'inconclusive',
    threshold: { value: -0.001 },
  })
  const { rows, labels, model, champion } = pair(4000, { modelOnly: 5 })
  const named = await new ModelTestSuite(model, rows, labels, { champion }).testNoNanPredictions().run()
  expect(named.map(({ testName }) => testName)).toEqual(['no_nan_predictions', 'accuracy-vs-champion'])
})

test('the champion is asked the same rows in the same order as the model', async () => {
  const { rows, labels } = pair(50, {})
  const asked: unknown[] = []
  const model = { predict: (data: unknown) => (asked.push(data), labels) }
  const champion = { predict: (data: unknown) => (asked.push(data), labels) }
  await new ModelTestSuite(model, rows, labels, { champion }).testAgainstChampion('accuracy', { noWorseThan: 0.5 }).run()
  expect(asked).toHaveLength(2)
  expect(asked[1]).toEqual(asked[0])
})

test('a test against a champion that is not named is a mistake; one that is not there yet is an error or a skip, as is said', async () => {
  const { rows, labels, model } = pair(50, {})
  const suite = (options: SuiteOptions) =>
    new ModelTestSuite(model, rows, labels, options).testAgainstChampion('accuracy', { noWorseThan: 0.1 }).run()
  await expect(suite({})).rejects.toMatchObject({ code: 'E_USAGE' })
  const none = { reason: 'the registry has no mortgage@champion', hint: 'register it' }
  expect(await suite({ champion: { verdict: 'error', ...none } })).toMatchObject([
    { verdict: 'error', message: none.reason, hint: none.hint },
  ])
  expect(await suite({ champion: { verdict: 'skip', ...none } })).toMatchObject([{ verdict: 'skip', passed: false }])
  expect(() => new ModelTestSuite(model, rows, labels, { margin: -1 })).toThrow('not a number from 0 up')
  expect(() => new ModelTestSuite(model, rows, labels).testAgainstChampion('accuracy', { betterBy: Number.NaN })).toThrow(
    'not a number',
  )
  expect(() => new ModelTestSuite(model, rows, labels).testAgainstChampion('acuracy', { betterBy: 0 })).toThrow(
    'no metric "acuracy"',
  )
})

test('bare numbers compare with the champion too, and say what that costs', async () => {
  const result = await against(noWorse(0.005), { modelOnly: 9, championOnly: 8 }, 600, { evidence: 'point' })
  expect(result).toMatchObject({ verdict: 'pass' })
  expect(result.message).toContain('judged by this number alone; by its interval it would be inconclusive')
  expect(result.hint).toMatch(/^On 600 rows a bare comparison blocks a model \S+ above the limit \d+ times in 100/)
})

test('clusters and weights reach the difference', async () => {
  // Twenty users with thirty rows each; each user's rows are right or wrong together.
  const clusters = Array.from({ length: 600 }, (_, i) => Math.floor(i / 30))
  const wrong = { modelOnly: 30, championOnly: 90 }
  const single = await against(better(0), wrong)
  const together = await against(better(0), wrong, 600, { clusters })
  const width = ({ interval }: TestResult): number => interval!.upper! - interval!.lower!
  expect(width(together)).toBeGreaterThan(2 * width(single))
  const weights = Array.from({ length: 600 }, (_, i) => (i < 30 ? 0 : 1))
  expect((await against(better(0), wrong, 600, { weights })).difference).toMatchObject({
    model: 1,
    champion: expect.closeTo(480 / 570, 10),
  })
})

test.each([
  ['two models of which one is worse by exactly the margin', 0.02, 0.04, 0, 0.05],
  ['two models that are equally good', 0.05, 0.05, 0.9, 1],
] as const)(
  '%s pass as rarely or as often as they should',
  async (_name, modelWrong, championWrong, lowest, highest) => {
    // The model is wrong on a share of its own rows, and so is the champion; the limit is 2 points.
    const random = seededRandom(20)
    const [own, theirs] = lowest === 0 ? [championWrong, modelWrong] : [modelWrong, championWrong]
    let passed = 0
    const runs = 200
    for (let run = 0; run < runs; run++) {
      let [modelOnly, championOnly] = [0, 0]
      const n = 3000
      for (let row = 0; row < n; row++) {
        const u = random.uniform()
        if (u < own) modelOnly++
        else if (u < own + theirs) championOnly++
      }
      const result = await against(noWorse(0.02), { modelOnly, championOnly }, n)
      if (result.passed) passed++
    }
    expect(passed / runs).toBeGreaterThanOrEqual(lowest)
    expect(passed / runs).toBeLessThanOrEqual(highest)
  },
  120_000,
)

test('as many rows as a comparison needs decide it four times in five', async () => {
  const unclear = await against(noWorse(0.01), { modelOnly: 14, championOnly: 12 }, 1000)
  const needed = Number(/about ([\d,]+) rows/.exec(unclear.message)![1]!.replaceAll(',', ''))
  const random = seededRandom(44)
  let decided = 0
  for (let run = 0; run < 300; run++) {
    let [modelOnly, championOnly] = [0, 0]
    for (let row = 0; row < needed; row++) {
      const u = random.uniform()
      if (u < 0.014) modelOnly++
      else if (u < 0.026) championOnly++
    }
    if ((await against(noWorse(0.01), { modelOnly, championOnly }, needed)).passed) decided++
  }
  expect(decided / 300).toBeGreaterThan(0.72)
  expect(decided / 300).toBeLessThan(0.88)
}, 60_000)
