import { checkResult, type CheckResult } from '../core/check.ts'
import { closing } from '../core/closing.ts'
import { sha256 } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import type { StepContext } from '../core/step.ts'
import { blocks, worstOf } from '../core/verdict.ts'
import { displayPath } from '../drivers/files.ts'
import { version as toolVersion } from '../drivers/self.ts'
import type { ModelVersion } from '../registry/model-version.ts'
import { openRegistry } from '../registry/registry.ts'
import { describeRelease, type Release } from '../release/release.ts'
import { openEvidence } from '../signing/evidence.ts'
import { verificationSummary } from '../signing/predicates/verification-summary.ts'
import { hexOf, PREDICATE_TYPES, statementOf, subjectsOf } from '../signing/statement.ts'
import { openAttestations, type StoredVerification } from '../signing/store.ts'
import type { Signer } from './signing-key.ts'
import type { NamedPolicy } from './trust-file.ts'
import { verifyPath, verifyVersion, type Verified } from './verify-model.ts'

/** What was found of a release before it was let through. */
export interface ReleaseVerification {
  readonly results: readonly CheckResult[]
  readonly passed: boolean
  /** For the report and the record; small. */
  readonly details: Readonly<Record<string, unknown>>
  readonly verified: Verified | null
}

export interface ReleaseToVerify {
  readonly release: Release
  readonly version: ModelVersion | null
  /** Absolute path of a model that is not registered. */
  readonly modelFile: string | null
  readonly policy: NamedPolicy
}

/** Holds the model of a release against the policy, as it is to be deployed now. */
export async function verifyRelease(
  context: StepContext,
  { release, version, modelFile, policy }: ReleaseToVerify,
): Promise<ReleaseVerification> {
  const verified = version
    ? await verifyVersion(context, version, { policy })
    : await verifyPath(context, modelFile!, displayPath(context.cwd, modelFile!), { policy })
  requireSameBytes(verified, release)
  return outcomeOf(verified, policy)
}

function requireSameBytes({ digest }: Verified, release: Release): void {
  if (digest === release.modelDigest) return
  throw new UserError(
    'E_CONFLICT',
    `The model of ${describeRelease(release)} changed while it was verified: its digest is ${digest}`,
  )
}

function outcomeOf(verified: Verified, policy: NamedPolicy): ReleaseVerification {
  const verdict = worstOf(verified.results.map((result) => result.verdict))
  return {
    results: verified.results,
    passed: !blocks(verdict, 'block'),
    verified,
    details: {
      policy: { name: policy.name, digest: policy.digest },
      gates: verified.gates,
      statements: verified.accepted.map(({ name, gate, by, text }) => ({ name, gate, by, digest: sha256(text) })),
    },
  }
}

/** Writes down that a release was let through, with a verification summary that is signed where there is something to sign with. */
export async function recordVerification(
  { stateDir, clock }: StepContext,
  environment: string,
  release: Release,
  { policy, verification, signer }: { policy: NamedPolicy; verification: ReleaseVerification; signer: Signer | undefined },
): Promise<void> {
  const { accepted, gates } = verification.verified!
  const summary = verificationSummary({
    at: clock.now(),
    resourceUri: `plimsoll:environment/${environment}`,
    policy: { name: policy.name, digest: policy.digest },
    inputs: accepted.map(({ name, text }) => ({ name, digest: sha256(text) })),
    passed: verification.passed,
    gates,
    toolVersion: toolVersion(),
  })
  const subject = { name: `${release.modelName}/${release.modelVersion}`, digest: release.modelDigest }
  const bundle = (await signer?.sign(statementOf(subject, PREDICATE_TYPES.verificationSummary, summary))) ?? ''
  closing(openAttestations(stateDir), (store) =>
    store.addVerification({
      environment,
      releaseId: release.id,
      subject: hexOf(release.modelDigest),
      policy: policy.digest,
      gates: gates.join(','),
      bundle,
      at: clock.now().toISOString(),
    }),
  )
}

/**
 * Whether an environment may go back to a release. Going back must stay possible when something is on fire: the age of what was
 * measured is left aside, and a release that verified when it was deployed may come back although the policy asks for more today. One
 * whose signatures no longer fit may not.
 */
export async function verifyRollback(context: StepContext, release: Release, policy: NamedPolicy): Promise<ReleaseVerification> {
  const version = versionOf(context.stateDir, release)
  const earlier = await earlierVerification(context.stateDir, release, policy)
  if (version === null) return earlier ? letThrough(earlier, release, policy) : unknown(release, policy)
  const verified = await verifyVersion(context, version, { policy, anyAge: true })
  requireSameBytes(verified, release)
  const outcome = outcomeOf(verified, policy)
  const isBroken = verified.results[0]!.verdict === 'fail'
  if (outcome.passed || isBroken || earlier === undefined) return outcome
  const then = letThrough(earlier, release, policy)
  const asks = verified.results
    .slice(1)
    .map((result) => (result.verdict === 'fail' ? { ...result, verdict: 'warn' as const } : result))
  return { ...outcome, passed: true, results: [...then.results, ...asks] }
}

function versionOf(stateDir: string, { modelName, modelVersion }: Release): ModelVersion | null {
  return closing(
    openRegistry(stateDir),
    (registry) => registry.versions(modelName).find(({ version }) => String(version) === modelVersion) ?? null,
  )
}

/** The newest record that the release was let through with these bytes. A summary that is signed must be signed by who is trusted. */
async function earlierVerification(
  stateDir: string,
  release: Release,
  { policy }: NamedPolicy,
): Promise<StoredVerification | undefined> {
  const rows = closing(openAttestations(stateDir), (store) => store.verifications(release.id))
  for (const row of rows.filter(({ subject }) => subject === hexOf(release.modelDigest))) {
    if (row.bundle === '') return row
    const opened = await openEvidence({ name: 'summary', text: row.bundle }, policy, () =>
      Promise.resolve({ problem: 'not checked' }),
    )
    if ('statement' in opened && subjectsOf(opened.statement).includes(row.subject)) return row
  }
  return undefined
}

function letThrough({ at, gates }: StoredVerification, release: Release, policy: NamedPolicy): ReleaseVerification {
  const result = checkResult({
    check: 'verify.earlier',
    title: 'It was verified when it was deployed',
    verdict: 'pass',
    message: `${describeRelease(release)} was verified at ${at} (${gates || 'signatures'}); its bytes are the same.`,
  })
  return {
    results: [result],
    passed: true,
    verified: null,
    details: { policy: { name: policy.name, digest: policy.digest }, verifiedAt: at },
  }
}

function unknown(release: Release, policy: NamedPolicy): ReleaseVerification {
  const result = checkResult({
    check: 'verify.earlier',
    title: 'It was verified when it was deployed',
    verdict: 'fail',
    message: `${describeRelease(release)} is of a model that is not registered, and it was not verified when it was deployed.`,
    hint: 'Go back to another release with --to, or deploy a signed version.',
  })
  return { results: [result], passed: false, verified: null, details: { policy: { name: policy.name, digest: policy.digest } } }
}
