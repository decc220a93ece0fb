import { spawn, type ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import { messageOf, UserError } from '../core/errors.ts'
import { childEnvironment } from './child-environment.ts'
import { keepProcess } from './leftovers.ts'
import { readLines } from './line-reader.ts'

/** Time between asking a process group to stop and killing it. */
const GRACE_MS = 3000
/** A descendant that has left the group can hold the output open for ever; so long it is listened to after the command's end. */
const DRAIN_TURNS = 10
const DRAIN_TURN_MS = 50
/** How much of a command's output is kept for its result; all of it goes to `onLine`. */
const KEPT_LINES = 200
const KEPT_LINE_LENGTH = 1 << 16

export interface ExecOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Milliseconds. */
  readonly timeout?: number
  /** Each line of standard output and standard error, without its line end. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  readonly input?: string
  /** Runs the command as this user, where the process may choose. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
}

export interface ExecResult {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly timedOut: boolean
  readonly durationMs: number
  /** The last lines of both streams together. */
  readonly tail: readonly string[]
}

/**
 * Runs a command to its end. A string goes to the shell (`sh -c`, `cmd /c` on Windows), a list is started as it is.
 * On abort or timeout the whole process group is asked to stop, then killed; what the command left in its group ends with it.
 *
 * @throws UserError E_COMMAND when it cannot be started; the signal's reason when aborted; what `onLine` throws
 */
export async function exec(command: string | readonly [string, ...string[]], options: ExecOptions): Promise<ExecResult> {
  options.signal?.throwIfAborted()
  const started = performance.now()
  const child = start(command, options)
  const release = keepProcess(child.pid)
  const stop = () => stopGroup(child)
  const tail: string[] = []
  let failure: { readonly thrown: unknown } | undefined
  const keep = (stream: 'stdout' | 'stderr') => (line: string) => {
    tail.push(line.slice(0, KEPT_LINE_LENGTH))
    if (tail.length > KEPT_LINES) tail.shift()
    if (failure) return
    try {
      options.onLine?.(line, stream)
    } catch (thrown) {
      failure = { thrown }
      stop()
    }
  }
  const lines = Promise.all([readLines(child.stdout!, keep('stdout')), readLines(child.stderr!, keep('stderr'))])
  child.stdin!.on('error', () => {}) // the child may end before it has read its input
  child.stdin!.end(options.input ?? '')

  let timedOut = false
  const timer = options.timeout === undefined ? undefined : setTimeout(() => ((timedOut = true), stop()), options.timeout)
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    const [exitCode, signal] = await ended(child, command, options.cwd)
    killGroup(child, 'SIGKILL') // what the command left running in its group must not outlive it
    await drained(child, lines)
    if (failure) throw failure.thrown
    options.signal?.throwIfAborted()
    return { exitCode, signal, timedOut, durationMs: performance.now() - started, tail }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
    release()
  }
}

function start(command: string | readonly [string, ...string[]], { cwd, env, user }: ExecOptions): ChildProcess {
  // A group of its own, so that a signal reaches every descendant and Ctrl-C reaches the child through us alone.
  const options = {
    cwd,
    env: childEnvironment(env),
    stdio: 'pipe',
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...user,
  } as const
  try {
    if (typeof command === 'string') return spawn(command, { ...options, shell: true })
    const [program, ...parameters] = command
    return spawn(program, parameters, options)
  } catch (error) {
    throw cannotStart(command, cwd, error)
  }
}

function ended(
  child: ChildProcess,
  command: string | readonly [string, ...string[]],
  cwd: string,
): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(cannotStart(command, cwd, error)))
    child.once('exit', (code, signal) => resolve([code, signal]))
  })
}

function cannotStart(command: string | readonly [string, ...string[]], cwd: string, cause: unknown): UserError {
  const name = typeof command === 'string' ? command : command[0]
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    return new UserError('E_COMMAND', `The command cannot be started: ${name}: its working directory does not exist: ${cwd}`, {
      cause,
    })
  }
  return new UserError('E_COMMAND', `The command cannot be started: ${name}: ${messageOf(cause)}`, { cause })
}

async function drained(child: ChildProcess, lines: Promise<unknown>): Promise<void> {
  // Counted in turns of the event loop, so that output that waits behind other work of ours is still read.
  let turns = 0
  const timer = setInterval(() => {
    if (++turns < DRAIN_TURNS) return
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, DRAIN_TURN_MS)
  await lines
  clearInterval(timer)
}

/** Asks a child's process group to stop, and kills it after a grace period. */
export function stopGroup(child: ChildProcess): void {
  killGroup(child, 'SIGTERM')
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS)
  timer.unref()
  child.once('exit', () => clearTimeout(timer))
}

export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // The group has ended already.
  }
}
