import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnvironment } from '../child-environment.ts'
import { messageOf, UserError } from '../../core/errors.ts'
import { killGroup } from '../exec.ts'
import { keepProcess } from '../leftovers.ts'
import { readLines } from '../line-reader.ts'

const READY_MS = 60_000
const POLL_MS = 50
const STOP_MS = 5000
const KEPT_LINES = 20

export interface ServerOptions {
  /** How messages call it. */
  readonly name: string
  readonly command: readonly [string, ...string[]]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** Written to its standard input, which then stays open as long as we live. */
  readonly input?: string
  readonly signal: AbortSignal
  /** The signal that ends it quickly; clients are not waited for. */
  readonly stopSignal: NodeJS.Signals
  /** Asked again and again until it says yes; sees the lines that the server has printed. */
  readonly ready: (lines: readonly string[]) => Promise<boolean> | boolean
}

/**
 * Starts a server and waits until it is ready.
 *
 * @throws UserError E_SERVICE with its last lines when it does not get ready; the signal's reason when aborted
 */
export async function startServer(options: ServerOptions): Promise<{ lines: readonly string[]; stop: () => Promise<void> }> {
  const { name, command, cwd, env, user, signal, stopSignal } = options
  signal.throwIfAborted()
  const [program, ...parameters] = command
  const child = spawn(program, parameters, {
    cwd,
    env: childEnvironment(env),
    stdio: 'pipe',
    detached: process.platform !== 'win32',
    ...user,
  })
  const release = keepProcess(child.pid)
  const lines: string[] = []
  const keep = (line: string) => {
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
  }
  void readLines(child.stdout, keep)
  void readLines(child.stderr, keep)
  child.stdin.on('error', () => {})
  if (options.input !== undefined) child.stdin.write(options.input)
  let ended: string | undefined
  const end = new Promise<void>((resolve) => {
    child.once('error', (error) => ((ended = messageOf(error)), resolve()))
    child.once('exit', (code, signal) => ((ended = signal ?? `exit code ${code}`), resolve()))
  })
  const stop = async () => {
    await stopServer(child, stopSignal, end)
    release()
  }
  const onAbort = () => killGroup(child, stopSignal)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const deadline = performance.now() + READY_MS
    while (!(await options.ready(lines))) {
      signal.throwIfAborted()
      if (ended !== undefined) throw notReady(`${name} ended before it was ready (${ended})`, lines)
      if (performance.now() > deadline) throw notReady(`${name} was not ready after ${READY_MS / 1000} s`, lines)
      await Promise.race([sleep(POLL_MS), end])
    }
    return { lines, stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function stopServer(child: ChildProcess, stopSignal: NodeJS.Signals, end: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    killGroup(child, stopSignal)
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOP_MS)
    await end
    clearTimeout(timer)
  }
  killGroup(child, 'SIGKILL')
  child.stdout?.destroy()
  child.stderr?.destroy()
  child.stdin?.destroy()
}

function notReady(message: string, lines: readonly string[]): UserError {
  const last = lines.slice(-5).join('\n')
  return new UserError('E_SERVICE', last === '' ? `${message}.` : `${message}: ${last}`)
}
