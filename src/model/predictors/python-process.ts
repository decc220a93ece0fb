import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { messageOf, UserError } from '../../core/errors.ts'
import { stopGroup } from '../../drivers/exec.ts'
import { keepProcess } from '../../drivers/leftovers.ts'
import { packageRoot } from '../../drivers/self.ts'
import { encodeMessage, messageReader, type Message } from './python-messages.ts'

const WORKER = join(packageRoot, 'src/model/predictors/python-worker.py')
/** How much of what the child wrote to standard error is shown when it dies. */
const KEPT_LINES = 40

export interface PythonProcessOptions {
  readonly interpreter: string
  /** How errors call the model. */
  readonly name: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeout: number
  readonly say?: ((line: string) => void) | undefined
}

/** A long-lived Python child that answers one request at a time, in order. */
export interface PythonProcess {
  /**
   * @throws UserError E_PREDICTOR when the child has ended, breaks off, or does not answer in time (it is then killed);
   *   E_DEPENDENCY when the interpreter cannot be started; the signal's reason when aborted
   */
  request(header: Readonly<Record<string, unknown>>, payload: Buffer, signal?: AbortSignal): Promise<Message>
  close(): Promise<void>
}

interface Waiting {
  resolve(message: Message): void
  reject(error: unknown): void
}

/** Starts the worker, which reads its first request when Python is up. */
export function startPython({ interpreter, name, cwd, env, timeout, say }: PythonProcessOptions): PythonProcess {
  const child = spawn(interpreter, ['-u', WORKER], {
    cwd,
    env: { ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const forget = keepProcess(child.pid)
  const tail: string[] = []
  let waiting: Waiting | undefined
  let broken: UserError | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const exited = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      forget()
      fail(`${name}: the Python process ended ${signal ? `by ${signal}` : `with exit code ${code}`}`)
      resolve()
    })
    child.once('error', (error) => {
      broken ??= new UserError('E_DEPENDENCY', `The Python interpreter cannot be started: ${interpreter}: ${messageOf(error)}`, {
        hint: 'Name one that has the packages of the model: --python FILE, or the environment variable PLIMSOLL_PYTHON.',
        cause: error,
      })
      waiting?.reject(broken)
      resolve()
    })
  })

  function fail(message: string): void {
    broken ??= new UserError('E_PREDICTOR', message, { frame: tail.join('\n') || undefined })
    waiting?.reject(broken)
  }

  createInterface({ input: child.stderr, crlfDelay: Infinity }).on('line', (line) => {
    tail.push(line)
    if (tail.length > KEPT_LINES) tail.shift()
    say?.(line)
  })
  child.stdin.on('error', () => {}) // the child may end before it has read everything; `close` says so
  child.stdout.on(
    'data',
    messageReader(
      (message) => waiting?.resolve(message),
      (problem) => {
        fail(`${name}: the Python process ${problem}`)
        stopGroup(child)
      },
    ),
  )

  async function ask(header: Readonly<Record<string, unknown>>, payload: Buffer, signal?: AbortSignal): Promise<Message> {
    signal?.throwIfAborted()
    if (broken) throw broken
    const stop = () => {
      waiting?.reject(signal?.reason)
      broken ??= new UserError('E_PREDICTOR', `${name}: the Python process was stopped`)
      stopGroup(child)
    }
    const timer = setTimeout(() => {
      fail(`${name}: the Python process did not answer within ${timeout / 1000} s`)
      stopGroup(child)
    }, timeout)
    signal?.addEventListener('abort', stop, { once: true })
    try {
      return await new Promise<Message>((resolve, reject) => {
        waiting = { resolve, reject }
        child.stdin.write(encodeMessage(header, payload))
      })
    } finally {
      waiting = undefined
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
  }

  return {
    request(header, payload, signal) {
      const answer = turn.then(() => ask(header, payload, signal))
      turn = answer.catch(() => {})
      return answer
    },
    async close() {
      broken ??= new UserError('E_PREDICTOR', `${name}: the Python process was closed`)
      child.stdin.end()
      const timer = setTimeout(() => stopGroup(child), 1000)
      await exited
      clearTimeout(timer)
    },
  }
}
