import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signedProject, type SignedProject } from '../../test/fixtures/signed-project.ts'
import { UserError } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import { openDatabase } from '../drivers/sqlite.ts'
import { checkStoredAttestations } from '../signing/check-stored.ts'
import { deploy } from './deploy.ts'
import { sign } from './sign.ts'
import { verify } from './verify.ts'

let project: SignedProject
beforeEach(async () => void (project = await signedProject()))
afterEach(() => rmSync(project.dir, { recursive: true, force: true }))

const STATEMENTS = ['data-validation', 'model-tests', 'fairness', 'security-scan', 'provenance'] as const

/** Changes one byte of a file: the first, one in the middle, the last. */
function flip(path: string, where: 'first' | 'middle' | 'last'): void {
  const absolute = join(project.dir, path)
  const bytes = readFileSync(absolute)
  bytes[{ first: 0, middle: bytes.length >> 1, last: bytes.length - 1 }[where]]! ^= 0x01
  chmodSync(absolute, 0o644)
  writeFileSync(absolute, bytes)
}

/** Runs SQL on the state database as somebody would who has the file, past the triggers. */
function sql(statement: string): void {
  const database = openDatabase(join(project.stateDir, 'plimsoll.db'), 'somebody', [])
  const triggers = database.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'trigger'")
  for (const { name } of triggers) database.run(`DROP TRIGGER "${name}"`)
  database.run(statement)
  database.close()
}

/** All that a refusal says; fails when it was no refusal. */
async function refusal(act: () => Promise<Report>): Promise<string> {
  try {
    const { verdict, results } = await act()
    expect(verdict).toBe('fail')
    return results.map(({ message, findings }) => [message, ...findings.map((finding) => finding.message)].join('\n')).join('\n')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `${error.message} ${error.location?.file ?? ''} ${error.frame ?? ''}`
  }
}

test('what was signed verifies, by version and by file', async () => {
  await project.run(sign, { model: 'artifacts/model.onnx', key: 'keys/ci.key' })
  for (const model of ['mortgage/1', 'mortgage', 'artifacts/model.onnx']) {
    const report = await project.run(verify, { model })
    expect({ verdict: report.verdict, gates: report.details!['gates'] }).toEqual({
      verdict: 'pass',
      gates: ['data-validation', 'model-tests', 'fairness', 'security-scan', 'provenance', 'signature'],
    })
  }
  expect(checkStoredAttestations(project.stateDir)).toEqual({ checked: 6, problems: [] })
})

test.each(
  (['first', 'middle', 'last'] as const).flatMap((where) => [
    [
      'artifacts/model.onnx',
      where,
      /artifacts\/model\.onnx(: its sha256 is [0-9a-f]{64}, and .* speaks of [0-9a-f]{64}| is not loaded)/,
    ] as const,
    ['artifacts/model.sig', where, /artifacts\/model\.sig: /] as const,
    ['results/attestations/model.sig', where, /results\/attestations\/model\.sig: /] as const,
    ...STATEMENTS.map(
      (name) => [`results/attestations/${name}.sigstore.json`, where, new RegExp(`${name}\\.sigstore\\.json: `)] as const,
    ),
    ['keys/ci.pub', where, /keys\/ci\.pub|key that is not trusted/] as const,
  ]),
)('files: %s with its %s byte changed', async (path, where, names) => {
  await project.run(sign, { model: 'artifacts/model.onnx', key: 'keys/ci.key' })
  // The last byte of a public key is a line end, which says nothing; the one before it does.
  if (path === 'keys/ci.pub' && where === 'last')
    writeFileSync(join(project.dir, path), readFileSync(join(project.dir, path), 'utf8').trimEnd())
  flip(path, where)
  expect(await refusal(() => project.run(verify, { model: 'artifacts/model.onnx' }))).toMatch(names)
  expect(await refusal(() => project.run(deploy, { environment: 'production', model: 'artifacts/model.onnx' }))).toMatch(names)
})

