import { messageOf, UserError } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import { releaseStack } from '../history.ts'
import type { Deployment, DeploymentKind, ReleaseRecords } from '../records.ts'
import type { Release } from '../release.ts'
import { bringUp, findRunning, switchOrStart, type ChangeOptions, type StartOptions } from './bring-up.ts'
import { changing } from './change.ts'
import { requestStop } from './control.ts'
import { environmentFiles } from './layout.ts'
import { current, statusOf, urlOf, withRecords, type EnvironmentStatus } from './status.ts'

export { currentRelease, endpointOf, environmentStatus, listEnvironments, type EnvironmentStatus } from './status.ts'

const STOP_MS = 20_000

export interface DeployOptions extends ChangeOptions {
  /** Who asks, as far as it is known. */
  readonly by: string | null
  readonly reason: string | null
  readonly at: Date
}

/** How an attempt to move an environment ended. */
export type Outcome =
  | {
      readonly succeeded: true
      /** False when the environment served the release already. */
      readonly changed: boolean
      readonly previousRelease: Release | null
      readonly url: string
    }
  | {
      readonly succeeded: false
      /** Why, in the words of the supervisor. */
      readonly reason: string
      /** What goes on serving; null when the environment is down. */
      readonly stillServing: Release | null
    }

/**
 * Starts an environment with the release it is at, unless it is up. One that has no release yet stays down. One whose
 * release does not start is down as well, and `problem` says why: the next deployment may be what mends it.
 *
 * @throws UserError E_CONFLICT when its port is taken
 */
export function ensureUp(
  stateDir: string,
  name: string,
  options: StartOptions,
): Promise<EnvironmentStatus & { readonly problem: string | null }> {
  return changing(stateDir, name, options, async (records) => {
    const release = current(records, name)
    const up = release && (await bringUp(stateDir, records, name, release, options))
    return { ...(await statusOf(stateDir, records, name)), problem: up && 'failed' in up ? up.failed : null }
  })
}

/** Stops an environment; false when it was down. It stays at its release and keeps its port. */
export function stopEnvironment(stateDir: string, name: string): Promise<boolean> {
  return changing(stateDir, name, {}, async (records) => {
    const { state } = environmentFiles(stateDir, name)
    requireKnown(records, name)
    records.saveEnvironment(name, { startedByRun: null })
    const supervisor = await findRunning(environmentFiles(stateDir, name))
    if (!supervisor) return false
    if (!(await requestStop(supervisor, state, STOP_MS))) {
      throw new UserError('E_SERVICE', `The environment ${name} (process ${supervisor.state.pid}) does not stop`, {
        hint: 'End that process yourself.',
      })
    }
    return true
  })
}

/** Stops the environments that a run has started, and answers their names. */
export async function stopStartedBy(stateDir: string, runId: string): Promise<string[]> {
  const started = withRecords(stateDir, (records) => records.environments().filter((record) => record.startedByRun === runId))
  const stopped = await Promise.all(started.map(({ name }) => stopEnvironment(stateDir, name)))
  return started.filter((_record, i) => stopped[i]).map(({ name }) => name)
}

/**
 * Moves an environment to a release, whose model is in the blob store: traffic is switched over without dropping a
 * request, or the environment is started when there is none to switch. On failure it goes on with what it had.
 */
export function deployRelease(stateDir: string, name: string, release: Release, options: DeployOptions): Promise<Outcome> {
  return changing(stateDir, name, options, (records) => move(stateDir, records, name, release, 'deploy', options))
}

/** Every attempt to move an environment, newest first, with the release that it was to.
 *
 * @throws UserError E_NOT_FOUND when there is no such environment
 */
export function environmentHistory(stateDir: string, name: string): (Deployment & { readonly release: Release | null })[] {
  return withRecords(stateDir, (records) => {
    requireKnown(records, name)
    const deployments = records.deployments(name).toReversed()
    return deployments.map((deployment) => ({ ...deployment, release: records.release(deployment.releaseId) ?? null }))
  })
}

