import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linearModel } from '../../../test/fixtures/linear-model.ts'
import { openBlobs } from '../../drivers/blobs.ts'
import { builtModule } from '../../drivers/self.ts'
import { openReleaseRecords } from '../records.ts'
import { releaseOf, type Release } from '../release.ts'
import { findSupervisor, requestSwitch, serverSpec } from './control.ts'
import {
  currentRelease,
  deployRelease,
  endpointOf,
  ensureUp,
  environmentStatus,
  listEnvironments,
  rollback,
  stopEnvironment,
  stopStartedBy,
  type DeployOptions,
} from './environments.ts'
import { environmentFiles } from './layout.ts'

const env = { PATH: process.env['PATH'] ?? '' }
const deployOptions: DeployOptions = { runId: 'run-1', env, by: 'ada', reason: null, at: new Date('2026-01-01T00:00:00Z') }

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-environments-'))
})
afterEach(async () => {
  for (const { name } of await listEnvironments(dir)) await stopEnvironment(dir, name)
  await rm(dir, { recursive: true, force: true })
})

async function release(version: number, bytes: Uint8Array = linearModel(version)): Promise<Release> {
  const path = join(dir, `model-${version}.onnx`)
  await writeFile(path, bytes)
  const { digest } = await openBlobs(dir).putFile(path)
  await rm(path)
  return releaseOf({
    modelName: 'mortgage',
    modelVersion: String(version),
    modelDigest: digest,
    modelExtension: '.onnx',
    imageDigest: null,
    configDigest: null,
    python: null,
  })
}

async function infer(url: string): Promise<{ status: number; release: string | null }> {
  const body = JSON.stringify({
    inputs: ['a', 'b'].map((name) => ({ name, shape: [1], datatype: 'FP64', data: [1] })),
  })
  const response = await fetch(`${url}/v2/models/mortgage/infer`, { method: 'POST', body })
  await response.arrayBuffer()
  return { status: response.status, release: response.headers.get('x-release-id') }
}

test('a second release takes over under load without a lost request, and a rollback brings the first one back', async () => {
  const [first, second] = [await release(1), await release(2)]
  const started = await deployRelease(dir, 'production', first, deployOptions)
  expect(started).toMatchObject({ succeeded: true, changed: true, previousRelease: null })
  const url = (await endpointOf(dir, 'production'))!
  expect(await infer(url)).toEqual({ status: 200, release: first.id })

  const answers: { status: number; release: string | null }[] = []
  const loading = new AbortController()
  const load = Promise.all(
    [1, 2, 3].map(async () => {
      while (!loading.signal.aborted) answers.push(await infer(url))
    }),
  )
  const switched = await deployRelease(dir, 'production', second, deployOptions)
  await sleep(100)
  loading.abort()
  await load
  expect(switched).toMatchObject({ succeeded: true, changed: true, previousRelease: first, url })
  expect(answers.length).toBeGreaterThan(20)
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(new Set(answers.map((answer) => answer.release))).toEqual(new Set([first.id, second.id]))
  expect(answers.at(-1)!.release).toBe(second.id)
  expect(currentRelease(dir, 'production')).toBe(second.id)

  const again = await deployRelease(dir, 'production', second, deployOptions)
  expect(again).toMatchObject({ succeeded: true, changed: false })
  const back = await rollback(dir, 'production', undefined, deployOptions)
  expect(back).toMatchObject({ succeeded: true, release: first, url })
  expect(await infer(url)).toEqual({ status: 200, release: first.id })
  await expect(rollback(dir, 'production', undefined, deployOptions)).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  await expect(rollback(dir, 'production', '0000', deployOptions)).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  expect(await rollback(dir, 'production', second.id, deployOptions)).toMatchObject({ succeeded: true, release: second })
})

test('a model that cannot be loaded does not take over: what was there goes on, and the reason is told', async () => {
  const good = await release(1)
  const broken = await release(2, Buffer.from('this is no model'))
  const nothing = await deployRelease(dir, 'production', broken, deployOptions)
  expect(nothing).toMatchObject({ succeeded: false, stillServing: null })
  expect(currentRelease(dir, 'production')).toBeNull()
  await deployRelease(dir, 'production', good, deployOptions)
  const failed = await deployRelease(dir, 'production', broken, deployOptions)
  expect(failed).toMatchObject({ succeeded: false, stillServing: good })
  expect(failed).toHaveProperty('reason', expect.stringMatching(/model/i))
  expect(currentRelease(dir, 'production')).toBe(good.id)
  expect(await infer((await endpointOf(dir, 'production'))!)).toEqual({ status: 200, release: good.id })
})

