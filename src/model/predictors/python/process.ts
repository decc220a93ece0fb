import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnvironment } from '../../../drivers/child-environment.ts'
import { messageOf, UserError } from '../../../core/errors.ts'
import { killGroup, stopGroup } from '../../../drivers/exec.ts'
import { keepProcess } from '../../../drivers/leftovers.ts'
import { readLines } from '../../../drivers/line-reader.ts'
import { packageRoot } from '../../../drivers/self.ts'
import type { Interpreter } from './interpreter.ts'
import { encodeMessage, messageReader, type Message } from './messages.ts'

const WORKER = join(packageRoot, 'src/model/predictors/python/plimsoll_worker')
/** Lines of Python's own account of a crash that say nothing of the model: calls of the worker, and a list of all that is loaded. */
const OURS = [WORKER, '<frozen ', 'Extension modules: ']
/** How much of what the child wrote to standard error is shown when it dies. */
const KEPT_LINES = 40
/** Time for a model that hangs to say where it is, before it is stopped. */
const LAST_WORDS_MS = 300
/** A descendant that has left the group can hold the output open for ever; so long it is listened to after the child's end. */
const DRAIN_MS = 500
const CLOSE_MS = 1000

export interface PythonProcessOptions {
  readonly interpreter: Interpreter
  /** How errors call the model. */
  readonly name: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds for one answer, loading included. */
  readonly timeout: number
  /** Bytes; only told when the child dies, as the worker keeps to it itself. */
  readonly memory?: number | undefined
  readonly say?: ((line: string) => void) | undefined
}

/** A long-lived Python child that answers requests in order; the next ones may be sent while it is busy. */
export interface PythonProcess {
  /**
   * @throws UserError E_PREDICTOR when the child has ended, breaks off, or does not answer in time (it is then killed);
   *   E_DEPENDENCY when the interpreter cannot be started; the signal's reason when aborted
   */
  request(header: Readonly<Record<string, unknown>>, parts: readonly Uint8Array[], signal?: AbortSignal): Promise<Message>
  /** The last lines that it wrote to standard error. */
  lastLines(): string | undefined
  close(): Promise<void>
}

interface Waiting {
  resolve(message: Message): void
  reject(error: unknown): void
}

/** Starts the worker, which reads its first request when Python is up. */
export function startPython(options: PythonProcessOptions): PythonProcess {
  const { interpreter, name, cwd, env, timeout, memory, say } = options
  const child = spawn(interpreter.program, ['-u', join(WORKER, '__main__.py')], {
    cwd,
    env: childEnvironment(env),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const forget = keepProcess(child.pid)
  const tail: string[] = []
  /** Requests that were sent and not answered, oldest first. */
  const waiting: Waiting[] = []
  let broken: UserError | undefined
  let timer: NodeJS.Timeout | undefined
  let hasAnswered = false
  let isLate = false

  function breakOff(error: UserError, rejected: unknown = error): void {
    broken ??= error
    clearTimeout(timer)
    for (const request of waiting.splice(0)) request.reject(rejected)
  }
  const fail = (message: string, hint?: string) =>
    breakOff(new UserError('E_PREDICTOR', `${name}: ${message}`, { frame: lastLines(), hint }))
  const lastLines = () => tail.join('\n') || undefined

  /** The time for an answer begins when the one before has come: only then is the model at it. */
  function watch(): void {
    clearTimeout(timer)
    if (waiting.length > 0) timer = setTimeout(() => void expire(), timeout)
  }
  async function expire(): Promise<void> {
    isLate = true
    // The worker answers this signal by writing where it is. Before its first answer it may not know that yet, and just ends.
    if (hasAnswered && process.platform !== 'win32') {
      child.kill('SIGUSR1')
      await sleep(LAST_WORDS_MS)
    }
    fail(lateness(timeout))
    stopGroup(child)
  }

  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      killGroup(child, 'SIGKILL') // what the model has started must not outlive it
      setTimeout(() => (child.stdout.destroy(), child.stderr.destroy()), DRAIN_MS).unref()
    })
    child.once('close', (code, signal) => {
      forget()
      if (isLate) fail(lateness(timeout))
      else fail(ending(code, signal), memoryHint(signal, memory))
      resolve()
    })
    child.once('error', (error) => {
      breakOff(notStarted(interpreter, error))
      resolve()
    })
  })
  void readLines(child.stderr, (line) => {
    say?.(line)
    if (OURS.some((part) => line.includes(part))) return
    tail.push(line)
    if (tail.length > KEPT_LINES) tail.shift()
  })
  child.stdin.on('error', () => {}) // the child may end before it has read everything; `close` says so
  child.stdout.on(
    'data',
    messageReader(
      (message) => {
        hasAnswered = true
        waiting.shift()?.resolve(message)
        if (!isLate) watch()
      },
      (problem) => {
        fail(`the Python process ${problem}`)
        stopGroup(child)
      },
    ),
  )

  return {
    lastLines,
    request(header, parts, signal) {
      return new Promise<Message>((resolve, reject) => {
        signal?.throwIfAborted()
        if (broken) throw broken
        const stop = () => {
          breakOff(new UserError('E_PREDICTOR', `${name}: the Python process was stopped`), signal?.reason)
          stopGroup(child)
        }
        const settled = () => signal?.removeEventListener('abort', stop)
        signal?.addEventListener('abort', stop, { once: true })
        waiting.push({
          resolve: (message) => (settled(), resolve(message)),
          reject: (error) => (settled(), reject(error)),
        })
        if (waiting.length === 1) watch()
        child.stdin.cork()
        for (const piece of encodeMessage(header, parts)) child.stdin.write(piece)
        child.stdin.uncork()
      })
    },
    async close() {
      broken ??= new UserError('E_PREDICTOR', `${name}: the Python process was closed`)
      child.stdin.end()
      const patience = setTimeout(() => stopGroup(child), CLOSE_MS)
      await exited
      clearTimeout(patience)
    },
  }
}

const lateness = (timeout: number): string => `the Python process did not answer within ${timeout / 1000} s`

function ending(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'the Python process was killed (SIGKILL), as the system does when memory runs out'
  if (signal) return `the Python process ended by ${signal}`
  return `the Python process ended with exit code ${code}`
}

/** Native code that gets no memory ends the process in its own ways. */
function memoryHint(signal: NodeJS.Signals | null, memory: number | undefined): string | undefined {
  if (memory === undefined || signal === null) return undefined
  return `It may take ${memory} bytes of memory. If it needs more, allow it more.`
}

function notStarted({ program, because }: Interpreter, cause: Error): UserError {
  return new UserError('E_DEPENDENCY', `The Python interpreter cannot be started: ${program} (${because}): ${messageOf(cause)}`, {
    hint: 'Name one that has the packages of the model: --python FILE, or the environment variable PLIMSOLL_PYTHON.',
    cause,
  })
}