/**
 * Moves an environment back to its previous release, or to one that it was at before.
 *
 * @throws UserError E_NOT_FOUND when there is none
 */
export function rollback(
  stateDir: string,
  name: string,
  to: string | undefined,
  options: DeployOptions,
): Promise<Outcome & { readonly release: Release }> {
  return changing(stateDir, name, options, async (records) => {
    const release = findRollbackTarget(records, name, to)
    return { release, ...(await move(stateDir, records, name, release, 'rollback', options)) }
  })
}

/**
 * The release that a rollback would go to.
 *
 * @throws UserError E_NOT_FOUND when there is none
 */
export function rollbackTarget(stateDir: string, name: string, to: string | undefined): Release {
  return withRecords(stateDir, (records) => findRollbackTarget(records, name, to))
}

function findRollbackTarget(records: ReleaseRecords, name: string, to: string | undefined): Release {
  requireKnown(records, name)
  const deployments = records.deployments(name)
  const earlier = new Set(deployments.filter(({ state }) => state === 'succeeded').map(({ releaseId }) => releaseId))
  const id = to ?? releaseStack(deployments).at(-2)
  const release = id !== undefined && earlier.has(id) ? records.release(id) : undefined
  if (release) return release
  throw new UserError(
    'E_NOT_FOUND',
    to === undefined ? `${name} has no earlier release to go back to` : `${name} was never at the release ${to}`,
    { hint: to === undefined ? 'Deploy another version instead: plimsoll deploy.' : didYouMean(to, earlier) },
  )
}

/**
 * What an environment serves, and where.
 *
 * @throws UserError E_NOT_FOUND when there is no such environment, nothing was deployed to it, or it is down
 */
export function requireServing(stateDir: string, name: string): Promise<{ readonly release: Release; readonly url: string }> {
  return withRecords(stateDir, async (records) => {
    requireKnown(records, name)
    const { release, url } = await statusOf(stateDir, records, name)
    if (release !== null && url !== null) return { release, url }
    throw new UserError('E_NOT_FOUND', `The environment ${name} ${release ? 'is down' : 'has no release'}`, {
      hint: release
        ? `Start it with: plimsoll environments start ${name}`
        : `Deploy to it first: plimsoll deploy --environment ${name}`,
    })
  })
}

function requireKnown(records: ReleaseRecords, name: string): void {
  if (records.environment(name)) return
  const names = records.environments().map((record) => record.name)
  throw new UserError('E_NOT_FOUND', `There is no environment ${name}`, {
    hint: didYouMean(name, names) || 'The first deployment makes one: plimsoll deploy --environment staging.',
  })
}

async function move(
  stateDir: string,
  records: ReleaseRecords,
  name: string,
  release: Release,
  kind: DeploymentKind,
  options: DeployOptions,
): Promise<Outcome> {
  const previousRelease = current(records, name) ?? null
  if (previousRelease?.id === release.id) {
    const up = await bringUp(stateDir, records, name, release, options)
    if ('failed' in up) return { succeeded: false, reason: up.failed, stillServing: null }
    return { succeeded: true, changed: false, previousRelease, url: urlOf(up.supervisor) }
  }
  records.saveEnvironment(name, {})
  records.saveRelease(release)
  const attempt = records.begin({
    environment: name,
    releaseId: release.id,
    previousReleaseId: previousRelease?.id ?? null,
    kind,
    by: options.by,
    reason: options.reason,
    runId: options.runId,
    startedAt: options.at.toISOString(),
  })
  const moved = await switchOrStart(stateDir, records, name, release, previousRelease, options).catch((error: unknown) => {
    // One that was aborted stays pending: only the environment knows whether it got there.
    if (!options.signal?.aborted) records.end(attempt, 'failed', messageOf(error))
    throw error
  })
  if ('failed' in moved) {
    records.end(attempt, 'failed', moved.failed)
    return { succeeded: false, reason: moved.failed, stillServing: moved.stillServing }
  }
  records.end(attempt, 'succeeded')
  return { succeeded: true, changed: true, previousRelease, url: urlOf(moved.supervisor) }
}
