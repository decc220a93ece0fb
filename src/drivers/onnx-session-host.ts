import { fork } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { childEnvironment } from './child-environment.ts'
import { killGroup } from './exec.ts'
import { keepProcess } from './leftovers.ts'
import type { SessionAnswer, SessionRequest } from './onnx-session-messages.ts'
import { builtModule } from './self.ts'

/** Where a session runs. */
export interface SessionHost {
  post(request: SessionRequest, transfer: readonly ArrayBuffer[]): void
  /**
   * Lets it end after all that it was asked or, at once, as soon as it can: a process now, a thread after the run that is under
   * way. Resolves when it is gone.
   */
  end(atOnce: boolean): Promise<void>
  /** Whether this process stays alive for it. */
  hold(isBusy: boolean): void
}

export interface HostEvents {
  readonly answer: (answer: SessionAnswer) => void
  /** It has ended, asked or not; `how` completes "the model's process …". */
  readonly ended: (how: string) => void
}

const MAIN = builtModule('drivers/onnx-session-main')

/**
 * A thread: tensors change hands without being copied. A call of the runtime cannot be broken off, and ending the thread in the
 * middle of one takes the whole process with it, so it is only ever asked to end.
 */
export function threadHost({ answer, ended }: HostEvents): SessionHost {
  const stopped = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(MAIN, { workerData: stopped, execArgv: [] })
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.on('message', answer)
  worker.on('error', (error: Error) => ended(`broke: ${error.message}`))
  worker.on('exit', () => ended('ended'))
  const host: SessionHost = {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    post: (request, transfer) => worker.postMessage(request, transfer),
    async end(atOnce) {
      host.hold(true)
      if (atOnce) Atomics.store(stopped, 0, 1)
      host.post({ op: 'close' }, [])
      await exited
    },
    hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
  }
  return host
}

/** A process of its own, which can be killed in the middle of a run. Tensors are copied. */
export function processHost(env: Readonly<Record<string, string>>, { answer, ended }: HostEvents): SessionHost {
  const child = fork(MAIN, [], {
    env: childEnvironment(env),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: process.platform !== 'win32',
  })
  const forget = keepProcess(child.pid)
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      forget()
      ended(signal ? `was ended by ${signal}` : `ended with exit code ${code}`)
      resolve()
    })
    child.once('error', (error) => {
      ended(`cannot be started: ${error.message}`)
      resolve()
    })
  })
  child.on('message', answer)
  return {
    post: (request) => void child.send(request, () => {}),
    async end(atOnce) {
      child.ref()
      if (atOnce) killGroup(child, 'SIGKILL')
      else if (child.connected) child.send({ op: 'close' } satisfies SessionRequest, () => {})
      await exited
    },
    hold(isBusy) {
      if (isBusy) child.ref()
      else child.unref()
      if (isBusy) child.channel?.ref()
      else child.channel?.unref()
    },
  }
}
