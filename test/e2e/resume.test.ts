import { once } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import type { RunDetail } from '../../src/pipeline/record.ts'
import { cli, startCli } from './cli.ts'
import { copyOfExample, digestsOf, nothingButNode } from './support/checkout.ts'
import { processesLeft } from './support/processes.ts'

const KILLER = pathToFileURL(join(import.meta.dirname, 'support', 'kill-at.mjs')).href
const RUN = ['run', '--branch', 'main', '--yes', '--verbose']
const PATIENCE = 240_000

/** What a run says just before it is killed, and how many milliseconds before. */
type Moment = readonly [says: string, after?: number]

const AT_THE_BEGINNING: Moment[] = [
  ['data-validation: started'],
  ['unit-tests: started'],
  ['integration-tests: started'],
  ['model-training: started'],
  ['model-validation: started'],
  ['build-and-push: started'],
  ['deploy-staging: started'],
  ['deploy-production: started'],
]
const IN_THE_MIDDLE: Moment[] = [
  ['✔ data-validation › validate-schema'],
  ['unit-tests │'],
  ['integration-tests │ postgres: starting', 300],
  ['integration-tests › run: started', 100],
  ['model-training › train: started', 300],
  ['model-training › evaluate: started', 50],
  ['model-validation › check-fairness: started'],
  ['build-and-push › register-model: started', 5],
  ['build-and-push › build-image: started'],
  ['deploy-staging │ staging: moving to', 150],
  ['deploy-staging › smoke-test: started', 100],
  ['deploy-staging │ 100 requests/s for', 1500],
  ['✔ deploy-production › approve'],
  ['deploy-production │ production: moving to', 100],
  ['✔ deploy-production › verify-deployment'],
]

const PROGRAMS = ['test integration', 'test unit', 'train --config']

/** The example, with programs that count how often they come to their end. */
function project(): string {
  const folder = copyOfExample()
  for (const name of ['train', 'test']) {
    const count = `(await import('node:fs')).appendFileSync(new URL('../../ended', import.meta.url), \`${name} \${process.argv[2]}\\n\`)`
    appendFileSync(join(folder, 'scripts', `${name}.mjs`), `\n${count}\n`)
  }
  return folder
}

const envOf = (folder: string) => ({ ...nothingButNode(folder), LOAD_TEST_DURATION: '4s' })

async function json<T>(folder: string, ...line: string[]): Promise<T> {
  return JSON.parse((await cli(folder, [...line, '--json'], { env: envOf(folder) })).stdout) as T
}

interface Version {
  readonly version: number
  readonly digest: string
  readonly lineageDigest: string
}
interface Environment {
  readonly name: string
  readonly up: boolean
  readonly release: { readonly id: string } | null
  readonly previousRelease: unknown
}

/** All that a run leaves which does not tell when, where, and in how many pieces it was made. */
async function finalState(folder: string) {
  const runs = await json<RunDetail[]>(folder, 'runs', 'list')
  const environments = await json<Environment[]>(folder, 'environments', 'list')
  const approvals = await json<{ environment: string; releaseId: string }[]>(folder, 'approvals', 'list')
  const models = await json<{ name: string; versions: Version[]; aliases: unknown }>(folder, 'models', 'show', 'mortgage')
  const files = Object.entries(digestsOf(folder)).filter(([path]) => /^(artifacts[/\\]model\.|results[/\\]image[/\\])/.test(path))
  const report = JSON.parse(readFileSync(join(folder, 'results/report.json'), 'utf8')) as Report
  const metrics = JSON.parse(readFileSync(join(folder, 'results/metrics.json'), 'utf8')) as { metrics: unknown; model: unknown }
  return {
    runs: runs.map(({ status, verdict, branch }) => ({ status, verdict, branch })),
    environments: environments.map(({ name, up, release, previousRelease }) => ({ name, up, release, previousRelease })),
    approvals: approvals.map(({ environment, releaseId }) => ({ environment, releaseId })),
    versions: models.versions?.map(({ version, digest, lineageDigest }) => ({ version, digest, lineageDigest })),
    aliases: models.aliases,
    files: Object.fromEntries(files),
    metrics: { metrics: metrics.metrics, model: metrics.model },
    verdicts: verdictsIn(report),
  }
}

interface Verdicts {
  readonly [name: string]: { verdict: string; checks: string[]; children: Verdicts }
}

function verdictsIn({ children }: Report): Verdicts {
  const entries = children.map(({ name, verdict, results, children: below }) => {
    const checks = results.map((result) => `${result.check} ${result.verdict}`)
    return [name, { verdict, checks, children: verdictsIn({ children: below } as Report) }] as const
  })
  return Object.fromEntries(entries)
}

/** Steps and stages that began again after they were on record as finished. */
function begunAgain({ events }: RunDetail): string[] {
  const finished = new Set<string>()
  const again: string[] = []
  for (const { event } of events) {
    if (event.type === 'step-finished') finished.add(`${event.stage} › ${event.report.name}`)
    if (event.type === 'stage-finished') finished.add(event.stage)
    if (event.type === 'step-started' && finished.has(`${event.stage} › ${event.step}`))
      again.push(`${event.stage} › ${event.step}`)
    if (event.type === 'stage-started' && finished.has(event.stage)) again.push(event.stage)
  }
  return again
}

const ended = (folder: string) =>
  readFileSync(join(folder, '..', 'ended'), 'utf8')
    .trimEnd()
    .split('\n')
    .toSorted()

let undisturbed: Awaited<ReturnType<typeof finalState>>

test(
  'an undisturbed run passes',
  async () => {
    const folder = project()
    const { code, stdout, stderr } = await cli(folder, RUN, { env: envOf(folder) })
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 })
    undisturbed = await finalState(folder)
    expect(undisturbed.versions).toHaveLength(1)
    expect(Object.keys(undisturbed.verdicts)).toHaveLength(8)
    expect(ended(folder)).toEqual(PROGRAMS)
  },
  PATIENCE,
)

test.each([
  ['at the beginning of each stage', AT_THE_BEGINNING],
  ['in the middle of each stage', IN_THE_MIDDLE],
])(
  'kill -9 %s, and --resume each time: the end is as if nothing had been',
  async (_when, moments) => {
    const folder = project()
    for (const [i, [says, after = 0]] of moments.entries()) {
      const env = { ...envOf(folder), NODE_OPTIONS: `--import=${KILLER}`, KILL_AT: says, KILL_AFTER: String(after) }
      const child = startCli(folder, i === 0 ? RUN : [...RUN, '--resume'], { env })
      let talk = ''
      for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (talk += chunk))
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
      expect(signal, `to be killed at "${says}"\n${talk}`).toBe('SIGKILL')
      const [killed] = await json<RunDetail[]>(folder, 'runs', 'list')
      expect(killed).toMatchObject({ status: 'interrupted', verdict: null })
    }
    const { code, stdout, stderr } = await cli(folder, [...RUN, '--resume'], { env: envOf(folder) })
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 })

    expect(await finalState(folder)).toEqual(undisturbed)
    const run = await json<RunDetail>(folder, 'runs', 'show', 'latest')
    expect(begunAgain(run)).toEqual([])
    // A program that is cut off from its run may still come to its end before the resumed run stops it; its step does not.
    expect(moments === AT_THE_BEGINNING ? ended(folder) : [...new Set(ended(folder))]).toEqual(PROGRAMS)
    expect(await processesLeft(folder)).toEqual([])
  },
  PATIENCE,
)
