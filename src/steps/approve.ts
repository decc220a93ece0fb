import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { closing } from '../core/closing.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, type StepContext } from '../core/step.ts'
import { metricLines } from '../registry/metric-lines.ts'
import type { ModelVersion } from '../registry/model-version.ts'
import { recordApproval, validApproval } from '../release/approvals.ts'
import { currentRelease } from '../release/local/environments.ts'
import { requireEnvironmentName } from '../release/local/layout.ts'
import { openReleaseRecords, type Approval, type ReleaseRecords } from '../release/records.ts'
import { describeRelease, type Release } from '../release/release.ts'
import { actorOf } from './actor.ts'
import { chooseRelease, releaseParams, releaseReads } from './chosen-release.ts'

const SHOWN_METRICS = 4

const params = z.strictObject({
  environment: z.string().meta({ value: 'NAME' }).describe('What the release is to be approved for'),
  ...releaseParams,
  approver: z.string().optional().meta({ value: 'NAME' }).describe('Who answers; the user that runs this, if not given'),
  reason: z.string().optional().meta({ value: 'TEXT' }).describe('Why, for the record'),
})
type Params = z.output<typeof params>

export const approve = defineStep({
  name: 'approve',
  summary: 'Ask a person whether an environment may move to a release.',
  params,
  examples: ['plimsoll approve --environment production', 'plimsoll approve --environment production --yes --approver ada'],
  reads: releaseReads,
  // Consent is to a change of the environment: when that is elsewhere than it was afterwards, it is asked again.
  writes: ({ environment }) => [{ kind: 'environment', name: environment }],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    requireEnvironmentName(params.environment)
    const { release, version } = await chooseRelease(context, params)
    const { result, approval } = await closing(openReleaseRecords(context.stateDir), (records) =>
      decide(context, params, records, release, version),
    )
    return stepReport({
      name: 'approve',
      summary: result.message.split('\n')[0]!,
      subject: { kind: 'release', name: describeRelease(release), digest: release.modelDigest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: [result],
      details: { environment: params.environment, release, approval },
    })
  },
})

interface Decision {
  readonly result: CheckResult
  readonly approval: Approval | null
}

async function decide(
  context: StepContext,
  params: Params,
  records: ReleaseRecords,
  release: Release,
  version: ModelVersion | null,
): Promise<Decision> {
  const { environment } = params
  const current = currentRelease(context.stateDir, environment)
  if (current === release.id) {
    return {
      approval: null,
      result: consent('pass', `${environment} is at ${describeRelease(release)} already: nothing changes.`),
    }
  }
  const recorded = validApproval(records, environment, release.id)
  if (recorded) {
    return {
      approval: recorded,
      result: consent('pass', `${recorded.approver} approved ${describeRelease(release)} at ${recorded.at}.`),
    }
  }
  const via = context.assumeYes ? '--yes' : await answer(context, question(records, current, environment, release, version))
  if (via === 'no' || via === 'nobody') {
    const message =
      via === 'no'
        ? `${describeRelease(release)} was not approved for ${environment}.`
        : `Nobody has approved ${describeRelease(release)} for ${environment}, and there is no terminal to ask on.`
    return {
      approval: null,
      result: { ...consent('fail', message), hint: `Approve it with: plimsoll approvals grant --environment ${environment}` },
    }
  }
  records.saveRelease(release)
  const approval = recordApproval(records, {
    environment,
    releaseId: release.id,
    approver: params.approver ?? actorOf(context) ?? 'unknown',
    reason: params.reason ?? null,
    via,
    runId: context.run?.id ?? null,
    at: context.clock.now(),
  })
  const how = via === '--yes' ? ' with --yes' : ''
  return { approval, result: consent('pass', `${approval.approver} approved ${describeRelease(release)}${how}.`) }
}

async function answer({ ask }: StepContext, text: string): Promise<'terminal' | 'no' | 'nobody'> {
  if (ask === null) return 'nobody'
  return (await ask(text)) ? 'terminal' : 'no'
}

function consent(verdict: 'pass' | 'fail', message: string): CheckResult {
  return checkResult({ check: 'approval.consent', title: 'A person agrees to the release', verdict, message })
}

/** What the person who is asked has to know. */
function question(
  records: ReleaseRecords,
  current: string | null,
  environment: string,
  release: Release,
  version: ModelVersion | null,
): string {
  const before = current === null ? undefined : records.release(current)
  const facts = [
    `${environment} would move from ${before ? describeRelease(before) : 'nothing'} to ${describeRelease(release)}.`,
    ...(version?.lineage.code.commit ? [`Made from commit ${version.lineage.code.commit.slice(0, 12)}.`] : []),
    ...metricLines(version?.metrics ?? {})
      .slice(0, SHOWN_METRICS)
      .map(([name, text]) => `${name} ${text}`),
    ...(version?.reports ?? []).map(({ name, verdict, summary }) => `${name}: ${verdict}, ${summary}`),
  ]
  return `${facts.join('\n')}\nApprove?`
}
