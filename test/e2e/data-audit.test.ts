import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRandom } from '../../src/stats/random.ts'
import { cli, scratch } from './cli.ts'

/** Predictions of two models for the same 400 customers; both are right about 88 of 100. */
function predictions(): { model: string; champion: string } {
  const random = seededRandom(5)
  const rows = Array.from({ length: 400 }, (_, row) => {
    const truth = random.uniform() < 0.4
    const said = random.uniform() < 0.88 ? truth : !truth
    const champion = random.uniform() < 0.9 ? said : !said
    const spell = (yes: boolean): string => (yes ? 'yes' : 'no')
    return {
      id: row + 1,
      region: row % 3 === 0 ? 'north' : 'south',
      churned: spell(truth),
      said: spell(said),
      champion: spell(champion),
    }
  })
  const file = (which: 'said' | 'champion'): string =>
    ['id,region,churned,prediction', ...rows.map((row) => `${row.id},${row.region},${row.churned},${row[which]}`)].join('\n')
  return { model: file('said'), champion: file('champion') }
}

const PIPELINE = `name: churn
stages:
  model-validation:
    steps:
      - validate-model:
          predictions: predictions.csv
          label: churned
          champion: champion.csv
          tests: [accuracy-threshold=0.8, 'recall>=0.84', 'accuracy>=champion-0.01', no-nan-predictions]
      - check-fairness:
          predictions: predictions.csv
          label: churned
          sensitive: [region]
          max-equalized-odds-difference: 0.25
  report:
    needs: [model-validation]
    steps:
      - notify: { to: terminal }
`

const project = (): string => {
  const { model, champion } = predictions()
  return scratch({ 'plimsoll.yaml': PIPELINE, 'predictions.csv': model, 'champion.csv': champion })
}

interface Document {
  steps: { step: string; gates: { gate: string; blocksEqual?: number; rowsNeeded?: number | null; reason?: string }[] }[]
}

test('the audit says of each gate how often it blocks a good model, which loss it sees, and warns of those that are coin flips', async () => {
  const folder = project()
  const { stdout, stderr, code } = await cli(folder, ['audit'])
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  expect(stdout).toMatchInlineSnapshot(`
    "model-validation › validate-model  predictions.csv, 400 rows

    gate                  limit            now                   blocks an equal model  sees a loss of  rows needed
    accuracy-threshold    >= 0.8           0.887 [0.853, 0.915]  0.2 %                  0.065           about 150
    recall                >= 0.84          0.912 [0.860, 0.946]  24.3 %                 0.036           about 440
    accuracy-vs-champion  champion − 0.01  0.072 [0.048, 0.104]  90 %                   blocks anyway   about 6,600
    no-nan-predictions: what it counts is exact, so no good model is blocked by chance
    ! recall would block a model as good as the present one 24 times in 100: 400 rows are too few for this limit; about 440 would do, or a limit farther away.
    ! accuracy-vs-champion would block a model as good as the champion 90 times in 100: 400 rows are too few for this limit; about 6,600 would do, or a limit farther away.

    model-validation › check-fairness  predictions.csv, 400 rows

    gate                                 limit    now                   blocks an equal model  sees a loss of  rows needed
    equalized-odds-difference by region  <= 0.25  0.058 [0.000, 0.165]  6.5 %                  0.12            about 290

    blocks an equal model: how often the gate does not pass a model exactly as good as the present one (or as the champion), on as many other rows
    sees a loss of: the smallest loss against that model which the gate blocks four times in five
    rows needed: with so many rows an equal model is blocked one time in five at most
    "
  `)
  // To look is not to decide: nothing is written down of the test set.
  expect((await cli(folder, ['test-sets', 'list'])).stdout).not.toContain('predictions.csv')
  expect(existsSync(join(folder, 'results'))).toBe(false)
})

test('as JSON it has every number, and --fail-above makes it a gate on gates', async () => {
  const folder = project()
  const { stdout, code } = await cli(folder, ['audit', '--json', '--fail-above', '0.2'])
  expect(code).toBe(1)
  const { steps } = JSON.parse(stdout) as Document
  expect(steps.map(({ step }) => step)).toEqual(['validate-model', 'check-fairness'])
  const gates = steps[0]!.gates
  expect(gates.map(({ gate }) => gate)).toEqual(['accuracy-threshold', 'recall', 'accuracy-vs-champion', 'no-nan-predictions'])
  expect(gates[0]!.blocksEqual).toBeLessThan(0.05)
  expect(gates[2]!.blocksEqual).toBeGreaterThan(0.5)
  expect(gates[2]!.rowsNeeded).toBeGreaterThan(1000)
  expect(gates[3]!.reason).toContain('exact')
  expect((await cli(folder, ['audit', '--stage', 'model-validation', '--fail-above', '1'])).code).toBe(0)
})

test.each([
  [['audit', '--stage', 'deploy'], 'There is no stage "deploy"'],
  [['audit', '--stage', 'report'], 'No stage has a gate that judges a model on data'],
  [['audit', '--predictions', 'nothing.csv'], 'nothing.csv'],
  [['audit', '--fail-above', '20%'], 'A number from 0 to 1 is expected'],
  [['audit', '--config', 'other.yaml'], 'other.yaml'],
])('%j is told what is wrong, and ends with 2', async (line, message) => {
  const { stdout, stderr, code } = await cli(project(), line)
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
  expect(stderr).toContain(message)
  expect(stderr).not.toMatch(/^ +at /m)
})
