import { resolve } from 'node:path'
import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { formatDuration } from '../core/duration.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { deployRelease, type DeployOptions, type Outcome } from '../release/local/environments.ts'
import { requireEnvironmentName } from '../release/local/layout.ts'
import { describeRelease, type Release } from '../release/release.ts'
import { actorOf } from './actor.ts'
import { chooseRelease, releaseParams, releaseReads } from './chosen-release.ts'
import { findSigner, signingParams, signingReads } from './signing-key.ts'
import { findPolicy, TRUST_FILE, trustParam } from './trust-file.ts'
import { recordVerification, verifyRelease } from './verify-release.ts'

export const deploy = defineStep({
  name: 'deploy',
  summary: 'Move an environment to a model version without dropping a request.',
  params: z.strictObject({
    environment: z.string().meta({ value: 'NAME' }).describe('Where to, for example staging or production'),
    ...releaseParams,
    trust: trustParam,
    ...signingParams,
    reason: z.string().optional().meta({ value: 'TEXT' }).describe('Why, for the history'),
  }),
  examples: [
    'plimsoll deploy --environment staging',
    'plimsoll deploy --environment production --version mortgage@champion --reason "quarterly retraining"',
    'plimsoll deploy --environment production --version mortgage/3 --trust trust.yaml',
  ],
  reads: (params) => [...releaseReads(params), file(params.trust ?? TRUST_FILE), ...signingReads],
  writes: ({ environment }) => [{ kind: 'environment', name: environment }],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { environment } = params
    requireEnvironmentName(environment)
    const signer = await findSigner(context, params)
    const { release, version } = await chooseRelease(context, params)
    const parts = {
      name: 'deploy',
      subject: { kind: 'release', name: describeRelease(release), digest: release.modelDigest },
      startedAt,
    } as const
    const policy = await findPolicy(context, params.trust)
    const modelFile = params.model === undefined ? null : resolve(context.cwd, params.model)
    const verification = policy && (await verifyRelease(context, { release, version, modelFile, policy }))
    const checked = verification && { results: verification.results, details: { verification: verification.details } }
    if (verification && !verification.passed) {
      return stepReport({
        ...parts,
        summary: `${environment} did not move to ${release.modelName}/${release.modelVersion}, which does not verify`,
        durationMs: context.clock.monotonic() - started,
        results: verification.results,
        details: { environment, release, ...checked?.details },
      })
    }
    context.say(`${environment}: moving to ${describeRelease(release)}`)
    const outcome = await deployRelease(context.stateDir, environment, release, deployOptions(context, params.reason, startedAt))
    if (policy && verification && outcome.succeeded) {
      await recordVerification(context, environment, release, { policy, verification, signer })
    }
    const durationMs = context.clock.monotonic() - started
    return stepReport({
      ...parts,
      summary: summaryOf(environment, release, outcome),
      durationMs,
      results: [...(checked?.results ?? []), moveResult(environment, release, outcome, durationMs)],
      details: { environment, release, ...outcome, ...checked?.details },
    })
  },
})

/** Who moves an environment, why and when. */
export function deployOptions(context: StepContext, reason: string | undefined, at: Date): DeployOptions {
  const { run, env, signal } = context
  return { runId: run?.id ?? null, env, signal, by: actorOf(context), reason: reason ?? null, at }
}

function summaryOf(environment: string, release: Release, outcome: Outcome): string {
  const model = `${release.modelName}/${release.modelVersion}`
  if (!outcome.succeeded) return `${environment} did not move to ${model}`
  return `${environment} serves ${model} at ${outcome.url}${outcome.changed ? '' : ', as before'}`
}

/** How moving an environment went, as a check. */
export function moveResult(environment: string, release: Release, outcome: Outcome, durationMs: number): CheckResult {
  const check = { check: 'deploy.release', title: `${environment} serves the release`, expected: describeRelease(release) }
  if (outcome.succeeded) {
    const before = outcome.previousRelease
    const change = outcome.changed
      ? `moved to ${describeRelease(release)} in ${formatDuration(durationMs)}; before: ${before ? describeRelease(before) : 'nothing'}`
      : `was at ${describeRelease(release)} already`
    return checkResult({
      ...check,
      verdict: 'pass',
      message: `${environment} ${change}.`,
      actual: describeRelease(release),
      measurements: [{ name: 'duration', value: Math.round(durationMs), unit: 'ms' }],
    })
  }
  const still = outcome.stillServing
  return checkResult({
    ...check,
    verdict: 'fail',
    message: `${describeRelease(release)} did not become ready: ${outcome.reason}`,
    actual: still ? describeRelease(still) : 'down',
    hint: still
      ? `${environment} goes on serving ${describeRelease(still)}.`
      : `${environment} is down. Its log: plimsoll environments show ${environment}`,
  })
}
