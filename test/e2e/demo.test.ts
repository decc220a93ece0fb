import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XMLValidator } from 'fast-xml-parser'
import { beforeAll, expect, test } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { finished, type CliResult } from './cli.ts'
import { copyOfCheckout, digestsOf, nothingButNode } from './support/checkout.ts'
import { processesLeft } from './support/processes.ts'

const STAGES = [
  'data-validation',
  'unit-tests',
  'integration-tests',
  'model-training',
  'model-validation',
  'build-and-push',
  'deploy-staging',
  'deploy-production',
]
/** On this machine other tests run beside this one. */
const PATIENCE = 240_000

let checkout = ''
let ofUser: Record<string, string> = {}

beforeAll(() => {
  checkout = copyOfCheckout()
  ofUser = ownFiles()
})

/** What belongs to the user of the example, and is not written by runs. */
function ownFiles(): Record<string, string> {
  const all = Object.entries(digestsOf(join(checkout, 'examples', 'mortgage')))
  return Object.fromEntries(all.filter(([path]) => !/^(\.plimsoll|artifacts|results)[/\\]/.test(path)))
}

function demo(parameters: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
  const child = spawn(process.execPath, ['scripts/demo.mjs', ...parameters], {
    cwd: checkout,
    env: { ...nothingButNode(checkout), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return finished(child, checkout)
}

const result = (name: string) => readFileSync(join(checkout, 'results', name), 'utf8')
const report = () => JSON.parse(result('report.json')) as Report
/** `{ stage: verdict }`, of stages that were not run `not-run`. */
const verdicts = ({ children }: Report) =>
  Object.fromEntries(children.map(({ name, verdict, origin }) => [name, origin.from === 'not-run' ? 'not-run' : verdict]))
const all = (verdict: string) => Object.fromEntries(STAGES.map((name) => [name, verdict]))
const lines = (text: string) => text.trimEnd().split('\n')

test(
  'the first run: every stage passes with nothing but Node, and its results are there',
  async () => {
    const { stdout, stderr, code } = await demo()
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const [run, signed] = stdout.split('sign · mortgage/1')
    const summary = lines(run!).flatMap((line) => /^✔ {2}(\S+) +pass /.exec(line)?.[1] ?? [])
    expect(summary).toEqual([...STAGES, 'total'])
    expect(verdicts(report())).toEqual(all('pass'))
    expect(report().children.every(({ origin }) => origin.from === 'run')).toBe(true)
    const services = report().children[2]!.results.map(({ check, verdict }) => `${check} ${verdict}`)
    expect(services).toEqual(['service.postgres pass', expect.stringMatching(/^service\.redis (pass|skip)$/)])
    // What is optional and not here is told by name.
    expect(stdout.includes('redis: not available here, and optional')).toBe(services[1] === 'service.redis skip')

    expect(result('report.html')).toMatch(/^<!doctype html>[^]*<\/html>\s*$/i)
    expect(result('report.md')).toContain('# ✅ mortgage: pass')
    expect(XMLValidator.validate(result('junit.xml'))).toBe(true)
    expect(JSON.parse(result('validation.json'))).toMatchObject({
      schemaVersion: 1,
      reports: { 'validate-schema': { verdict: 'pass' }, 'check-data-quality': { verdict: 'pass' } },
    })
    // At the end the version is signed, and what was signed is verified.
    expect(signed).toMatch(/✔ {2}What is known of the model is signed +pass/)
    expect(signed).toMatch(/✔ {2}What is signed is as it was signed +pass +6 signatures of trusted keys/)
    // Before that, what the gates can tell, and a gate with too few rows that says how many it needs. The demo still ends well.
    expect(stdout).toContain('blocks an equal model')
    expect(stdout).toMatch(/accuracy-threshold +>= 0\.85 +0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]/)
    expect(stdout).toMatch(/inconclusive +Accuracy 0\.\d+ >= threshold 0\.9, but[^]*about [\d,]+ rows\s+would\s+decide/)
    expect(await processesLeft(checkout)).toEqual([])
  },
  PATIENCE,
)

test(
  'the second run: every stage comes from the cache and says so',
  async () => {
    const { stdout, code } = await demo()
    expect(code).toBe(0)
    const cached = lines(stdout).flatMap((line) => /^✔ {2}(\S+) +pass .* cached$/.exec(line)?.[1] ?? [])
    expect(cached).toEqual(STAGES)
    expect(report().children.map(({ origin }) => origin.from)).toEqual(STAGES.map(() => 'cache'))
    expect(ownFiles()).toEqual(ofUser)
    expect(await processesLeft(checkout)).toEqual([])
  },
  PATIENCE,
)

test.each([
  ['data', 'data-validation', 'validate-schema', 'chist'],
  ['model', 'model-validation', 'validate-model', 'Accuracy 0.79'],
  ['fairness', 'model-validation', 'check-fairness', 'equalized odds difference by afam'],
  ['security', 'model-validation', 'security-scan', 'posix.system'],
  ['smoke', 'deploy-staging', 'smoke-test', 'rows'],
  ['load', 'deploy-staging', 'load-test', 'p95'],
])(
  '--break %s: %s › %s says no, nothing after it runs, and production goes on serving',
  async (kind, stage, gate, told) => {
    const { stdout, stderr, code } = await demo(['--break', kind], { LOAD_TEST_DURATION: '4s' })
    expect({ code, stdout, stderr }).toMatchObject({ code: 1 })
    const { children } = JSON.parse(readFileSync(join(checkout, '.demo/mortgage/results/report.json'), 'utf8')) as Report
    const at = STAGES.indexOf(stage)
    const expected = STAGES.map((name, i) => [name, i < at ? 'pass' : i === at ? 'fail' : 'not-run'])
    expect(children.map(({ name, verdict, origin }) => [name, origin.from === 'not-run' ? 'not-run' : verdict])).toEqual(expected)
    const steps = children[at]!.children.filter(({ origin }) => origin.from !== 'not-run')
    expect(steps.filter(({ verdict }) => verdict !== 'pass').map(({ name, verdict }) => [name, verdict])).toEqual([
      [gate, 'fail'],
    ])
    expect(stdout).toMatch(new RegExp(`^✖ {2}${stage} +fail `, 'm'))
    expect(stdout).toContain(told)
    expect(stderr).toContain(`The gate that should stop it: ${stage} › ${gate}.`)
    expect(lines(stderr).at(-1)).toMatch(
      /^Production still serves mortgage\/\d+ \(release \w+\): http:\/\/\S+ answers 200, model \w{12}\.$/,
    )
    expect(ownFiles()).toEqual(ofUser)
    expect(await processesLeft(checkout)).toEqual([])
  },
  PATIENCE,
)

test('a way to break it that there is not: exit code 2, and those that there are', async () => {
  for (const wrong of [
    ['--break', 'everything'],
    ['--brake', 'data'],
  ]) {
    const { stdout, stderr, code } = await demo(wrong)
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
    expect(lines(stderr).at(-1)).toBe('Usage: npm run demo [-- --break data|model|fairness|security|smoke|load]')
  }
})
