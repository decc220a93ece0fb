import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { messageOf, UserError } from '../core/errors.ts'
import { writeFileAtomic } from '../drivers/files.ts'
import { createControlServer } from './control.ts'
import { createTrafficRouter } from './router.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'
import { ServerSpec, type SupervisorState } from '../core/supervisor.ts'
import { serveArguments } from './server-spec.ts'

/** The file that a supervisor is started with. */
export const SupervisorConfig = z.strictObject({
  environment: z.string().min(1),
  /** 0 chooses a free port; it stays the same while the supervisor lives. */
  port: z.int().min(0).max(65_535),
  /** Absolute. Written when the first server is ready, removed at the end. */
  stateFile: z.string().min(1),
  server: ServerSpec,
})
export type SupervisorConfig = z.output<typeof SupervisorConfig>

/** The answer to `GET /status`. */
export interface SupervisorStatus {
  readonly environment: string
  readonly pid: number
  readonly port: number
  readonly releaseId: string
  readonly state: 'ready' | 'restarting' | 'stopping'
  /** How often the server had to be started again because it had ended by itself. */
  readonly restarts: number
  readonly server: { readonly pid: number; readonly port: number } | null
  readonly inFlight: number
}

export interface SupervisorOptions {
  readonly config: SupervisorConfig
  /** Program and first arguments that run Plimsoll. */
  readonly command: readonly [string, ...string[]]
  /** Environment of the servers. */
  readonly env: Readonly<Record<string, string>>
  /** Lines for the environment's log. */
  readonly say: (line: string) => void
  /** How long a server may take to become ready. */
  readonly readyMs?: number
  /** How long requests that are under way may take when their server is to end. */
  readonly graceMs?: number
  /** Stops the supervisor, also while its first server is starting. */
  readonly signal?: AbortSignal
}

export interface Supervisor {
  readonly state: SupervisorState
  /** Finishes what is under way, ends the server and removes the state file. */
  stop(): Promise<void>
  /** Resolves when it has stopped, by `stop` or through the control API. */
  readonly stopped: Promise<void>
}

const READY_MS = 60_000
const GRACE_MS = 10_000
const FIRST_BACKOFF_MS = 100
const LAST_BACKOFF_MS = 10_000
/** A server that lived this long was well, and its end starts the backoff from the beginning. */
const WELL_MS = 10_000

/**
 * Runs an environment: one port that stays, and behind it one server process, started again when it ends by itself and
 * exchanged for another release without losing a request.
 *
 * @throws UserError E_PREDICTOR when the first server does not become ready, E_CONFLICT when the port is taken
 */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { config, command, env, say, readyMs = READY_MS, graceMs = GRACE_MS } = options
  const ending = new AbortController()
  const router = await createTrafficRouter({ port: config.port, say })
  const running = new Set<ServerProcess>()
  let spec = config.server
  let serving: ServerProcess | null = null
  let switching = false
  let restarts = 0
  let failures = 0

  async function launch(what: ServerSpec): Promise<ServerProcess> {
    const server = await startServerProcess({
      command,
      arguments: serveArguments(what),
      env,
      readyMs,
      say,
      signal: ending.signal,
    })
    running.add(server)
    void server.ended.finally(() => running.delete(server))
    return server
  }

  /** Makes a ready server the one that serves. Resolves when the one before has answered all it was asked. */
  function adopt(what: ServerSpec, server: ServerProcess): Promise<void> {
    spec = what
    serving = server
    void watch(what, server)
    return router.switchTo(server.port)
  }

  async function watch(what: ServerSpec, server: ServerProcess): Promise<void> {
    const since = performance.now()
    const how = await server.ended
    if (serving !== server || ending.signal.aborted) return
    say(`the server of ${what.releaseId} ${how}; starting it again`)
    serving = null
    void router.switchTo(null)
    failures = performance.now() - since > WELL_MS ? 0 : failures + 1
    await restart(what)
  }

  /** Until it is up again, or another release has taken its place. */
  async function restart(what: ServerSpec): Promise<void> {
    while (serving === null && spec === what && !ending.signal.aborted) {
      await pause(Math.min(FIRST_BACKOFF_MS * 2 ** failures, LAST_BACKOFF_MS), ending.signal)
      if (serving !== null || spec !== what || ending.signal.aborted) return
      try {
        const server = await launch(what)
        // A release that was switched to meanwhile has the right of way.
        if (spec !== what) return await server.stop(graceMs)
        restarts++
        void adopt(what, server)
      } catch (error) {
        failures++
        say(messageOf(error))
      }
    }
  }

  async function switchTo(next: ServerSpec): Promise<void> {
    if (switching) throw new UserError('E_CONFLICT', 'Another switch is under way')
    if (ending.signal.aborted) throw new UserError('E_CONFLICT', 'The environment is stopping')
    switching = true
    try {
      const server = await launch(next)
      const previous = serving
      failures = 0
      const drained = adopt(next, server)
      await writeState()
      say(`switched to ${next.releaseId}`)
      await Promise.race([drained, pause(graceMs, ending.signal)])
      await previous?.stop(graceMs)
    } finally {
      switching = false
    }
  }

  function status(): SupervisorStatus {
    return {
      environment: config.environment,
      pid: process.pid,
      port: router.port,
      releaseId: spec.releaseId,
      state: ending.signal.aborted ? 'stopping' : serving ? 'ready' : 'restarting',
      restarts,
      server: serving && { pid: serving.pid, port: serving.port },
      inFlight: router.inFlight(),
    }
  }

  let stopping: Promise<void> | undefined
  let announceStopped = () => {}
  const stopped = new Promise<void>((resolve) => (announceStopped = resolve))
  function stop(): Promise<void> {
    stopping ??= (async () => {
      ending.abort(new UserError('E_CONFLICT', 'The environment is stopping'))
      await router.close(graceMs)
      control?.close()
      await Promise.all([...running].map((server) => server.stop(graceMs)))
      await rm(config.stateFile, { force: true })
      announceStopped()
    })()
    return stopping
  }

  const token = randomBytes(32).toString('base64url')
  let control: Awaited<ReturnType<typeof createControlServer>> | undefined
  const state = (): SupervisorState => ({
    pid: process.pid,
    port: router.port,
    controlPort: control!.port,
    token,
    releaseId: spec.releaseId,
  })
  const writeState = () => writeFileAtomic(config.stateFile, `${JSON.stringify(state(), null, 2)}\n`, 0o600)

  options.signal?.addEventListener('abort', () => void stop(), { once: true })
  try {
    options.signal?.throwIfAborted()
    void adopt(spec, await launch(spec))
    control = await createControlServer(token, { switchTo, status, stop: () => void stop() })
    await writeState()
  } catch (error) {
    await stop()
    throw error
  }
  return { state: state(), stop, stopped }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
