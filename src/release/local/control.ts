import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../core/errors.ts'
import type { ServerSpec, SupervisorState } from '../../core/supervisor.ts'
import { isRunning } from '../../drivers/process-alive.ts'
import { httpRequest, type HttpResponse } from '../../drivers/http.ts'
import type { Release } from '../release.ts'

/** A supervisor that has just answered to its own token, so it is the right process whatever its pid. */
export interface Supervisor {
  readonly state: SupervisorState
  readonly releaseId: string
  /** `restarting`: its server has ended by itself and is being started again. */
  readonly condition: 'ready' | 'restarting' | 'stopping'
}

const ANSWER_MS = 5000

export function serverSpec(release: Release, modelPath: string): ServerSpec {
  return {
    releaseId: release.id,
    modelName: release.modelName,
    modelVersion: release.modelVersion,
    modelPath,
    modelDigest: release.modelDigest,
    ...(release.python !== null && { python: release.python }),
  }
}

/** The supervisor that a state file speaks of, if it is alive. A pid proves nothing, for it may have been given to another program.
 *
 * @throws UserError E_SERVICE when something listens there and does not answer in time
 */
export async function findSupervisor(stateFile: string): Promise<Supervisor | undefined> {
  const state = await readState(stateFile)
  if (!state) return undefined
  try {
    const { status, text } = await call(state, 'GET', '/status', { ms: ANSWER_MS })
    if (status !== 200) return undefined
    const answer = JSON.parse(text) as { releaseId: string; state: Supervisor['condition'] }
    return { state, releaseId: answer.releaseId, condition: answer.state }
  } catch (error) {
    if (!isTimeout(error)) return undefined
    throw new UserError('E_SERVICE', `The supervisor of an environment (process ${state.pid}) does not answer`, {
      hint: `End that process, then start the environment again. Its state is in ${stateFile}.`,
      cause: error,
    })
  }
}

/** Undefined when there is none, or none that can be read. */
export async function readState(stateFile: string): Promise<SupervisorState | undefined> {
  try {
    return JSON.parse(await readFile(stateFile, 'utf8')) as SupervisorState
  } catch {
    return undefined
  }
}

/** Asks for another release. Answers why not, when the supervisor stays with the one it has. */
export async function requestSwitch(
  supervisor: Supervisor,
  spec: ServerSpec,
  options: { ms: number; signal?: AbortSignal | undefined },
): Promise<{ refused: string } | undefined> {
  const { status, text } = await call(supervisor.state, 'POST', '/switch', { ...options, body: spec })
  if (status === 200) return undefined
  return { refused: errorIn(text) ?? `HTTP status ${status}` }
}

function errorIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? error.split('\n').join('; ') : undefined
  } catch {
    return undefined
  }
}

/** Asks a supervisor to end and waits until it has. False when it is still there after `ms`. */
export async function requestStop({ state }: Supervisor, stateFile: string, ms: number): Promise<boolean> {
  await call(state, 'POST', '/stop', { ms }).catch(() => {}) // It may end before it has answered.
  return awaitEnd(state, stateFile, ms)
}

/** The last thing that a supervisor does is to remove its state file; one that was killed is no longer there to do so. */
export async function awaitEnd(state: SupervisorState, stateFile: string, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms
  while (isRunning(state.pid) && (await readState(stateFile))?.token === state.token) {
    if (Date.now() > deadline) return false
    await sleep(20)
  }
  return true
}

interface CallOptions {
  readonly ms: number
  readonly signal?: AbortSignal | undefined
  readonly body?: unknown
}

/** Throws a TimeoutError when there is no answer in time, a UserError when nothing listens. */
function call(state: SupervisorState, method: 'GET' | 'POST', path: string, options: CallOptions): Promise<HttpResponse> {
  const { ms, signal, body } = options
  const timeout = AbortSignal.timeout(ms)
  return httpRequest(`http://127.0.0.1:${state.controlPort}${path}`, {
    method,
    headers: { authorization: `Bearer ${state.token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeout: 2 * ms,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  })
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}