test.each([
  [
    'the bytes of the model',
    () => flip(`.plimsoll/blobs/sha256/${readdirSync(join(project.stateDir, 'blobs/sha256'))[0]!}`, 'middle'),
    /the file was changed or damaged/,
  ],
  [
    'the bundle of an attestation',
    () => sql("UPDATE attestation SET bundle = replace(bundle, 'W', 'X') WHERE gate = 'model-tests'"),
    /mortgage\/1 model-tests \(attestation 2\): /,
  ],
  [
    'the gate of an attestation',
    () => sql("UPDATE attestation SET gate = 'fairness' WHERE gate = 'model-tests'"),
    /the gate is fairness, and what was signed says model-tests/,
  ],
  [
    'the subject of an attestation',
    () => sql("UPDATE attestation SET subject = replace(subject, 'a', 'b')"),
    /the registry's row was changed: it says that the subject is/,
  ],
  [
    'the key of an attestation',
    () => sql("UPDATE attestation SET key_id = 'x' || key_id"),
    /the registry's row was changed: it says that the key is/,
  ],
  [
    'the public key of an attestation',
    () => sql("UPDATE attestation SET public_key = replace(public_key, 'M', 'N')"),
    /the registry's row was changed: it says that the public key is/,
  ],
  ['the model of an attestation', () => sql("UPDATE attestation SET model = 'other'"), /no signature and no signed statement/],
  ['the version of an attestation', () => sql('UPDATE attestation SET version = 2'), /no signature and no signed statement/],
  [
    'an attestation that is taken away',
    () => sql("DELETE FROM attestation WHERE gate = 'fairness'"),
    /asks for fairness, and nothing/,
  ],
  [
    'the lineage of the version',
    () => sql(`UPDATE model_version SET document = replace(document, '0123456', '1123456')`),
    /the registry's entry mortgage\/1 was changed/,
  ],
  [
    'the verdict that the version keeps',
    () => sql(`UPDATE model_version SET document = replace(document, '"verdict":"pass"', '"verdict":"warn"')`),
    /the registry's entry mortgage\/1 was changed/,
  ],
  [
    'the date of the version',
    () => sql("UPDATE model_version SET created_at = '2020-01-01T00:00:00.000Z'"),
    /the registry's entry mortgage\/1 was changed/,
  ],
  [
    'the digest of the version',
    () => sql("UPDATE model_version SET digest = 'sha256:' || hex(zeroblob(32))"),
    /The blob store has no sha256:0+/,
  ],
])('the registry: %s', async (_what, tamper, names) => {
  // What is served is named by the version alone: the file of the pipeline is not asked.
  tamper()
  expect(await refusal(() => project.run(verify, { model: 'mortgage/1' }))).toMatch(names)
  expect(await refusal(() => project.run(deploy, { environment: 'production', version: 'mortgage/1' }))).toMatch(names)
})

test('a signature of another key, over anything, counts for nothing', async () => {
  const stranger = await signedProject()
  await project.put('keys/ci.pub', readFileSync(join(stranger.dir, 'keys/ci.pub')))
  expect(await refusal(() => project.run(verify, { model: 'mortgage/1' }))).toMatch(/signed by a key that is not trusted/)
  rmSync(stranger.dir, { recursive: true })
})

test('fsck finds what was changed without knowing whom to trust', () => {
  sql("UPDATE attestation SET bundle = replace(bundle, 'W', 'X') WHERE gate = 'model-tests'")
  sql("UPDATE attestation SET gate = 'model-tests' WHERE gate = 'fairness'")
  const { checked, problems } = checkStoredAttestations(project.stateDir)
  expect(checked).toBe(6)
  expect(problems.map(({ what }) => what)).toEqual([
    'mortgage/1 model-tests (attestation 2)',
    'mortgage/1 model-tests (attestation 3)',
  ])
})
