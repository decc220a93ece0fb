import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signedProject, TRUST, type SignedProject } from '../../test/fixtures/signed-project.ts'
import { linearModel } from '../../test/fixtures/linear-model.ts'
import { closing } from '../core/closing.ts'
import { listEnvironments, stopEnvironment } from '../release/local/environments.ts'
import { parseBundle } from '../signing/bundle.ts'
import { parseStatement } from '../signing/statement.ts'
import { openAttestations } from '../signing/store.ts'
import { deploy } from './deploy.ts'
import { registerModel } from './register-model.ts'
import { rollback } from './rollback.ts'

let project: SignedProject
beforeEach(async () => void (project = await signedProject()))
afterEach(async () => {
  for (const { name } of await listEnvironments(project.stateDir)) await stopEnvironment(project.stateDir, name)
  rmSync(project.dir, { recursive: true, force: true })
})

const production = { environment: 'production' }
const days = (count: number) => ({
  clock: { now: () => new Date(Date.now() + count * 86_400_000), monotonic: () => performance.now() },
})
const told = (report: { results: readonly { check: string; verdict: string }[] }) =>
  report.results.map(({ check, verdict }) => `${check} ${verdict}`)

test('a version is deployed when it verifies, what was verified is kept, and it can be gone back to later', async () => {
  const first = await project.run(deploy, { ...production, version: 'mortgage/1', key: 'keys/ci.key' })
  expect(told(first)).toEqual([
    ...['integrity', 'data-validation', 'model-tests', 'fairness', 'security-scan', 'provenance', 'signature'].map(
      (gate) => `verify.${gate} pass`,
    ),
    'deploy.release pass',
  ])
  const [kept] = closing(openAttestations(project.stateDir), (store) => store.verifications(releaseOf(first)))
  expect(kept).toMatchObject({
    environment: 'production',
    gates: 'data-validation,model-tests,fairness,security-scan,provenance,signature',
  })
  const bundle = parseBundle(kept!.bundle)
  expect('payload' in bundle && parseStatement(bundle.payload)).toMatchObject({
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: { verificationResult: 'PASSED', resourceUri: 'plimsoll:environment/production', policy: { uri: 'trust.yaml' } },
  })

  // A second version, then forty days go by: what was measured of the first is too old to deploy it, not to go back to it.
  await project.put('artifacts/model.onnx', linearModel(2))
  await project.run(registerModel, { name: 'mortgage', key: 'keys/ci.key' })
  await project.put('trust.yaml', 'keys: [keys/ci.pub]\nrequire: [security-scan, signature]\nmax-age: 30d\n')
  expect((await project.run(deploy, { ...production, version: 'mortgage/2' })).verdict).toBe('pass')
  await project.put('trust.yaml', TRUST)
  const later = await project.run(deploy, { ...production, version: 'mortgage/1' }, days(40))
  expect(later).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('does not verify') as string })
  expect(later.results.map(({ message }) => message).join('\n')).toContain('40 days ago, and the policy allows 30 days')
  expect(await project.run(rollback, production, days(40))).toMatchObject({
    verdict: 'pass',
    details: { release: { modelVersion: '1' } },
  })
}, 60_000)

test('a policy that asks for more does not stand in the way of going back, a changed signature does', async () => {
  await project.run(deploy, { ...production, version: 'mortgage/1' })
  await project.put('artifacts/model.onnx', linearModel(2))
  await project.put('trust.yaml', 'keys: [keys/ci.pub]\nrequire: [signature]\n')
  await project.run(registerModel, { name: 'mortgage', key: 'keys/ci.key' })
  await project.run(deploy, { ...production, version: 'mortgage/2' })
  await project.put('trust.yaml', `${TRUST}clean-tree: true\ncommits: [abcdef0]\n`)
  const back = await project.run(rollback, production)
  expect(told(back)).toContain('verify.earlier pass')
  expect(told(back)).toContain('verify.provenance warn')
  expect(back).toMatchObject({ verdict: 'warn', details: { release: { modelVersion: '1' } } })

  // The other release was verified too, but its key is no longer trusted.
  const stranger = await signedProject()
  await project.put('keys/ci.pub', readFileSync(join(stranger.dir, 'keys/ci.pub')))
  rmSync(stranger.dir, { recursive: true })
  const refused = await project.run(rollback, { ...production, to: releaseOf(back) })
  expect(refused).toMatchObject({ verdict: 'fail', summary: expect.stringContaining('did not go back') as string })
}, 60_000)

test('gates that failed are signed as failed, and what fails is not deployed', async () => {
  await project.register({ verdict: 'fail' })
  const report = await project.run(deploy, { ...production, version: 'mortgage/1' })
  expect(report.verdict).toBe('fail')
  expect(report.results.map(({ message }) => message).join('\n')).toMatch(/model-tests .*the result that it states is FAILED/)
  expect(await listEnvironments(project.stateDir)).toEqual([])
})

test('without a policy nothing changes, and a policy with a mistake names its place', async () => {
  rmSync(join(project.dir, 'trust.yaml'))
  expect(told(await project.run(deploy, { ...production, version: 'mortgage/1' }))).toEqual(['deploy.release pass'])
  for (const [text, message] of [
    ['keys: [keys/ci.pub]\nmaxAge: 3d\n', /"maxAge" is written max-age here/],
    ['keys: [keys/ci.pub]\nmax-ages: 3d\n', /"max-ages" is not known here\. Did you mean "max-age"/],
    ['keys: [keys/none.pub]\n', /keys\/none\.pub cannot be read/],
    ['keys: [keys/ci.key]\n', /secret half/],
    ['keys: []\n', /Nobody is trusted/],
    ['keys: [keys/ci.pub]\nrequire: [vibes]\n', /one of data-validation/],
    ['keys: [{ file: keys/ci.pub, for: [] }]\n', /at least 1/],
  ] as const) {
    await project.put('trust.yaml', text)
    await expect(project.run(deploy, { ...production, version: 'mortgage/1' })).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: expect.stringMatching(message) as string,
      location: { file: 'trust.yaml', line: expect.any(Number) as number, column: expect.any(Number) as number },
    })
  }
}, 60_000)

const releaseOf = (report: { details?: unknown }): string => (report.details as { release: { id: string } }).release.id
