import { closing } from '../../core/closing.ts'
import { latestDeployment, releaseStack } from '../history.ts'
import { openReleaseRecords, type EnvironmentRecord, type ReleaseRecords } from '../records.ts'
import type { Release } from '../release.ts'
import { findSupervisor, type Supervisor } from './control.ts'
import { environmentFiles } from './layout.ts'

/** An environment as it is now. */
export interface EnvironmentStatus {
  readonly name: string
  readonly up: boolean
  /** Where its models answer; null while it is down. */
  readonly url: string | null
  /** Kept over restarts; null before the first. */
  readonly port: number | null
  /** Process id of the supervisor. */
  readonly pid: number | null
  /** What it is at; null before the first deployment. */
  readonly release: Release | null
  /** What a rollback would go to. */
  readonly previousRelease: Release | null
  /** When it came to its release; ISO 8601, UTC. */
  readonly since: string | null
  /** The run that started it and stops it at its end; null when a person did. */
  readonly startedByRun: string | null
}

/** The id of the release that an environment is at, up or down; null before its first deployment. */
export function currentRelease(stateDir: string, name: string): string | null {
  return withRecords(stateDir, (records) => current(records, name)?.id ?? null)
}

/** Where an environment's models answer, for example `http://127.0.0.1:40123`; null while it is down. */
export async function endpointOf(stateDir: string, name: string): Promise<string | null> {
  return (await environmentStatus(stateDir, name)).url
}

/** An environment as it is now; one that was never deployed to is down and has no release. */
export function environmentStatus(stateDir: string, name: string): Promise<EnvironmentStatus> {
  return withRecords(stateDir, (records) => statusOf(stateDir, records, name))
}

/** Every environment that there has been, by name. */
export function listEnvironments(stateDir: string): Promise<EnvironmentStatus[]> {
  return withRecords(stateDir, (records) =>
    Promise.all(records.environments().map(({ name }) => statusOf(stateDir, records, name))),
  )
}

/** `environmentStatus` with records that are open. */
export async function statusOf(stateDir: string, records: ReleaseRecords, name: string): Promise<EnvironmentStatus> {
  const record: EnvironmentRecord = records.environment(name) ?? { name, port: null, startedByRun: null }
  const supervisor = await findSupervisor(environmentFiles(stateDir, name).state)
  const deployments = records.deployments(name)
  const previous = releaseStack(deployments).at(-2)
  return {
    name,
    up: supervisor !== undefined,
    url: supervisor ? urlOf(supervisor) : null,
    port: supervisor?.state.port ?? record.port,
    pid: supervisor?.state.pid ?? null,
    release: current(records, name) ?? null,
    previousRelease: (previous !== undefined && records.release(previous)) || null,
    since: latestDeployment(deployments)?.startedAt ?? null,
    startedByRun: supervisor ? record.startedByRun : null,
  }
}

/** The release that an environment is at, as far as it is recorded. */
export function current(records: ReleaseRecords, name: string): Release | undefined {
  const deployment = latestDeployment(records.deployments(name))
  return deployment && records.release(deployment.releaseId)
}

/** Opens the records for one piece of work. */
export function withRecords<T>(stateDir: string, work: (records: ReleaseRecords) => T): T {
  return closing(openReleaseRecords(stateDir), work)
}

export const urlOf = ({ state }: Supervisor): string => `http://127.0.0.1:${state.port}`
