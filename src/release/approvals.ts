import { latestDeployment } from './history.ts'
import type { Approval, Deployment, ReleaseRecords } from './records.ts'

/** A person's consent, before it is written down. */
export interface Consent {
  readonly environment: string
  readonly releaseId: string
  readonly approver: string
  readonly reason: string | null
  readonly via: Approval['via']
  readonly runId: string | null
  readonly at: Date
}

/** Writes consent down. It is to the one change from what the environment is at now to this release. */
export function recordApproval(records: ReleaseRecords, consent: Consent): Approval {
  const basedOn = latestDeployment(records.deployments(consent.environment))?.id ?? 0
  return records.addApproval({ ...consent, at: consent.at.toISOString(), basedOn })
}

/** The newest approval that still covers moving an environment to a release. */
export function validApproval(records: ReleaseRecords, environment: string, releaseId: string): Approval | undefined {
  const deployments = records.deployments(environment)
  return records.approvals(environment).findLast((approval) => approval.releaseId === releaseId && covers(approval, deployments))
}

/**
 * Consent ends when the environment has moved anywhere but to the approved release: what a person looked at was the
 * step from one state to another. So an approval cannot be used again after a rollback, nor after somebody else's release.
 */
export function covers(approval: Approval, deployments: readonly Deployment[]): boolean {
  return deployments
    .filter(({ id, state }) => id > approval.basedOn && state === 'succeeded')
    .every(({ releaseId }) => releaseId === approval.releaseId)
}
