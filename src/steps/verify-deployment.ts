import { z } from 'zod'
import { shortDigest } from '../core/digest.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { requireServing } from '../release/local/environments.ts'
import { describeRelease } from '../release/release.ts'
import { endpointResults } from './endpoint-results.ts'

export const verifyDeployment = defineStep({
  name: 'verify-deployment',
  summary: 'Check that an environment serves the release that it should, and predicts as the model itself does.',
  params: z.strictObject({
    environment: z.string().meta({ value: 'NAME' }).describe('The environment to look at'),
    testData: z.string().optional().meta({ value: 'PATH' }).describe('Rows to send; without them only the identity is checked'),
    rows: z.int().min(1).max(1000).default(10).describe('How many rows to send'),
  }),
  examples: [
    'plimsoll verify-deployment --environment production',
    'plimsoll verify-deployment --environment production --test-data data/test --rows 20',
  ],
  reads: ({ environment, testData }) => [
    { kind: 'environment', name: environment },
    ...(testData === undefined ? [] : [file(testData)]),
  ],
  writes: () => [],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const { release, url } = await requireServing(context.stateDir, params.environment)
    const { results, measured } = await endpointResults(context, { url, release, ...params })
    return stepReport({
      name: 'verify-deployment',
      summary: `${params.environment}: ${release.modelName}/${release.modelVersion} (${shortDigest(release.modelDigest)})${measured}`,
      subject: { kind: 'environment', name: params.environment, digest: release.modelDigest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results,
      details: { environment: params.environment, url, release, described: describeRelease(release) },
    })
  },
})
