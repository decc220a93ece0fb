import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { outcomes, pipelineRig, type PipelineRig } from '../../test/pipeline-rig.ts'
import type { Report } from '../core/report.ts'
import { processIdentity } from '../drivers/process-identity.ts'
import { builtModule } from '../drivers/self.ts'
import { openDatabase } from '../drivers/sqlite.ts'
import { listRuns, showRun } from './record.ts'

const built = (name: string) => JSON.stringify(pathToFileURL(builtModule(name)).href)
/** A process that runs the pipeline of a folder, to be killed. */
const RUNNER = `
import { loadPipeline } from ${built('pipeline/config')}
import { runPipeline } from ${built('pipeline/run')}
import { run } from ${built('steps/run')}
import { systemClock } from ${built('core/clock')}
const [root, resume] = process.argv.slice(1)
const env = { PATH: process.env.PATH }
await runPipeline({
  pipeline: await loadPipeline(root + '/plimsoll.yaml', { steps: [run], env }),
  root, stateDir: root + '/.plimsoll', env, git: { commit: null, branch: 'main', dirty: false }, event: 'push',
  clock: systemClock, signal: new AbortController().signal, failureMode: 'fail-fast', assumeYes: false, ask: null,
  ...(resume && { resume }), cache: true, inconclusive: 'block', observers: [],
  hooks: { resolve: async () => 'none', beforeStage: async () => {} }, maxParallel: 2,
})
`

function start(rig: PipelineRig, yaml: string, resume = ''): ChildProcess {
  rig.define(yaml)
  rig.write('plimsoll.yaml', yaml)
  return spawn(process.execPath, ['--input-type=module', '-e', RUNNER, rig.root, resume], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function until(condition: () => boolean, child: ChildProcess): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 2000 || child.exitCode !== null) throw new Error('waited in vain')
    await sleep(20)
  }
}

const stepOutcomes = (report: Report) =>
  Object.fromEntries(report.children.map((stage) => [stage.name, Object.values(outcomes(stage))]))

test('after kill -9: what had finished is not run again, what was left behind is gone, the end is the same', async () => {
  const yaml = `
name: killed
stages:
  one: { writes: [one.txt], steps: [run: 'echo one >> log; echo 1 > one.txt'] }
  two:
    needs: [one]
    writes: [two.txt]
    steps:
      - run: 'echo two-a >> log; echo a > two.txt'
      - run: 'echo two-b >> log; test -e go || { sleep 60 & echo $! > left.pid; wait; }; echo b >> two.txt'
  three: { needs: [two], steps: [run: 'echo three >> log; cat one.txt two.txt > three.txt'] }
`
  const rig = pipelineRig(yaml)
  const killed = start(rig, yaml)
  await until(() => existsSync(join(rig.root, 'left.pid')) && rig.read('left.pid').trim() !== '', killed)
  await kill(killed)
  const left = Number(rig.read('left.pid'))
  expect(processIdentity(left)).not.toBeNull()
  expect(listRuns(rig.stateDir)).toMatchObject([{ status: 'interrupted', verdict: null }])

  rig.write('go', '')
  rig.write('one.txt', 'spoilt')
  rmSync(join(rig.root, 'two.txt'))
  const report = await rig.run({ resume: 'latest' })
  expect(processIdentity(left)).toBeNull()
  expect(report.verdict).toBe('pass')
  expect(outcomes(report)).toEqual({ one: 'pass (resume)', two: 'pass', three: 'pass' })
  expect(stepOutcomes(report)).toMatchObject({ two: ['pass (resume)', 'pass'] })
  expect(rig.read('log').trim().split('\n')).toEqual(['one', 'two-a', 'two-b', 'two-b', 'three'])
  expect(rig.read('three.txt')).toBe('1\na\nb\n')
  expect(listRuns(rig.stateDir)).toMatchObject([{ status: 'finished', verdict: 'pass' }])
  expect(showRun(rig.stateDir, 'latest').report).toEqual(report)
  await expect(rig.run({ resume: 'latest' })).rejects.toThrow('has finished (pass)')
})