test('an environment keeps its port and its release over a crash of the supervisor and a damaged model file', async () => {
  const first = await release(1)
  await deployRelease(dir, 'staging', first, deployOptions)
  const before = await environmentStatus(dir, 'staging')
  process.kill(before.pid!, 'SIGKILL')
  while ((await environmentStatus(dir, 'staging')).up) await sleep(20)

  // The pid in the state file belongs to another program now: that does not make the environment up.
  const files = environmentFiles(dir, 'staging')
  const state = JSON.parse(await readFile(files.state, 'utf8')) as object
  await writeFile(files.state, JSON.stringify({ ...state, pid: process.pid }))
  expect(await environmentStatus(dir, 'staging')).toMatchObject({ up: false, url: null, port: before.port, release: first })

  await writeFile(files.modelOf(first), 'damaged')
  const after = await ensureUp(dir, 'staging', { runId: 'run-2', env })
  expect(after).toMatchObject({ up: true, port: before.port, release: first, startedByRun: 'run-2', problem: null })
  expect(await infer(after.url!)).toEqual({ status: 200, release: first.id })

  expect(await stopStartedBy(dir, 'run-1')).toEqual([])
  expect(await stopStartedBy(dir, 'run-2')).toEqual(['staging'])
  expect(await environmentStatus(dir, 'staging')).toMatchObject({ up: false, release: first })
})

test('a port that another program has taken is a clear error, and another port can be had', async () => {
  await deployRelease(dir, 'staging', await release(1), deployOptions)
  const { port } = await environmentStatus(dir, 'staging')
  await stopEnvironment(dir, 'staging')
  const other = createServer().listen(port!, '127.0.0.1')
  await once(other, 'listening')
  try {
    await expect(ensureUp(dir, 'staging', { runId: null, env })).rejects.toMatchObject({ code: 'E_CONFLICT' })
    const moved = await ensureUp(dir, 'staging', { runId: null, env, port: 0 })
    expect(moved.up).toBe(true)
    expect(moved.port).not.toBe(port)
  } finally {
    other.close()
  }
})

test('deployments at the same time come one after the other, and the record tells what is served', async () => {
  const releases = [await release(1), await release(2), await release(3)]
  const outcomes = await Promise.all(releases.map((each) => deployRelease(dir, 'staging', each, deployOptions)))
  expect(outcomes.filter(({ succeeded }) => !succeeded)).toEqual([])
  const serving = await infer((await endpointOf(dir, 'staging'))!)
  expect(serving.release).toBe(currentRelease(dir, 'staging'))
})

test('a deployment whose process was killed after the switch is found to have succeeded', async () => {
  const [first, second] = [await release(1), await release(2)]
  await deployRelease(dir, 'staging', first, deployOptions)
  const files = environmentFiles(dir, 'staging')
  await openBlobs(dir).copyTo(second.modelDigest, files.modelOf(second))
  const records = openReleaseRecords(dir)
  records.saveRelease(second)
  const attempt = { environment: 'staging', previousReleaseId: first.id, kind: 'deploy', by: null, reason: null } as const
  records.begin({ ...attempt, releaseId: second.id, runId: 'killed', startedAt: '2026-01-02T00:00:00.000Z' })
  const supervisor = (await findSupervisor(files.state))!
  expect(await requestSwitch(supervisor, serverSpec(second, files.modelOf(second)), { ms: 30_000 })).toBeUndefined()
  expect(currentRelease(dir, 'staging')).toBe(first.id)

  await ensureUp(dir, 'staging', { runId: null, env })
  expect(currentRelease(dir, 'staging')).toBe(second.id)

  records.begin({ ...attempt, releaseId: first.id, runId: 'killed', startedAt: '2026-01-03T00:00:00.000Z' })
  await ensureUp(dir, 'staging', { runId: null, env })
  expect(currentRelease(dir, 'staging')).toBe(second.id)
  expect(records.deployments('staging').map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'interrupted'])
  records.close()
})

test('however early a first deployment is killed, the next one ends with one supervisor that serves what is recorded', async () => {
  const [first, second] = [await release(1), await release(2)]
  const script = `
    const { deployRelease } = await import(process.argv[1])
    const [dir, release] = process.argv.slice(2)
    console.log('begins')
    await deployRelease(dir, 'staging', JSON.parse(release), { runId: 'killed', env: process.env, by: null, reason: null, at: new Date() })
    console.log('done')`
  const module = pathToFileURL(builtModule('release/local/environments')).href
  for (const delay of [5, 60, 200, 500]) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, module, dir, JSON.stringify(first)], { env })
    await once(child.stdout, 'data')
    await sleep(delay)
    child.kill('SIGKILL')
    await once(child, 'exit')

    const outcome = await deployRelease(dir, 'staging', second, deployOptions)
    expect(outcome.succeeded).toBe(true)
    expect(currentRelease(dir, 'staging')).toBe(second.id)
    expect(await infer((await endpointOf(dir, 'staging'))!)).toEqual({ status: 200, release: second.id })
    expect(await supervisors()).toHaveLength(1)
    await stopEnvironment(dir, 'staging')
    expect(await supervisors()).toHaveLength(0)
  }
})

/** Processes of this machine that supervise the environment of this test. */
async function supervisors(): Promise<string[]> {
  await sleep(100) // One that has just been told to end may still be on its way out.
  const { config } = environmentFiles(dir, 'staging')
  return (await commandLines()).filter((line) => line.includes(config))
}

/** A small Linux has no `ps`, and a Mac has no /proc. */
async function commandLines(): Promise<string[]> {
  if (process.platform !== 'linux') return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n')
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
}
