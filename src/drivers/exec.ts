import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { messageOf, UserError } from '../core/errors.ts'

/** Time between asking a process group to stop and killing it. */
const GRACE_MS = 3000
/** How much of a command's output is kept for its result; all of it goes to `onLine`. */
const KEPT_LINES = 200

export interface ExecOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Milliseconds. */
  readonly timeout?: number
  /** Each line of standard output and standard error, without its line end. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void
  readonly input?: string
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
 * On abort or timeout the whole process group is asked to stop, then killed: no descendant stays behind.
 *
 * @throws UserError E_COMMAND when it cannot be started; the signal's reason when aborted
 */
export async function exec(command: string | readonly [string, ...string[]], options: ExecOptions): Promise<ExecResult> {
  options.signal?.throwIfAborted()
  const started = performance.now()
  const child = start(command, options)
  const tail: string[] = []
  const keep = (stream: 'stdout' | 'stderr') => (line: string) => {
    tail.push(line)
    if (tail.length > KEPT_LINES) tail.shift()
    options.onLine?.(line, stream)
  }
  const lines = Promise.all([eachLine(child.stdout!, keep('stdout')), eachLine(child.stderr!, keep('stderr'))])
  child.stdin!.on('error', () => {}) // the child may end before it has read its input
  child.stdin!.end(options.input ?? '')

  let timedOut = false
  const stop = () => stopGroup(child)
  const timer = options.timeout === undefined ? undefined : setTimeout(() => ((timedOut = true), stop()), options.timeout)
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    const [exitCode, signal] = await ended(child, command)
    killGroup(child, 'SIGKILL') // what the command left running in its group must not outlive it
    await lines
    options.signal?.throwIfAborted()
    return { exitCode, signal, timedOut, durationMs: performance.now() - started, tail }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
  }
}

function start(command: string | readonly [string, ...string[]], { cwd, env }: ExecOptions): ChildProcess {
  // A group of its own, so that a signal reaches every descendant and Ctrl-C reaches the child through us alone.
  const options = { cwd, env: { ...env }, stdio: 'pipe', detached: process.platform !== 'win32', windowsHide: true } as const
  if (typeof command === 'string') return spawn(command, { ...options, shell: true })
  const [program, ...parameters] = command
  return spawn(program, parameters, options)
}

function ended(child: ChildProcess, command: string | readonly string[]): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const name = typeof command === 'string' ? command : command[0]!
      reject(new UserError('E_COMMAND', `The command cannot be started: ${name}: ${messageOf(error)}`, { cause: error }))
    })
    child.once('exit', (code, signal) => resolve([code, signal]))
  })
}

async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line)
}

/** Asks a child's process group to stop, and kills it after a grace period. */
export function stopGroup(child: ChildProcess): void {
  killGroup(child, 'SIGTERM')
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS)
  timer.unref()
  child.once('exit', () => clearTimeout(timer))
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // The group has ended already.
  }
}