test('killed at any moment, again and again: nothing that had finished runs twice, and the end is the same', async () => {
  const yaml = `
name: often
stages:
  a: { writes: [a.txt], steps: [run: 'echo a1 >> log; echo a > a.txt', run: 'echo a2 >> log; sleep 0.1; echo aa >> a.txt'] }
  b: { writes: [b.txt], steps: [run: 'echo b1 >> log; sleep 0.15; echo b > b.txt'] }
  c: { needs: [a, b], writes: [c.txt], steps: [run: 'echo c1 >> log; cat a.txt b.txt > c.txt', run: 'echo c2 >> log; sleep 0.1; echo end >> c.txt'] }
`
  const rig = pipelineRig(yaml)
  let resume = ''
  const twice: string[] = []
  for (let kills = 0; kills < 7; kills++) {
    const child = start(rig, yaml, resume)
    await sleep(250 + 110 * kills)
    await kill(child)
    const [latest] = listRuns(rig.stateDir)
    if (latest?.status === 'finished') break
    resume = latest ? latest.id : ''
    const finished = finishedSteps(rig)
    const before = counts(rig)
    if (latest) {
      const next = start(rig, yaml, resume)
      await sleep(200)
      await kill(next)
      const after = counts(rig)
      twice.push(...finished.filter((step) => after[step] !== before[step]))
    }
  }
  const [latest] = listRuns(rig.stateDir)
  if (latest?.status !== 'finished') await rig.run(latest ? { resume: latest.id } : {})
  expect(twice).toEqual([])
  expect(rig.read('c.txt')).toBe('a\naa\nb\nend\n')
  expect(Object.keys(counts(rig)).toSorted()).toEqual(['a1', 'a2', 'b1', 'c1', 'c2'])
  expect(listRuns(rig.stateDir)).toMatchObject([{ status: 'finished', verdict: 'pass' }])
}, 60_000)

/** `a1` for the first step of stage a that is on record as finished. */
function finishedSteps(rig: PipelineRig): string[] {
  const database = openDatabase(join(rig.stateDir, 'plimsoll.db'), 'test', [])
  const rows = database.all<{ stage: string; position: number }>('SELECT stage, position FROM pipeline_step')
  database.close()
  return rows.map(({ stage, position }) => `${stage}${position + 1}`)
}

function counts(rig: PipelineRig): Record<string, number> {
  const lines = existsSync(join(rig.root, 'log')) ? readFileSync(join(rig.root, 'log'), 'utf8').trim().split('\n') : []
  return Object.fromEntries([...new Set(lines)].map((line) => [line, lines.filter((other) => other === line).length]))
}

test('a stage with services begins anew, with a new server; the old one is gone', async () => {
  const yaml = `
stages:
  db:
    services: { postgres: }
    steps:
      - run: 'echo first >> log; echo "$DATABASE_URL" >> urls'
      - run: 'echo second >> log; test -e go || { touch waiting; sleep 60; }'
`
  const rig = pipelineRig(yaml)
  const killed = start(rig, yaml)
  await until(() => existsSync(join(rig.root, 'waiting')), killed)
  const folders = leftFolders(rig)
  expect(folders).toHaveLength(1)
  await kill(killed)
  rig.write('go', '')
  expect(outcomes(await rig.run({ resume: 'latest' }))).toEqual({ db: 'pass' })
  expect(rig.read('log').trim().split('\n')).toEqual(['first', 'second', 'first', 'second'])
  expect(new Set(rig.read('urls').trim().split('\n')).size).toBe(2)
  for (const folder of folders) expect(existsSync(folder)).toBe(false)
}, 90_000)

function leftFolders(rig: PipelineRig): string[] {
  const database = openDatabase(join(rig.stateDir, 'plimsoll.db'), 'test', [])
  const rows = database.all<{ leftover: string }>('SELECT leftover FROM pipeline_leftover')
  database.close()
  return rows
    .map(({ leftover }) => JSON.parse(leftover) as { kind: string; path: string })
    .filter(({ kind }) => kind === 'folder')
    .map(({ path }) => path)
}

test('what cannot be gone on with is refused with a reason; a new run is possible', async () => {
  const yaml =
    "stages: { first: { writes: [f], steps: [run: 'echo 1 > f'] }, slow: { needs: [first], steps: [run: 'touch waiting; sleep 60'] } }"
  const rig = pipelineRig(yaml)
  await expect(rig.run({ resume: 'latest' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  const killed = start(rig, yaml)
  await until(() => existsSync(join(rig.root, 'waiting')), killed)
  await expect(rig.run({ resume: 'latest' })).rejects.toThrow('is in progress')
  await kill(killed)
  rig.define(yaml.replace('sleep 60', 'true'))
  await expect(rig.run({ resume: 'latest' })).rejects.toThrow('The pipeline file has changed since run')
  rmSync(join(rig.root, 'f'))
  rmSync(join(rig.stateDir, 'cache'), { recursive: true })
  rig.define(yaml)
  await expect(rig.run({ resume: 'latest' })).rejects.toThrow('an output cannot be put back')
  rig.define(yaml.replace('sleep 60', 'true'))
  expect((await rig.run()).verdict).toBe('pass')
  expect(listRuns(rig.stateDir).map(({ status }) => status)).toEqual(['finished', 'interrupted'])
  expect(listRuns(rig.stateDir, { root: '/elsewhere' })).toEqual([])
})
