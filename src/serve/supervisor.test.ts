import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { builtModule } from '../drivers/self.ts'
import type { ServerSpec, SupervisorState } from '../core/supervisor.ts'
import { startSupervisor, type Supervisor, type SupervisorStatus } from './supervisor.ts'

let folder: string
let serverProgram: string
const started: Supervisor[] = []

/** A server as `plimsoll serve` is one, with a model that is a line of text: it answers that text, and dies of the input "die". */
const SERVER = (root: (name: string) => string) => `
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openLifeline } from ${JSON.stringify(root('serve/lifeline'))}
import { createInferenceServer } from ${JSON.stringify(root('serve/server'))}
const text = { type: 'string' }
const { values } = parseArgs({ allowPositionals: true, options: { model: text, 'model-name': text, 'model-version': text, 'model-digest': text, release: text, port: text } })
const lifeline = openLifeline()
const model = readFileSync(values.model, 'utf8')
if (model === 'broken') { console.error('the model is broken'); process.exit(3) }
const predictor = {
  kind: 'onnx', name: 'text', digest: null, features: ['x'], datatypes: { x: 'BYTES' }, importances: null,
  async predict({ rowCount, columns }) {
    if (columns.x.includes('die')) process.exit(9)
    await new Promise((resolve) => setTimeout(resolve, 2))
    return { rowCount, labels: Array(rowCount).fill(model), classes: null, probabilities: null }
  },
}
const server = await createInferenceServer({ predictor, modelName: values['model-name'], modelVersion: values['model-version'], modelDigest: values['model-digest'], releaseId: values.release })
lifeline.ready(server.port)
await lifeline.stopped
await server.drain()
lifeline.close()
`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-supervisor-'))
  serverProgram = join(folder, 'server.mjs')
  await writeFile(serverProgram, SERVER(builtModule))
})
afterEach(async () => {
  await Promise.all(started.splice(0).map((supervisor) => supervisor.stop()))
  await rm(folder, { recursive: true })
})

async function spec(model: string): Promise<ServerSpec> {
  const modelPath = join(folder, `${model}.txt`)
  await writeFile(modelPath, model)
  return { releaseId: `release-${model}`, modelName: 'm', modelVersion: '1', modelPath, modelDigest: `sha256:${'a'.repeat(64)}` }
}

async function supervise(model: string): Promise<Supervisor> {
  const supervisor = await startSupervisor({
    config: { environment: 'test', port: 0, stateFile: join(folder, 'state.json'), server: await spec(model) },
    command: [process.execPath, serverProgram],
    env: {},
    say: () => {},
    graceMs: 2000,
  })
  started.push(supervisor)
  return supervisor
}

async function control(
  state: SupervisorState,
  path: string,
  body?: unknown,
  token = state.token,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${state.controlPort}${path}`, {
    method: path === '/status' ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

const status = async (state: SupervisorState) => (await control(state, '/status')).body as SupervisorStatus

async function infer(port: number, x = 'a'): Promise<{ status: number; label?: unknown; release: string | null }> {
  const body = JSON.stringify({ inputs: [{ name: 'x', shape: [1], datatype: 'BYTES', data: [x] }] })
  const response = await fetch(`http://127.0.0.1:${port}/v2/models/m/infer`, { method: 'POST', body })
  const answer = (await response.json()) as { outputs?: { data: unknown[] }[] }
  return { status: response.status, label: answer.outputs?.[0]!.data[0], release: response.headers.get('x-release-id') }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('serves, and writes a state file that only its owner may read', async () => {
  const { state } = await supervise('one')
  expect(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'))).toEqual(state)
  expect((await stat(join(folder, 'state.json'))).mode & 0o777).toBe(0o600)
  expect(state).toMatchObject({ pid: process.pid, releaseId: 'release-one' })
  expect(await infer(state.port)).toEqual({ status: 200, label: 'one', release: 'release-one' })
})

test('switches to another release and back under load without losing a request', async () => {
  const { state } = await supervise('one')
  const clock = { going: true }
  const answers: Awaited<ReturnType<typeof infer>>[] = []
  const clients = Array.from({ length: 8 }, async () => {
    while (clock.going) answers.push(await infer(state.port))
  })
  const more = (count: number) => {
    const goal = answers.length + count
    return expect.poll(() => answers.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(goal)
  }
  for (const model of ['two', 'one']) {
    await more(50)
    expect(await control(state, '/switch', await spec(model))).toEqual({ status: 200, body: { releaseId: `release-${model}` } })
    expect((await infer(state.port)).label).toBe(model)
    expect(JSON.parse(await readFile(join(folder, 'state.json'), 'utf8'))).toMatchObject({ releaseId: `release-${model}` })
  }
  await more(50)
  clock.going = false
  await Promise.all(clients)
  expect(answers.filter((answer) => answer.status !== 200)).toEqual([])
  expect(answers.length).toBeGreaterThanOrEqual(150)
  expect(new Set(answers.map(({ label }) => label))).toEqual(new Set(['one', 'two']))
  expect(answers.every(({ label, release }) => release === `release-${String(label)}`)).toBe(true)
})

test('stays with the release it has when the next one cannot start, and says why', async () => {
  const { state } = await supervise('one')
  const refused = await control(state, '/switch', await spec('broken'))
  expect(refused).toEqual({ status: 409, body: { error: 'The server ended with exit code 3\nthe model is broken' } })
  expect((await infer(state.port)).label).toBe('one')
  expect((await control(state, '/switch', { releaseId: 'x' })).status).toBe(400)
})

test('starts a server again that has died; the request that killed it gets 502', async () => {
  const { state } = await supervise('one')
  const { server } = await status(state)
  expect((await infer(state.port, 'die')).status).toBe(502)
  await expect.poll(async () => (await infer(state.port)).status, { timeout: 5000 }).toBe(200)
  const now = await status(state)
  expect(now).toMatchObject({ state: 'ready', restarts: 1 })
  expect(now.server!.pid).not.toBe(server!.pid)
})

test('the control API wants the token', async () => {
  const { state } = await supervise('one')
  expect((await control(state, '/status', undefined, 'wrong')).status).toBe(401)
  expect((await control(state, '/stop', {}, '')).status).toBe(401)
  expect((await control(state, '/status')).status).toBe(200)
})

test('stopping ends the server and removes the state file', async () => {
  const supervisor = await supervise('one')
  const { server } = await status(supervisor.state)
  expect((await control(supervisor.state, '/stop', {})).body).toEqual({ stopping: true })
  await supervisor.stopped
  expect(isAlive(server!.pid)).toBe(false)
  await expect(stat(join(folder, 'state.json'))).rejects.toThrow('ENOENT')
})

test('does not start when the model cannot be served, and says why', async () => {
  await expect(supervise('broken')).rejects.toThrow('the model is broken')
})

test('a server ends when its supervisor is killed', async () => {
  const program = join(folder, 'supervise.mjs')
  const config = { environment: 'test', port: 0, stateFile: join(folder, 'state.json'), server: await spec('one') }
  await writeFile(
    program,
    `import { startSupervisor } from ${JSON.stringify(builtModule('serve/supervisor'))}
     await startSupervisor({ config: ${JSON.stringify(config)}, command: [process.execPath, ${JSON.stringify(serverProgram)}], env: {}, say() {} })
     console.log('ready')`,
  )
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const state = JSON.parse(await readFile(config.stateFile, 'utf8')) as SupervisorState
  const { server } = await status(state)
  expect(isAlive(server!.pid)).toBe(true)
  child.kill('SIGKILL')
  await expect.poll(() => isAlive(server!.pid), { timeout: 5000 }).toBe(false)
})
