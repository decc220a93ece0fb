import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linearModel } from '../../test/fixtures/linear-model.ts'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { Report } from '../core/report.ts'
import type { Step, StepContext } from '../core/step.ts'
import { decodeOnnx, encodeOnnx, onnxNode } from '../drivers/onnx-proto.ts'
import { listEnvironments, stopEnvironment } from '../release/local/environments.ts'
import type { Release } from '../release/release.ts'
import { approve } from './approve.ts'
import { buildImage } from './build-image.ts'
import { deploy } from './deploy.ts'
import { registerModel } from './register-model.ts'
import { rollback } from './rollback.ts'
import { verifyDeployment } from './verify-deployment.ts'

let dir: string
let stateDir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-release-'))
  stateDir = join(dir, '.plimsoll')
  await put('data/test.csv', 'a,b\n1,0\n0,1\n-1,1\n0.5,2\n')
})
afterEach(async () => {
  for (const { name } of await listEnvironments(stateDir)) await stopEnvironment(stateDir, name)
  await rm(dir, { recursive: true, force: true })
})

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), content)
}
const run = (step: Step, params: object, context: Partial<StepContext> = {}): Promise<Report> =>
  step.run(stepContext(dir, context), step.params.parse(params))
async function register(intercept: number): Promise<void> {
  await put('artifacts/model.onnx', linearModel(intercept))
  await run(registerModel, { name: 'mortgage' })
}

test('a version goes from the registry through an image to an environment, is verified there, and rolled back', async () => {
  await register(1)
  const built = await run(buildImage, {})
  expect(built).toMatchObject({ verdict: 'pass', subject: { kind: 'image', name: 'mortgage:1' } })
  expect(await run(buildImage, {})).toMatchObject({ subject: built.subject! })
  expect(await run(buildImage, {}, { env: { SOURCE_DATE_EPOCH: '1700000000' } })).not.toMatchObject({ subject: built.subject! })
  expect(JSON.parse(await readFile(join(dir, 'results/image.json'), 'utf8'))).toMatchObject({
    model: { name: 'mortgage', version: '1' },
  })

  const production = { environment: 'production' }
  const verification = { ...production, testData: 'data/test.csv', rows: 4 }
  expect(await run(deploy, production)).toMatchObject({ verdict: 'pass', details: { changed: true } })
  // What is registered is served, whatever becomes of the file.
  await put('artifacts/model.onnx', 'overwritten')
  const verified = await run(verifyDeployment, verification)
  expect(verified.results.map(({ check, verdict }) => [check, verdict])).toEqual([
    ['deployment.identity', 'pass'],
    ['endpoint.golden-rows', 'pass'],
    ['endpoint.golden-batch', 'pass'],
  ])

  await register(2)
  await expect(run(deploy, production)).rejects.toMatchObject({ code: 'E_CONFLICT' }) // the image is still version 1
  await run(buildImage, {})
  expect(await run(deploy, production)).toMatchObject({ verdict: 'pass', details: { previousRelease: { modelVersion: '1' } } })
  const back = await run(rollback, verification)
  expect(back).toMatchObject({ verdict: 'pass', details: { release: { modelVersion: '1' } } })
  expect(back.results).toHaveLength(4)
})

test('a file can be deployed without the registry; a version that does not start leaves the environment as it is', async () => {
  await put('model.onnx', linearModel(1))
  const staging = { environment: 'staging' }
  expect(await run(deploy, { ...staging, model: 'model.onnx' })).toMatchObject({ verdict: 'pass' })
  // Well-formed, and of an operation that no runtime knows.
  const well = decodeOnnx(linearModel(1))
  const node = [onnxNode('NoSuchOperation', ['x'], ['label', 'probabilities'])]
  await put('broken.onnx', encodeOnnx({ ...well, graph: { ...well.graph, node } }))
  const failed = await run(deploy, { ...staging, model: 'broken.onnx' })
  expect(failed).toMatchObject({ verdict: 'fail', details: { stillServing: { modelName: 'model' } } })
  expect(failed.results[0]!.message).toContain('NoSuchOperation')
  expect(await run(verifyDeployment, staging)).toMatchObject({ verdict: 'pass' })
})

test('a file is served under a name that does not change with it, and only of the model it holds', async () => {
  await put('candidates/first.onnx', linearModel(1))
  await put('candidates/second.onnx', linearModel(2))
  const deployed = async (model: string) => (await run(deploy, { environment: 'staging', model })).details as { release: Release }
  const first = await deployed('candidates/first.onnx')
  const second = await deployed('candidates/second.onnx')
  expect([first.release.modelName, second.release.modelName]).toEqual(['model', 'model'])
  expect(second.release.id).not.toBe(first.release.id)
})

test('approval: nobody there, a no, a yes, --yes and a record; each for one release and one change', async () => {
  await register(1)
  const production = { environment: 'production' }
  const nobody = await run(approve, production)
  expect(nobody).toMatchObject({ verdict: 'fail' })
  expect(nobody.results[0]!.hint).toContain('plimsoll approvals grant --environment production')

  const questions: string[] = []
  const asking = (reply: boolean) => ({ ask: (text: string) => (questions.push(text), Promise.resolve(reply)) })
  expect(await run(approve, production, asking(false))).toMatchObject({ verdict: 'fail' })
  expect(await run(approve, production, asking(true))).toMatchObject({
    verdict: 'pass',
    details: { approval: { via: 'terminal', approver: 'ada' } },
  })
  expect(questions[0]).toContain('production would move from nothing to mortgage/1')
  expect(await run(approve, production)).toMatchObject({ verdict: 'pass' }) // it is on record
  expect(await run(approve, { environment: 'staging' })).toMatchObject({ verdict: 'fail' })

  await run(deploy, production)
  expect((await run(approve, production)).results[0]!.message).toContain('nothing changes')
  await register(2)
  expect(await run(approve, production)).toMatchObject({ verdict: 'fail' })
  const yes = await run(approve, { ...production, approver: 'bea', reason: 'reviewed' }, { assumeYes: true })
  expect(yes).toMatchObject({ verdict: 'pass', details: { approval: { via: '--yes', approver: 'bea', reason: 'reviewed' } } })
  await run(deploy, production)
  await run(rollback, production)
  expect(await run(approve, production)).toMatchObject({ verdict: 'fail' }) // what was approved has been undone
})

test('what is not there is named', async () => {
  await expect(run(deploy, { environment: 'staging' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  await expect(run(deploy, { environment: 'staging', version: 'mortgage/1' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  await expect(run(verifyDeployment, { environment: 'staging' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  await expect(run(rollback, { environment: 'staging' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  await register(1)
  await expect(run(deploy, { environment: '../up' })).rejects.toMatchObject({ code: 'E_VALUE' })
  await expect(run(buildImage, { include: ['nowhere.json'] })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  await expect(run(buildImage, { include: ['/etc/hostname'] })).rejects.toMatchObject({ code: 'E_VALUE' })
})
