import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type * as OnnxRuntime from 'onnxruntime-node'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { messageOf } from '../core/errors.ts'
import {
  buffersOf,
  type EncodedTexts,
  type SessionAnswer,
  type SessionRequest,
  type TensorElements,
  type TensorType,
  type ValueInfo,
  type WireTensor,
} from './onnx-session-messages.ts'

// Holds one ONNX Runtime session and answers one request after the other, in a thread of Plimsoll or, for models that may run
// for ever, in a process of its own: the runtime's calls block, and cannot be broken off.

/** One thread per session: a pipeline runs stages in parallel, and a server answers many small requests. */
const OPTIONS: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 }

/** Set by the main thread when nothing that still waits needs to be run. */
const stopped = workerData as Int32Array | null

let runtime: typeof OnnxRuntime | undefined
let session: InferenceSession | undefined

async function answer(request: Exclude<SessionRequest, { op: 'close' }>): Promise<SessionAnswer> {
  if (request.op === 'open') return open(request.model)
  if (stopped && Atomics.load(stopped, 0) !== 0) return { kind: 'failed', message: 'it was stopped' }
  const feeds = Object.fromEntries(Object.entries(request.feeds).map(([name, tensor]) => [name, tensorOf(tensor)]))
  const outputs = await session!.run(feeds, request.fetches)
  return {
    kind: 'ran',
    outputs: Object.fromEntries(request.fetches.map((name) => [name, wireTensor(outputs[name]!)])),
    // A process has copies, which are of no use to the one that asked.
    spent: parentPort ? buffersOf(request.feeds) : [],
  }
}

async function open(model: Uint8Array | string): Promise<SessionAnswer> {
  try {
    runtime = await import('onnxruntime-node')
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' ? 'absent' : 'broken'
    return { kind: 'failed', message: messageOf(error), missing }
  }
  const { InferenceSession: Session } = runtime
  // Two calls, for the overloads.
  session = await (typeof model === 'string' ? Session.create(model, OPTIONS) : Session.create(model, OPTIONS))
  return { kind: 'opened', inputs: session.inputMetadata.map(valueInfo), outputs: session.outputMetadata.map(valueInfo) }
}

function valueInfo(value: InferenceSession.ValueMetadata): ValueInfo {
  if (!value.isTensor) return { name: value.name, type: null, shape: [] }
  return { name: value.name, type: value.type, shape: value.shape }
}

function tensorOf({ type, dims, data }: WireTensor): Tensor {
  const { Tensor: TensorClass } = runtime!
  if (type === 'string')
    return new TensorClass(
      'string',
      Array.from(data.codes, (code) => data.words[code]!),
      dims,
    )
  return new (TensorClass as new (type: string, data: TensorElements, dims: readonly number[]) => Tensor)(type, data, dims)
}

function wireTensor({ type, dims, data }: Tensor): WireTensor {
  if (type === 'string') return { type, dims, data: encode(data as string[]) }
  // Where Node has a Float16Array the runtime uses it; the bits are the same.
  const elements = data as TensorElements
  const bits = type === 'float16' ? new Uint16Array(elements.buffer, elements.byteOffset, elements.length) : elements
  return { type: type as Exclude<TensorType, 'string'>, dims, data: bits }
}

function encode(texts: readonly string[]): EncodedTexts {
  const places = new Map<string, number>()
  const codes = new Int32Array(texts.length)
  for (let i = 0; i < texts.length; i++) {
    let place = places.get(texts[i]!)
    if (place === undefined) places.set(texts[i]!, (place = places.size))
    codes[i] = place
  }
  return { words: [...places.keys()], codes }
}

function send(message: SessionAnswer): void {
  if (parentPort === null) return void process.send!(message)
  try {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort.postMessage(message, message.kind === 'ran' ? [...buffersOf(message.outputs), ...message.spent] : [])
  } catch {
    // A version of the runtime may keep its memory to itself: then it is copied.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort.postMessage(message)
  }
}

let turn: Promise<void> = Promise.resolve()
function receive(request: SessionRequest): void {
  turn = turn.then(() => obey(request))
}

async function obey(request: SessionRequest): Promise<void> {
  if (request.op !== 'close') {
    return send(await answer(request).catch((error: unknown) => ({ kind: 'failed', message: messageOf(error) }) as const))
  }
  await session?.release()
  if (parentPort) parentPort.close()
  else process.disconnect()
}

/** A process that hangs in a model does not hear that its parent is gone; a thread of it does. */
const WATCH = `
  const parent = process.ppid
  setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 500)`

if (isMainThread) {
  new Worker(WATCH, { eval: true }).unref()
  process.on('message', receive).on('disconnect', () => process.exit())
} else parentPort!.on('message', receive)
