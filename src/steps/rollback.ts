import { z } from 'zod'
import { stepReport } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { rollback as rollBack, rollbackTarget } from '../release/local/environments.ts'
import { describeRelease } from '../release/release.ts'
import { deployOptions, moveResult } from './deploy.ts'
import { endpointResults } from './endpoint-results.ts'
import { findPolicy, trustParam } from './trust-file.ts'
import { verifyRollback } from './verify-release.ts'

export const rollback = defineStep({
  name: 'rollback',
  summary: 'Move an environment back to the release before, and check that it serves it.',
  params: z.strictObject({
    environment: z.string().meta({ value: 'NAME' }).describe('The environment to move'),
    to: z
      .string()
      .optional()
      .meta({ value: 'RELEASE' })
      .describe('An earlier release by its id; the one before the current, if not given'),
    reason: z.string().optional().meta({ value: 'TEXT' }).describe('Why, for the history'),
    testData: z
      .string()
      .optional()
      .meta({ value: 'PATH' })
      .describe('Rows to send afterwards; without them only the identity is checked'),
    rows: z.int().min(1).max(1000).default(10).describe('How many rows to send'),
    trust: trustParam,
  }),
  examples: [
    'plimsoll rollback --environment production',
    'plimsoll rollback --environment production --to 0123456789ab --reason "too many denials"',
  ],
  // Done twice it goes two back, so it is never answered from a cache.
  reads: ({ testData }) => [
    { kind: 'unknown', why: 'a rollback depends on where the environment is' },
    ...(testData === undefined ? [] : [file(testData)]),
  ],
  writes: ({ environment }) => [{ kind: 'environment', name: environment }],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { environment } = params
    const target = rollbackTarget(context.stateDir, environment, params.to)
    const policy = await findPolicy(context, params.trust)
    const verification = policy && (await verifyRollback(context, target, policy))
    if (verification && !verification.passed) {
      return stepReport({
        name: 'rollback',
        summary: `${environment} did not go back to ${target.modelName}/${target.modelVersion}, which does not verify`,
        subject: { kind: 'release', name: describeRelease(target), digest: target.modelDigest },
        startedAt,
        durationMs: context.clock.monotonic() - started,
        results: verification.results,
        details: { environment, release: target, verification: verification.details },
      })
    }
    const { release, ...outcome } = await rollBack(
      context.stateDir,
      environment,
      target.id,
      deployOptions(context, params.reason, startedAt),
    )
    const moved = moveResult(environment, release, outcome, context.clock.monotonic() - started)
    const verified = outcome.succeeded
      ? await endpointResults(context, { url: outcome.url, release, ...params })
      : { results: [], measured: '' }
    const model = `${release.modelName}/${release.modelVersion}`
    return stepReport({
      name: 'rollback',
      summary: outcome.succeeded
        ? `${environment} is back at ${model}${verified.measured}`
        : `${environment} did not go back to ${model}`,
      subject: { kind: 'release', name: describeRelease(release), digest: release.modelDigest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: [...(verification?.results ?? []), moved, ...verified.results],
      details: { environment, release, ...outcome, ...(verification && { verification: verification.details }) },
    })
  },
})
