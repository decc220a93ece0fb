import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../core/digest.ts'
import { signBundle } from './bundle.ts'
import { judgeEvidence, type JudgeParts } from './judge-evidence.ts'
import { generateKeys, type SigningKey } from './keys.ts'
import { provenance, type ProvenanceFacts } from './predicates/provenance.ts'
import { scanResult, type ScanFacts } from './predicates/scan-result.ts'
import { readSigningKey } from './read-key.ts'
import { encodeStatement, PREDICATE_TYPES, statementOf, type Statement } from './statement.ts'
import { TrustDocument } from './trust-policy.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const DAY = 86_400_000
const daysAgo = (days: number) => new Date(NOW.getTime() - days * DAY)

let dir: string
let key: SigningKey
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'plimsoll-judge-'))
  writeFileSync(join(dir, 'model.onnx'), 'weights')
  key = readSigningKey(generateKeys('ed25519', undefined).secret.toString(), undefined, 'ci.key')
})
afterAll(() => rmSync(dir, { recursive: true }))

const subject = { name: 'model.onnx', digest: sha256('weights') }
const tests = (result: string, measuredAt: Date, version = '0.1.0'): Statement =>
  statementOf(subject, PREDICATE_TYPES.testResult, {
    result,
    configuration: [],
    plimsoll_gate: 'model-tests',
    plimsoll_measuredAt: measuredAt.toISOString(),
    plimsoll_tool: { name: 'plimsoll', version },
  })
const scan = (facts: Partial<ScanFacts> = {}): Statement =>
  statementOf(
    subject,
    PREDICATE_TYPES.verificationResult,
    scanResult({
      ...{
        verdict: 'pass',
        level: 'framework',
        ruleset: 'rules-1',
        formats: ['onnx'],
        unexamined: [],
        at: NOW,
        toolVersion: '0.1.0',
      },
      ...facts,
    }),
  )
const made = (facts: Partial<ProvenanceFacts> = {}): Statement =>
  statementOf(
    subject,
    PREDICATE_TYPES.provenance,
    provenance({
      ...{
        command: 'make',
        parameters: null,
        seed: 1,
        data: null,
        config: null,
        repository: null,
        lockFiles: [],
        environment: {},
      },
      commit: 'c0ffee0123456789',
      dirty: false,
      entry: null,
      runId: null,
      finishedOn: daysAgo(90),
      toolVersion: '0.1.0',
      builder: { id: 'https://ci.example/workflow', invocationId: null, slsaBuildLevel: 1 },
      ...facts,
    }),
  )

/** The verdict and the message of the gate that the policy asks for. */
async function judge(policy: object, statements: Statement[], parts: Partial<JudgeParts> = {}): Promise<string> {
  const { results } = await judgeEvidence({
    model: { ...subject, path: join(dir, 'model.onnx'), except: [], entry: null },
    evidence: statements.map((statement, index) => ({
      name: `${index}.sigstore.json`,
      text: signBundle(encodeStatement(statement), key, key.public.hints.cosign),
    })),
    policy: { ...TrustDocument.parse(policy), keys: [{ key: key.public, name: 'ci.pub', for: null }], identities: [] },
    now: NOW,
    verifyIdentity: () => Promise.resolve({ problem: 'none' }),
    ...parts,
  })
  return results.map(({ verdict, message }) => `${verdict} ${message}`).at(-1)!
}

