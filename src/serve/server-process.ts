import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { childEnvironment } from '../drivers/child-environment.ts'
import { UserError } from '../core/errors.ts'

/** What a server tells its supervisor over their channel, once it is ready. */
export interface ReadyMessage {
  readonly type: 'ready'
  readonly port: number
}

export interface Launch {
  /** Program and first arguments, to which those of `serve` are added. */
  readonly command: readonly [string, ...string[]]
  readonly arguments: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** How long the server may take to become ready, in milliseconds. */
  readonly readyMs: number
  /** Each line that the server writes. */
  readonly say: (line: string) => void
  /** Ends the attempt. */
  readonly signal: AbortSignal
}

/** A server in a process of its own. */
export interface ServerProcess {
  readonly pid: number
  readonly port: number
  /** Resolves when the process has ended, with how. */
  readonly ended: Promise<string>
  /** Asks it to finish what is under way and to end; kills it after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

const KEPT_LINES = 20

/**
 * Starts a server and waits until it is ready. The channel between the two is also a lifeline: when this process is
 * gone, however it went, the server sees the channel close and ends.
 *
 * @throws UserError E_PREDICTOR with the server's last lines when it ends, or is not ready in time
 */
export async function startServerProcess(launch: Launch): Promise<ServerProcess> {
  const { signal, readyMs, say } = launch
  signal.throwIfAborted()
  const [program, ...first] = launch.command
  const child = spawn(program, [...first, ...launch.arguments], {
    env: childEnvironment(launch.env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
  })
  const tail: string[] = []
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      tail.push(line)
      if (tail.length > KEPT_LINES) tail.shift()
      say(line)
    })
  }
  // `close` rather than `exit`: then the last lines have been read too.
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('close', (code, by) => resolve(by === null ? `ended with exit code ${code}` : `was ended by ${by}`))
  })
  const stop = async (graceMs: number) => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await ended
    clearTimeout(timer)
  }

  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  let late = false
  const timer = setTimeout(() => ((late = true), kill()), readyMs)
  try {
    const port = await Promise.race([readyPort(child), ended.then((how) => Promise.reject(new Error(how)))])
    return { pid: child.pid!, port, ended, stop }
  } catch (error) {
    signal.throwIfAborted()
    const how = late ? `was not ready within ${readyMs} ms` : (error as Error).message
    throw new UserError('E_PREDICTOR', [`The server ${how}`, ...tail].join('\n'))
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
  }
}

function readyPort(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (isReady(message)) resolve(message.port)
    })
  })
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready'
}
