import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KEY_TYPES } from '../../src/signing/keys.ts'
import { PREDICATE_TYPES } from '../../src/signing/statement.ts'
import { verify } from '../../src/steps/verify.ts'
import { signedProject, type SignedProject } from '../fixtures/signed-project.ts'
import { COSIGN, lacks } from './peers.ts'

const run = promisify(execFile)

/** Without a root of its own cosign would ask the network for Sigstore's, which a key does not need. */
const NO_ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}'
const TYPES = {
  'data-validation': PREDICATE_TYPES.testResult,
  'model-tests': PREDICATE_TYPES.testResult,
  fairness: PREDICATE_TYPES.testResult,
  'security-scan': PREDICATE_TYPES.verificationResult,
  provenance: PREDICATE_TYPES.provenance,
} as const

describe.skipIf(lacks('cosign')).each(KEY_TYPES)('cosign and a key of type %s', (type) => {
  let project: SignedProject
  beforeAll(async () => {
    project = await signedProject({ type })
    await project.put('root.json', NO_ROOT)
  })
  afterAll(() => rmSync(project.dir, { recursive: true, force: true }))

  const cosign = (...parameters: string[]) =>
    run(COSIGN, parameters, { cwd: project.dir, env: { ...process.env, HOME: project.dir, COSIGN_PASSWORD: '' } })
  const verifies = (bundle: string, predicateType: string, key = 'keys/ci.pub') =>
    cosign(
      'verify-blob-attestation',
      '--new-bundle-format',
      '--insecure-ignore-tlog',
      '--trusted-root',
      'root.json',
      '--key',
      key,
      '--bundle',
      bundle,
      '--type',
      predicateType,
      'artifacts/model.onnx',
    )

  test.each(Object.entries(TYPES))('verifies our %s', async (gate, predicateType) => {
    const { stderr } = await verifies(`results/attestations/${gate}.sigstore.json`, predicateType)
    expect(stderr).toContain('Verified OK')
  })

  test('refuses what we refuse: another model, another key, a changed payload, another type', async () => {
    const bundle = 'results/attestations/fairness.sigstore.json'
    const stranger = await signedProject({ type })
    await project.put('other.pub', readFileSync(join(stranger.dir, 'keys/ci.pub')))
    rmSync(stranger.dir, { recursive: true })
    await expect(verifies(bundle, PREDICATE_TYPES.testResult, 'other.pub')).rejects.toThrow(/could not verify|signature/)
    await expect(verifies(bundle, PREDICATE_TYPES.provenance)).rejects.toThrow(/predicate/i)
    const text = readFileSync(join(project.dir, bundle), 'utf8')
    const changed = text.replace(/"payload":"(.{40})./, '"payload":"$1Z')
    await project.put('changed.sigstore.json', changed)
    await expect(verifies('changed.sigstore.json', PREDICATE_TYPES.testResult)).rejects.toThrow(/verify|signature/)
    const model = readFileSync(join(project.dir, 'artifacts/model.onnx'))
    await project.put('artifacts/model.onnx', Buffer.concat([model, Buffer.from([0])]))
    await expect(verifies(bundle, PREDICATE_TYPES.testResult)).rejects.toThrow(/digest/)
    writeFileSync(join(project.dir, 'artifacts/model.onnx'), model)
  })

  test('takes our key, and we verify what it signs with it', async () => {
    await cosign('import-key-pair', '--key', 'keys/ci.key', '--output-key-prefix', 'imported')
    expect(readFileSync(join(project.dir, 'imported.pub'), 'utf8')).toBe(readFileSync(join(project.dir, 'keys/ci.pub'), 'utf8'))
    await project.put('predicate.json', '{"verdict":"reviewed"}')
    await cosign(
      'attest-blob',
      '--key',
      'imported.key',
      '--predicate',
      'predicate.json',
      '--type',
      'https://example.com/review/v1',
      '--new-bundle-format',
      '--bundle',
      'theirs.sigstore.json',
      '--tlog-upload=false',
      '--yes',
      'artifacts/model.onnx',
    )
    expect(existsSync(join(project.dir, 'theirs.sigstore.json'))).toBe(true)
    const report = await project.run(verify, {
      model: 'artifacts/model.onnx',
      key: ['keys/ci.pub'],
      attestations: ['theirs.sigstore.json'],
    })
    // cosign 2 signs with Ed25519ph in one place and verifies Ed25519 in another: not even it verifies this one.
    const expected = type === 'ed25519' ? 'fail' : 'pass'
    expect({ verdict: report.verdict, messages: report.results.map(({ message }) => message) }).toMatchObject({
      verdict: expected,
    })
    const own = await verifies('theirs.sigstore.json', 'https://example.com/review/v1').then(
      () => 'pass',
      () => 'fail',
    )
    expect(own).toBe(expected)
  })
})