test.each<[string, object, () => Statement[], RegExp]>([
  [
    'tests that passed',
    { require: ['model-tests'] },
    () => [tests('PASSED', daysAgo(400))],
    /^pass Passed, signed by key ci\.pub/,
  ],
  ['tests with warnings', { require: ['model-tests'] }, () => [tests('WARNED', NOW)], /^pass Passed with warnings/],
  ['tests that failed', { require: ['model-tests'] }, () => [tests('FAILED', NOW)], /^fail .*FAILED/],
  [
    'tests of another name',
    { require: ['model-tests'] },
    () => [tests('GREAT', NOW)],
    /^fail .*does not say what was found: result/,
  ],
  ['fresh tests', { require: ['model-tests'], maxAge: '30d' }, () => [tests('PASSED', daysAgo(29))], /^pass/],
  [
    'old tests',
    { require: ['model-tests'], maxAge: '30d' },
    () => [tests('PASSED', daysAgo(31))],
    /^fail .*31 days ago, and the policy allows 30 days/,
  ],
  ['tests of the future', { require: ['model-tests'] }, () => [tests('PASSED', daysAgo(-1))], /^fail .*in the future/],
  [
    'a newer failure after a pass',
    { require: ['model-tests'] },
    () => [tests('PASSED', daysAgo(2)), tests('FAILED', daysAgo(1))],
    /^fail/,
  ],
  [
    'a newer pass after a failure',
    { require: ['model-tests'] },
    () => [tests('FAILED', daysAgo(2)), tests('PASSED', daysAgo(1))],
    /^pass/,
  ],
  [
    'an old Plimsoll',
    { require: ['model-tests'], minimumVersion: '0.2' },
    () => [tests('PASSED', NOW)],
    /^fail .*Plimsoll 0\.1\.0, .* asks for 0\.2/,
  ],
  ['a new enough Plimsoll', { require: ['model-tests'], minimumVersion: '0.2' }, () => [tests('PASSED', NOW, '0.10.0')], /^pass/],
  ['a clean scan', { require: ['security-scan'] }, () => [scan()], /^pass Nothing was found at the level framework/],
  ['a scan that refused', { require: ['security-scan'] }, () => [scan({ verdict: 'fail' })], /^fail .*ended with fail/],
  ['a scan that did not see all', { require: ['security-scan'] }, () => [scan({ verdict: 'error' })], /^fail .*ended with error/],
  [
    'a scan at the level audit',
    { require: ['security-scan'] },
    () => [scan({ level: 'audit' })],
    /^fail .*level audit, and the policy asks for framework/,
  ],
  ['a stricter scan than asked for', { require: ['security-scan'] }, () => [scan({ level: 'strict' })], /^pass/],
  ['a laxer scan than asked for', { require: ['security-scan'], scanLevel: 'strict' }, () => [scan()], /^fail .*asks for strict/],
  ['other rules', { require: ['security-scan'], rulesets: ['rules-2'] }, () => [scan()], /^fail .*rules rules-1/],
  [
    'provenance, whatever its age',
    { require: ['provenance'], maxAge: '1d', cleanTree: true },
    () => [made()],
    /^pass Made from commit c0ffee012345/,
  ],
  ['a dirty tree', { require: ['provenance'], cleanTree: true }, () => [made({ dirty: true })], /^fail .*not committed/],
  [
    'a dirty tree that nobody minds',
    { require: ['provenance'] },
    () => [made({ dirty: true })],
    /^pass .*with uncommitted changes/,
  ],
  ['no commit', { require: ['provenance'], cleanTree: true }, () => [made({ commit: null })], /^fail .*names no commit/],
  [
    'another builder',
    { require: ['provenance'], builders: ['https://other.example'] },
    () => [made()],
    /^fail .*made by https:\/\/ci\.example\/workflow/,
  ],
  ['the builder', { require: ['provenance'], builders: ['https://ci.example/workflow'] }, () => [made()], /^pass/],
  ['another commit', { require: ['provenance'], commits: ['abcdef0'] }, () => [made()], /^fail .*commit c0ffee/],
  ['the commit', { require: ['provenance'], commits: ['c0ffee0'] }, () => [made()], /^pass/],
  ['something else', { require: ['fairness'] }, () => [tests('PASSED', NOW)], /^fail The policy asks for fairness/],
])('%s', async (_what, policy, statements, expected) => {
  expect(await judge(policy, statements())).toMatch(expected)
})

test('going back leaves the age aside, and nothing else', async () => {
  const policy = { require: ['model-tests'], maxAge: '30d' }
  expect(await judge(policy, [tests('PASSED', daysAgo(99))], { anyAge: true })).toMatch(/^pass/)
  expect(await judge(policy, [tests('FAILED', daysAgo(99))], { anyAge: true })).toMatch(/^fail/)
})

test('nothing at all fails a policy that asks, and cannot be judged by one that does not', async () => {
  expect(await judge({ require: ['model-tests'] }, [])).toMatch(/^fail/)
  expect(await judge({ require: [] }, [])).toMatch(/^error There is no signature/)
})

test('a statement about another model is a problem even where it is not asked for', async () => {
  const other = statementOf({ name: 'other', digest: sha256('other') }, 'https://example.com/review/v1', {})
  expect(await judge({ require: [] }, [other])).toMatch(
    /^fail model\.onnx: its sha256 is [0-9a-f]{64}, .* speaks of [0-9a-f]{64}: 0\.sigstore\.json/,
  )
})
