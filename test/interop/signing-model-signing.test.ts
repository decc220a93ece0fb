import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sign } from '../../src/steps/sign.ts'
import { verify } from '../../src/steps/verify.ts'
import { linearModel } from '../fixtures/linear-model.ts'
import { signedProject, type SignedProject } from '../fixtures/signed-project.ts'
import { lacks, PYPI_PYTHON } from './peers.ts'

const run = promisify(execFile)

describe.skipIf(lacks('model-signing'))('model-signing', () => {
  let project: SignedProject
  beforeEach(async () => {
    project = await signedProject()
    // Names whose order depends on how paths are compared.
    for (const name of ['b.txt', 'B.txt', 'a.txt', 'a-b.txt', 'a/x.txt', 'a/deep/y.txt', 'ü.txt', 'a b.txt']) {
      await project.put(`model/${name}`, `content of ${name}`)
    }
    await project.put('model/weights.onnx', linearModel(1))
    await project.put('model/.gitattributes', '*.onnx filter=lfs')
    await project.put('model/empty', '')
  })
  afterEach(() => rmSync(project.dir, { recursive: true, force: true }))

  const theirs = (...parameters: string[]) => run(PYPI_PYTHON, ['-m', 'model_signing', ...parameters], { cwd: project.dir })
  const theyVerify = (model: string, signature: string, key = 'keys/ci.pub') =>
    theirs('verify', 'key', '--public_key', key, '--signature', signature, model)
  const weVerify = (model: string, signature: string) =>
    project.run(verify, { model, signature, key: ['keys/ci.pub'], attestations: [] })

  test.each(['model', 'artifacts/model.onnx'])('verifies our signature of %s', async (model) => {
    await project.run(sign, { model, key: 'keys/ci.key', output: 'ours.sig' })
    expect((await theyVerify(model, 'ours.sig')).stdout).toContain('Verification succeeded')
    expect(await weVerify(model, 'ours.sig')).toMatchObject({ verdict: 'pass' })
  })

  test('verifies our signature that lies in the folder', async () => {
    await project.run(sign, { model: 'model', key: 'keys/ci.key' })
    expect((await theyVerify('model', 'model/model.sig')).stdout).toContain('Verification succeeded')
  })

  test.each(['model', 'artifacts/model.onnx'])('signs %s, and we verify it', async (model) => {
    await theirs('sign', 'key', '--private_key', 'keys/ci.key', '--signature', 'theirs.sig', model)
    expect(await weVerify(model, 'theirs.sig')).toMatchObject({ verdict: 'pass' })
    const [ours, other] = await Promise.all(
      ['ours', 'theirs'].map(async (who) => {
        if (who === 'ours') await project.run(sign, { model, key: 'keys/ci.key', output: 'ours.sig' })
        return payloadOf(join(project.dir, `${who}.sig`))
      }),
    )
    // The same digest of the whole, the same files in the same order.
    expect([ours!.subject, ours!.predicate.resources]).toEqual([other!.subject, other!.predicate.resources])
  })

  test('both refuse a file that was changed, added or taken away, and a link', async () => {
    await project.run(sign, { model: 'model', key: 'keys/ci.key', output: 'ours.sig' })
    await theirs('sign', 'key', '--private_key', 'keys/ci.key', '--signature', 'theirs.sig', 'model')
    const cases: [() => void | Promise<void>, RegExp][] = [
      [() => project.put('model/a/x.txt', 'changed'), /a\/x\.txt: its sha256 is [0-9a-f]{64}, and the signature speaks of/],
      [() => project.put('model/new.txt', 'x'), /new\.txt is not in the signed manifest/],
      [() => rmSync(join(project.dir, 'model/ü.txt')), /ü\.txt is in the signed manifest and is missing/],
    ]
    for (const [change, names] of cases) {
      await change()
      for (const signature of ['ours.sig', 'theirs.sig']) {
        await expect(theyVerify('model', signature)).rejects.toThrow(/Verification failed/)
        const { verdict, results } = await weVerify('model', signature)
        expect(verdict).toBe('fail')
        expect(results[0]!.findings.map(({ message }) => message).join('\n')).toMatch(names)
      }
    }
    mkdirSync(join(project.dir, 'linked'))
    symlinkSync('/etc/hostname', join(project.dir, 'linked/file'))
    await expect(project.run(sign, { model: 'linked', key: 'keys/ci.key' })).rejects.toMatchObject({ code: 'E_FILE_FORMAT' })
    await expect(theirs('sign', 'key', '--private_key', 'keys/ci.key', 'linked')).rejects.toThrow(/symlink/)
  })

  test('what it signs as ignored is not ignored here', async () => {
    await theirs(
      'sign',
      'key',
      '--private_key',
      'keys/ci.key',
      '--ignore-paths',
      'model/a.txt',
      '--signature',
      'theirs.sig',
      'model',
    )
    const { verdict, results } = await weVerify('model', 'theirs.sig')
    expect(verdict).toBe('fail')
    expect(results[0]!.message).toContain('a.txt is not in the signed manifest')
  })
})

interface Payload {
  readonly subject: unknown
  readonly predicate: { readonly resources: unknown }
}

function payloadOf(path: string): Payload {
  const bundle = JSON.parse(readFileSync(path, 'utf8')) as { dsseEnvelope: { payload: string } }
  return JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString()) as Payload
}
