import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linearModel } from '../../test/fixtures/linear-model.ts'
import { stepContext } from '../../test/fixtures/step-context.ts'
import { sha256 } from '../core/digest.ts'
import { checkResult } from '../core/check.ts'
import { systemClock } from '../core/clock.ts'
import { stepReport, type Report } from '../core/report.ts'
import { NO_OUTPUTS } from '../pipeline/outputs.ts'
import { Recorder } from '../pipeline/recorder.ts'
import { openPipelineState } from '../pipeline/state.ts'
import { openRegistry } from '../registry/registry.ts'
import { registerModel } from './register-model.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-register-'))
  await put('artifacts/model.onnx', linearModel(1))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), content)
}
const register = (params: object = {}): Promise<Report> =>
  registerModel.run(stepContext(dir), registerModel.params.parse({ name: 'mortgage', ...params }))
const versionFile = async () => JSON.parse(await readFile(join(dir, 'results/model-version.json'), 'utf8')) as object

const training = (model: Uint8Array) =>
  JSON.stringify({
    model: { path: 'artifacts/model.onnx', digest: sha256(model), bytes: model.length },
    parameters: { rate: 0.1 },
    config: { path: 'configs/training.json', digest: sha256('config') },
    data: { path: 'data/raw', digest: sha256('data') },
    git: { commit: 'c0ffee', branch: 'main', dirty: false },
    seed: 7,
    durationMs: 1234,
    command: 'node scripts/train.mjs',
  })

test('a model gets version 1 with the lineage of its training, and the same again is the same version', async () => {
  await put('results/training.json', training(linearModel(1)))
  await put('results/metrics.json', '{"accuracy":0.9}')
  const report = await register({ alias: 'challenger' })
  expect(report).toMatchObject({
    verdict: 'pass',
    subject: { kind: 'model', name: 'mortgage/1', digest: sha256(linearModel(1)) },
    details: {
      version: 1,
      isNew: true,
      lineage: { code: { commit: 'c0ffee' }, data: { digest: sha256('data') }, seed: 7, parameters: { rate: 0.1 } },
    },
  })
  const first = await versionFile()
  expect(first).toMatchObject({ schemaVersion: 1, name: 'mortgage', version: 1, digest: sha256(linearModel(1)) })

  await put('results/training.json', training(linearModel(1)).replace('1234', '99999'))
  expect(await register({ alias: 'challenger' })).toMatchObject({ verdict: 'pass', details: { version: 1, isNew: false } })
  expect(await versionFile()).toEqual(first)
  const registry = openRegistry(join(dir, '.plimsoll'))
  expect(registry.resolve('mortgage@challenger')).toMatchObject({ version: 1, metrics: { accuracy: 0.9 } })
  registry.close()

  await put('artifacts/model.onnx', linearModel(2))
  await put('results/training.json', training(linearModel(2)))
  expect(await register()).toMatchObject({ verdict: 'pass', details: { version: 2, isNew: true } })
})

test('metrics of another model are not taken for this one', async () => {
  const metrics = (model: Uint8Array) =>
    JSON.stringify({ schemaVersion: 1, model: { kind: 'model', digest: sha256(model) }, metrics: [] })
  await put('results/metrics.json', metrics(linearModel(2)))
  expect(await register()).toMatchObject({ verdict: 'warn', details: { metrics: {} } })
  await expect(register({ metrics: 'results/metrics.json' })).rejects.toMatchObject({ code: 'E_CONFLICT' })
  await put('results/metrics.json', metrics(linearModel(1)))
  expect(await register({ name: 'other' })).toMatchObject({ verdict: 'pass', details: { metrics: { schemaVersion: 1 } } })
})

