import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../core/errors.ts'
import { openBlobs } from '../../drivers/blobs.ts'
import { digestFile, statIfExists } from '../../drivers/files.ts'
import type { ReleaseRecords } from '../records.ts'
import type { Release } from '../release.ts'
import { awaitEnd, findSupervisor, requestSwitch, serverSpec, type Supervisor } from './control.ts'
import type { ServerSpec } from '../../core/supervisor.ts'
import { environmentFiles, type EnvironmentFiles } from './layout.ts'
import { awaitStarting, startSupervisor } from './start-supervisor.ts'

const READY_MS = 60_000
/** The new model becomes ready, then what the old one is busy with is finished. */
const SWITCH_MS = 2 * READY_MS
/** How long a server that has crashed may take to be back. */
const RESTART_MS = 20_000

export interface ChangeOptions {
  /** The run that asks, null for a person. What a run starts, `stopStartedBy` stops. */
  readonly runId: string | null
  /** The environment to start a supervisor in; it gets what a program needs to run, and nothing of the project's. */
  readonly env: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface StartOptions extends ChangeOptions {
  /** Another port than the recorded one; 0 for any free one. */
  readonly port?: number
}

type BroughtUp = { readonly supervisor: Supervisor } | { readonly failed: string }

/** Switches an environment to a release; one that is down is first started with what it is at, or else with the release. */
export async function switchOrStart(
  stateDir: string,
  records: ReleaseRecords,
  name: string,
  release: Release,
  previousRelease: Release | null,
  options: ChangeOptions,
): Promise<{ supervisor: Supervisor } | { failed: string; stillServing: Release | null }> {
  const files = environmentFiles(stateDir, name)
  let running = await findRunning(files)
  if (!running && previousRelease) {
    // A release that no longer starts must not stand in the way of the one that mends it.
    const up = await bringUp(stateDir, records, name, previousRelease, options)
    running = 'supervisor' in up ? up.supervisor : undefined
  }
  if (!running) {
    const up = await bringUp(stateDir, records, name, release, options)
    return 'failed' in up ? { ...up, stillServing: null } : up
  }
  const refused = await switchTo(running, serverSpec(release, await placeModel(stateDir, name, release)), options)
  const supervisor = await findSupervisor(files.state)
  if (refused === undefined && supervisor?.releaseId === release.id) return { supervisor }
  return {
    failed: refused ?? 'after the switch the environment did not report the new release',
    stillServing: supervisor?.releaseId === previousRelease?.id ? previousRelease : null,
  }
}

/** Starts the supervisor with a release, or switches it there, unless it serves that already. */
export async function bringUp(
  stateDir: string,
  records: ReleaseRecords,
  name: string,
  release: Release,
  options: StartOptions,
): Promise<BroughtUp> {
  const files = environmentFiles(stateDir, name)
  const running = await findRunning(files)
  if (running?.releaseId === release.id) return awaitReady(running, files)
  const server = serverSpec(release, await placeModel(stateDir, name, release))
  if (running) {
    const refused = await switchTo(running, server, options)
    return refused === undefined ? awaitReady(running, files) : { failed: refused }
  }
  // Written down first: if this process is killed now, the run that is resumed still knows what it has to stop.
  records.saveEnvironment(name, { startedByRun: options.runId })
  const started = await startSupervisor({
    environment: name,
    files,
    port: options.port ?? records.environment(name)?.port ?? 0,
    server,
    env: options.env,
    timeoutMs: READY_MS,
    signal: options.signal,
  })
  if ('supervisor' in started) records.saveEnvironment(name, { port: started.supervisor.state.port })
  return started
}

/** The supervisor of an environment, also when it is only just starting; one that is stopping is waited for, and then gone. */
export async function findRunning(files: EnvironmentFiles): Promise<Supervisor | undefined> {
  const running = (await findSupervisor(files.state)) ?? (await awaitStarting(files, READY_MS))
  if (running?.condition !== 'stopping') return running
  await awaitEnd(running.state, files.state, READY_MS)
  return undefined
}

/** A server that has crashed is started again by its supervisor; it is up when that has worked. */
async function awaitReady(supervisor: Supervisor, files: EnvironmentFiles): Promise<BroughtUp> {
  const deadline = Date.now() + RESTART_MS
  let now: Supervisor | undefined = supervisor
  while (now && now.condition !== 'ready') {
    if (Date.now() > deadline) return { failed: `its server keeps ending; its log is ${files.log}` }
    await sleep(100)
    now = await findSupervisor(files.state)
  }
  return now ? { supervisor: now } : { failed: `its supervisor has ended; its log is ${files.log}` }
}

/** Why not, when the supervisor stays with the release it has. */
async function switchTo(running: Supervisor, server: ServerSpec, { signal }: ChangeOptions): Promise<string | undefined> {
  try {
    return (await requestSwitch(running, server, { ms: SWITCH_MS, signal }))?.refused
  } catch (error) {
    signal?.throwIfAborted()
    return `its supervisor did not answer: ${messageOf(error)}`
  }
}

/** The model's file of a release, whole: an environment serves what was released, whatever becomes of the project's files. */
async function placeModel(stateDir: string, name: string, release: Release): Promise<string> {
  const path = environmentFiles(stateDir, name).modelOf(release)
  if (!(await statIfExists(path)) || (await digestFile(path)) !== release.modelDigest) {
    await openBlobs(stateDir).copyTo(release.modelDigest, path)
  }
  return path
}
