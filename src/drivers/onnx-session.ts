import { UserError } from '../core/errors.ts'
import { processHost, threadHost, type SessionHost } from './onnx-session-host.ts'
import { buffersOf, type SessionAnswer, type SessionRequest, type ValueInfo, type WireTensor } from './onnx-session-messages.ts'

const KEPT_BUFFERS = 8

export interface OnnxSessionOptions {
  /** How errors call the model. */
  readonly name: string
  /** Run it in a process of its own, because it may not come to an end by itself. */
  readonly isolated: boolean
  /** Of the process of its own. */
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds for one run; without it as long as it takes. */
  readonly timeout: number | undefined
  readonly signal: AbortSignal | undefined
}

/** A model loaded by ONNX Runtime, outside the main thread. */
export interface OnnxSession {
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /**
   * Runs the model once. Runs may be asked for before earlier ones are answered: they follow each other. The memory of the
   * feeds is given away.
   *
   * @throws UserError E_PREDICTOR when the model fails, when its process ends, and when it takes too long; the signal's reason
   *   when aborted. After the last three nothing can be run any more.
   */
  run(feeds: Feeds, fetches: readonly string[], signal?: AbortSignal): Promise<Readonly<Record<string, WireTensor>>>
  /** Memory for a feed, with anything in it: that of an earlier one where it fits, as fresh memory costs as much as filling it. */
  readonly memory: (bytes: number) => ArrayBuffer
  /** Ends the thread or process. A run that is under way in a thread is waited for. */
  readonly close: () => Promise<void>
}

export type Feeds = Readonly<Record<string, WireTensor>>

/**
 * Starts a thread, or a process, and loads a model in it.
 *
 * @param model its bytes, or its absolute path where its weights are in files beside it
 * @throws UserError E_DEPENDENCY without onnxruntime-node, E_MODEL_FORMAT when the runtime does not take the model
 */
export async function openOnnxSession(model: Uint8Array | string, options: OnnxSessionOptions): Promise<OnnxSession> {
  const { name, signal } = options
  const line = openLine(options)
  const spent: ArrayBuffer[] = []
  try {
    const answer = await line.ask({ op: 'open', model }, [], signal)
    if (answer.kind === 'failed') throw openingFailed(name, answer)
    if (answer.kind !== 'opened') throw new Error(`an answer of kind ${answer.kind}`)
    return {
      inputs: answer.inputs,
      outputs: answer.outputs,
      async run(feeds, fetches, signal) {
        const ran = await line.ask({ op: 'run', feeds, fetches }, buffersOf(feeds), signal)
        if (ran.kind === 'ran') {
          spent.push(...ran.spent)
          if (spent.length > KEPT_BUFFERS) spent.splice(0, spent.length - KEPT_BUFFERS)
          return ran.outputs
        }
        throw new UserError('E_PREDICTOR', `${name} failed: ${ran.kind === 'failed' ? firstLine(ran.message) : ran.kind}`)
      },
      memory(bytes) {
        const at = spent.findIndex(({ byteLength }) => byteLength === bytes)
        return at < 0 ? new ArrayBuffer(bytes) : spent.splice(at, 1)[0]!
      },
      close: line.close,
    }
  } catch (error) {
    await line.close()
    throw error
  }
}

interface Line {
  ask(request: SessionRequest, transfer: readonly ArrayBuffer[], signal?: AbortSignal): Promise<SessionAnswer>
  readonly close: () => Promise<void>
}

interface Waiting {
  readonly isRun: boolean
  readonly resolve: (answer: SessionAnswer) => void
  readonly reject: (reason: unknown) => void
}

/** Requests and their answers, in order. */
function openLine({ name, isolated, env, timeout }: OnnxSessionOptions): Line {
  const waiting: Waiting[] = []
  let unanswered = 0
  let broken: unknown
  let timer: NodeJS.Timeout | undefined
  let closed: Promise<void> | undefined

  /** The clock of the run at the head of the line. */
  function watch(): void {
    clearTimeout(timer)
    // Loading takes as long as the file is large.
    if (timeout === undefined || waiting[0]?.isRun !== true) return
    const late = `${name} did not answer within ${timeout / 1000} s`
    timer = setTimeout(() => breakOff(new UserError('E_PREDICTOR', late)), timeout)
  }
  function breakOff(reason: unknown): void {
    broken ??= reason
    clearTimeout(timer)
    for (const { reject } of waiting.splice(0)) reject(reason)
    void close()
  }
  const host: SessionHost = (isolated ? processHost.bind(null, env) : threadHost)({
    answer(answer) {
      const first = waiting.shift()
      // A thread whose runs are no longer waited for is still running them, and must not be left to itself.
      if (--unanswered === 0 && closed === undefined) host.hold(false)
      watch()
      first?.resolve(answer)
    },
    ended(how) {
      breakOff(new UserError('E_PREDICTOR', `${name}: the model's ${isolated ? 'process' : 'thread'} ${how}`))
    },
  })
  host.hold(false)

  function close(): Promise<void> {
    const isBusy = broken !== undefined || waiting.length > 0
    broken ??= new UserError('E_PREDICTOR', `${name} was closed`)
    return (closed ??= host.end(isBusy))
  }

  return {
    ask(request, transfer, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason as Error)
      if (broken !== undefined) return Promise.reject(broken)
      const stop = () => breakOff(signal?.reason)
      signal?.addEventListener('abort', stop, { once: true })
      return new Promise<SessionAnswer>((resolve, reject) => {
        waiting.push({ isRun: request.op === 'run', resolve, reject })
        unanswered++
        host.hold(true)
        if (waiting.length === 1) watch()
        host.post(request, transfer)
      }).finally(() => signal?.removeEventListener('abort', stop))
    },
    close,
  }
}

function openingFailed(name: string, { message, missing }: Extract<SessionAnswer, { kind: 'failed' }>): UserError {
  if (missing === undefined) {
    return new UserError('E_MODEL_FORMAT', `${name} cannot be loaded by ONNX Runtime: ${firstLine(message)}`)
  }
  const why = missing === 'absent' ? 'is not installed' : `cannot be loaded: ${firstLine(message)}`
  return new UserError('E_DEPENDENCY', `ONNX models need the package onnxruntime-node, which ${why}`, {
    hint: 'Install it beside plimsoll: npm install onnxruntime-node',
  })
}

const firstLine = (message: string): string => message.split('\n')[0]!