test('in a run, the version keeps what the gates of that run have said of it', async () => {
  const stateDir = join(dir, '.plimsoll')
  const database = openPipelineState(stateDir)
  const recorder = Recorder.begin(database, systemClock, {
    root: dir,
    pipeline: 'p',
    definition: 'd',
    branch: 'main',
    event: 'manual',
    commit: null,
    options: '{}',
  })
  const step = (name: string, subject: Report['subject'], details: Report['details'] = {}): Report => {
    const results = [checkResult({ check: 'c', title: 'C', verdict: 'warn', message: 'm' })]
    return stepReport({
      name,
      summary: `${name} said`,
      startedAt: new Date(0),
      durationMs: 0,
      results,
      details,
      ...(subject && { subject }),
    })
  }
  const ours = { kind: 'model', name: 'artifacts/model.onnx', digest: sha256(linearModel(1)) } as const
  const other = { kind: 'model', name: 'artifacts/old.onnx', digest: sha256('old') } as const
  const stage = (name: string, children: Report[]): Report => ({ ...step(name, undefined), kind: 'stage', results: [], children })
  recorder.stageFinished('data', NO_OUTPUTS, stage('data', [step('validate-schema', { kind: 'data', name: 'd' })]), true)
  recorder.stageStarted('rest', 1, false)
  recorder.stepFinished('rest', 0, NO_OUTPUTS, step('evaluate', ours))
  recorder.stepFinished('rest', 1, NO_OUTPUTS, step('evaluate-2', other))
  recorder.stepFinished('rest', 2, NO_OUTPUTS, step('security-scan', other, { files: [{ digest: ours.digest }] }))
  recorder.stepFinished('rest', 3, NO_OUTPUTS, step('notify', undefined))

  const run = { id: recorder.runId, pipeline: 'p', stage: 'rest', event: 'manual' }
  await registerModel.run(stepContext(dir, { run }), registerModel.params.parse({ name: 'mortgage' }))
  recorder.end('finished', null)
  database.close()
  const registry = openRegistry(stateDir)
  const check = { check: 'c', title: 'C', verdict: 'warn', message: 'm', measurements: [] }
  expect(registry.resolve('mortgage').reports).toEqual(
    ['validate-schema', 'evaluate', 'security-scan'].map((name) => ({
      name,
      verdict: 'warn',
      summary: `${name} said`,
      checks: [check],
    })),
  )
  registry.close()
})

test('the record of another model is not taken for this one', async () => {
  await put('results/training.json', training(linearModel(2)))
  const report = await register()
  expect(report.verdict).toBe('warn')
  expect(report.details).toMatchObject({
    lineage: { seed: null, data: null, code: { commit: expect.stringMatching(/^0123/) as string } },
  })
  await expect(register({ training: 'results/training.json' })).rejects.toMatchObject({ code: 'E_CONFLICT' })
})

test('data and configuration of the flags are hashed and have the last word', async () => {
  await put('results/training.json', training(linearModel(1)))
  await put('data/new/a.csv', 'x\n1\n')
  await put('data/new/b.csv', 'x\n2\n')
  const lineageOf = async (params: object) =>
    (await register(params)).details!['lineage'] as { data: { path: string; digest: string } }
  const { data } = await lineageOf({ data: 'data/new' })
  expect(data.path).toBe('data/new')
  expect(data.digest).not.toBe(sha256('data'))
  await put('data/new/b.csv', 'x\n3\n')
  expect((await lineageOf({ data: 'data/new' })).data.digest).not.toBe(data.digest)
})

test('a pickle that runs a command is refused, and nothing is registered', async () => {
  // protocol 0: os.system("true")
  await put('artifacts/model.pkl', "cos\nsystem\n(S'true'\ntR.")
  const report = await register({ model: 'artifacts/model.pkl' })
  expect(report.verdict).toBe('fail')
  const registry = openRegistry(join(dir, '.plimsoll'))
  expect(registry.models()).toEqual([])
  registry.close()
  await expect(versionFile()).rejects.toThrow('ENOENT')
})

test('what is missing or malformed is named', async () => {
  await expect(register({ model: 'nowhere.onnx' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  await expect(register({ name: '../x' })).rejects.toMatchObject({ code: 'E_VALUE' })
  await expect(register({ alias: '7' })).rejects.toMatchObject({ code: 'E_VALUE' })
  await expect(register({ config: 'nowhere.json' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  await put('results/training.json', '{"model":{}}')
  await expect(register()).rejects.toMatchObject({ code: 'E_FILE_FORMAT', message: expect.stringContaining('digest') as string })
})
