import { closing } from '../../core/closing.ts'
import type { StepContext } from '../../core/step.ts'
import { covers, recordApproval } from '../../release/approvals.ts'
import { openReleaseRecords } from '../../release/records.ts'
import { describeRelease } from '../../release/release.ts'
import { actorOf } from '../../steps/actor.ts'
import { chooseRelease, type ReleaseParams } from '../../steps/chosen-release.ts'
import { listing, minute, print } from '../output.ts'
import type { Session } from '../session.ts'

export interface GrantOptions extends ReleaseParams {
  readonly environment: string
  readonly approver?: string
  readonly reason?: string
}

/** Writes down that somebody agrees to a release, for `approve` to find: the release that `deploy` with the same options would take. */
export async function grantApprovalCommand(session: Session, context: StepContext, options: GrantOptions): Promise<number> {
  const { release } = await chooseRelease(context, options)
  const approval = closing(openReleaseRecords(session.stateDir), (records) => {
    records.saveRelease(release)
    return recordApproval(records, {
      environment: options.environment,
      releaseId: release.id,
      approver: options.approver ?? actorOf(session) ?? 'unknown',
      reason: options.reason ?? null,
      via: 'recorded',
      runId: null,
      at: context.clock.now(),
    })
  })
  print(
    session,
    approval,
    () =>
      `${approval.approver} approves ${describeRelease(release)} for ${approval.environment}.\n` +
      'This holds for this one change: until the environment has moved to the release and away from it, or anywhere else.',
  )
  return 0
}

/** Lists the approvals that were given, and which of them still hold. */
export function listApprovalsCommand(session: Session): number {
  const approvals = closing(openReleaseRecords(session.stateDir), (records) =>
    records.approvals().map((approval) => ({
      ...approval,
      release: records.release(approval.releaseId) ?? null,
      holds: covers(approval, records.deployments(approval.environment)),
    })),
  )
  print(session, approvals, () => {
    if (approvals.length === 0) return 'No approvals yet. Give one with: plimsoll approvals grant --environment production'
    return listing(
      session,
      ['given', 'environment', 'release', 'by', 'how', 'holds', 'why'],
      approvals.map(({ at, environment, releaseId, release, approver, via, holds, reason }) => [
        minute(at),
        environment,
        release ? describeRelease(release) : releaseId,
        approver,
        via,
        holds ? 'yes' : 'no',
        reason ?? '–',
      ]),
    )
  })
  return 0
}
