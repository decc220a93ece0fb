import { latestDeployment } from '../history.ts'
import { openReleaseRecords, type ReleaseRecords } from '../records.ts'
import { findSupervisor } from './control.ts'
import { environmentFiles } from './layout.ts'
import { withLease } from './lease.ts'

/** A change that another process is making may take a start, a switch and a drain. */
const LEASE_WAIT_MS = 180_000

/** Runs a change of an environment while nobody else makes one, after what an earlier one that was cut off has left is put right. */
export async function changing<T>(
  stateDir: string,
  name: string,
  { signal }: { signal?: AbortSignal },
  work: (records: ReleaseRecords) => Promise<T>,
): Promise<T> {
  const files = environmentFiles(stateDir, name)
  const records = openReleaseRecords(stateDir)
  try {
    return await withLease(records.database, `environment ${name}`, { waitMs: LEASE_WAIT_MS, signal }, async () => {
      await reconcile(records, name, files.state)
      return await work(records)
    })
  } finally {
    records.close()
  }
}

/**
 * A process may be killed between the switch and its record. What the environment serves decides: the attempt that
 * brought it there has succeeded, and any other that is pending has not.
 */
async function reconcile(records: ReleaseRecords, name: string, stateFile: string): Promise<void> {
  const deployments = records.deployments(name)
  const settled = latestDeployment(deployments)
  const open = deployments.filter(({ id, state }) => id > (settled?.id ?? 0) && (state === 'pending' || state === 'interrupted'))
  if (open.length === 0) return
  const supervisor = await findSupervisor(stateFile)
  const serving = supervisor?.releaseId
  const arrived = serving === settled?.releaseId ? undefined : open.findLast(({ releaseId }) => releaseId === serving)
  for (const { id, state } of open) {
    if (id === arrived?.id) records.end(id, 'succeeded')
    else if (state === 'pending') records.end(id, 'interrupted', 'The process that made the change ended before it was complete.')
  }
  if (arrived && supervisor) records.saveEnvironment(name, { port: supervisor.state.port })
}
