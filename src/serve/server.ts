import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf, UserError } from '../core/errors.ts'
import type { Predictions, Predictor } from '../core/predictor.ts'
import type { Table } from '../core/table.ts'
import { version as plimsollVersion } from '../drivers/self.ts'
import { createBatcher } from './batcher.ts'
import { readBody } from './body.ts'
import { decodeInferRequest } from './infer-request.ts'
import { encodeInferResponse } from './infer-response.ts'
import { listen } from './listen.ts'
import { createServerMetrics, OPENMETRICS_TYPE } from './metrics.ts'
import { modelMetadata, neutralRow, signatureOf } from './model-metadata.ts'
import { MODEL_DIGEST_HEADER, MODEL_VERSION_HEADER, RELEASE_HEADER, RequestError, type ServerMetadata } from './protocol.ts'

export interface InferenceServerOptions {
  readonly predictor: Predictor
  readonly modelName: string
  readonly modelVersion: string
  /** `sha256:<hex>` */
  readonly modelDigest: string
  readonly releaseId: string
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** Rows for the warm-up prediction. Without them: one neutral row, which a model that declares its inputs must accept. */
  readonly warmUp?: Table
  readonly limits?: Partial<ServerLimits>
  /** Told what the operator should know; never what is in a request. */
  readonly say?: (line: string) => void
}

export interface ServerLimits {
  readonly maxBodyBytes: number
  readonly maxRowsPerRequest: number
  readonly maxBatchRows: number
  readonly maxQueuedRows: number
  /** How long `drain` waits for the answers that are under way. */
  readonly drainMs: number
}

const DEFAULT_LIMITS: ServerLimits = {
  maxBodyBytes: 16 << 20,
  maxRowsPerRequest: 10_000,
  maxBatchRows: 256,
  maxQueuedRows: 20_000,
  drainMs: 10_000,
}

export interface InferenceServer {
  /** `http://host:port` */
  readonly url: string
  readonly port: number
  /** Stops taking connections, finishes what is under way and closes. Does not close the predictor. */
  drain(): Promise<void>
}

/** A whole answer. */
interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const json = (status: number, value: unknown, headers?: Readonly<Record<string, string>>): Answer => ({
  status,
  body: JSON.stringify(value),
  ...(headers && { headers }),
})

/**
 * Serves one model by the Open Inference Protocol v2. It is alive as soon as it listens, and ready (which is when this
 * resolves) only after the model has predicted.
 *
 * @throws UserError E_CONFLICT when the port is taken; E_PREDICTOR when the model cannot predict
 */
export async function createInferenceServer(options: InferenceServerOptions): Promise<InferenceServer> {
  const { predictor, modelName, modelVersion, modelDigest, releaseId, host = '127.0.0.1', port = 0, say = () => {} } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const model = { name: modelName, version: modelVersion }
  const signature = signatureOf(predictor)
  const metrics = createServerMetrics({ model: modelName, version: modelVersion, digest: modelDigest, release: releaseId })
  const batcher = createBatcher(predictor, { ...limits, onBatch: (rows) => metrics.batch(rows) })
  const identity = {
    [MODEL_VERSION_HEADER]: headerValue(modelVersion),
    [MODEL_DIGEST_HEADER]: headerValue(modelDigest),
    [RELEASE_HEADER]: headerValue(releaseId),
  }
  let state: 'starting' | 'ready' | 'draining' = 'starting'
  let sample: Predictions | null = null

  const serverMetadata: ServerMetadata = { name: 'plimsoll', version: plimsollVersion(), extensions: [], models: [modelName] }

  const health = (ready: boolean, body: object) => json(ready ? 200 : 503, body, ready ? {} : { 'retry-after': '1' })

  function describe(path: string): Answer | undefined {
    const ready = state === 'ready'
    // The specification's text and its schema disagree about this body; clients go by the status.
    if (path === '/v2/health/live') return health(true, { live: true })
    if (path === '/v2/health/ready') return health(ready, { live: true, ready })
    if (path === '/v2' || path === '/v2/') return json(200, serverMetadata)
    if (path === '/metrics') {
      const body = metrics.render({ ready, queuedRows: batcher.queuedRows() })
      return { status: 200, body, headers: { 'content-type': OPENMETRICS_TYPE } }
    }
    return undefined
  }

  async function infer(request: IncomingMessage): Promise<Answer> {
    if (state === 'starting') throw new RequestError(503, 'the model is not ready yet', { 'retry-after': '1' })
    if (request.headers['inference-header-content-length'] !== undefined) {
      throw new RequestError(400, 'binary tensors are not supported; send the data as JSON')
    }
    const body = await readBody(request, limits.maxBodyBytes)
    const inference = decodeInferRequest(body, signature, limits.maxRowsPerRequest)
    const predictions = await batcher.submit(inference.table, inference.layout)
    sample ??= predictions
    return { status: 200, body: encodeInferResponse(model, inference, predictions) }
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const path = pathOf(request.url ?? '/')
    const described = describe(path)
    if (described) return allow(request, 'GET', () => described)
    const action = modelAction(path, model)
    if (action === 'infer') return allow(request, 'POST', () => infer(request))
    if (action === 'ready')
      return allow(request, 'GET', () => health(state === 'ready', { name: modelName, ready: state === 'ready' }))
    return allow(request, 'GET', () => json(200, modelMetadata(predictor, model, sample)))
  }

  function respond(response: ServerResponse, { status, body, headers }: Answer): void {
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...identity,
      ...(state === 'draining' && { connection: 'close' }),
      ...headers,
    })
    response.end(body)
  }

  const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 30_000 }, (request, response) => {
    const isInfer = request.method === 'POST'
    const started = performance.now()
    if (isInfer) {
      metrics.requestStarted()
      response.once('close', () => metrics.requestEnded(response.statusCode, (performance.now() - started) / 1000))
    }
    answer(request)
      .catch((error: unknown) => refusal(error, say))
      .then((given) => respond(response, given))
      .catch((error: unknown) => say(`an answer could not be sent: ${messageOf(error)}`))
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })

  await listen(server, port, host)
  const address = server.address() as AddressInfo

  async function drain(): Promise<void> {
    state = 'draining'
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    const timer = setTimeout(() => server.closeAllConnections(), limits.drainMs)
    await closed
    clearTimeout(timer)
  }

  try {
    sample = await warmUp(predictor, options.warmUp, say)
    state = 'ready'
  } catch (error) {
    await drain()
    throw error
  }
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port, drain }
}

async function warmUp(predictor: Predictor, rows: Table | undefined, say: (line: string) => void): Promise<Predictions | null> {
  const neutral = rows ? { row: rows, isGuess: false } : neutralRow(predictor)
  if (neutral === null) {
    say('no warm-up prediction: the model does not say which columns it takes, so no row can be made up for it')
    return null
  }
  try {
    return await predictor.predict(neutral.row)
  } catch (error) {
    if (!neutral.isGuess) throw new UserError('E_PREDICTOR', `The model does not predict: ${messageOf(error)}`, { cause: error })
    say(
      `no warm-up prediction: the model does not declare the types of its inputs, and refused a made-up row: ${messageOf(error)}`,
    )
    return null
  }
}

async function allow(request: IncomingMessage, method: 'GET' | 'POST', act: () => Answer | Promise<Answer>): Promise<Answer> {
  if (request.method === method || (method === 'GET' && request.method === 'HEAD')) return act()
  throw new RequestError(405, `use ${method}`, { allow: method })
}

function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

/** What a path under `/v2/models` asks of this server's one model. */
function modelAction(path: string, model: { readonly name: string; readonly version: string }): 'infer' | 'ready' | 'metadata' {
  const match = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(infer|ready))?$/.exec(path)
  if (!match) throw new RequestError(404, `there is nothing at ${path}`)
  const [name, version] = [match[1]!, match[2]].map((part) => part && decode(part))
  if (name !== model.name) throw new RequestError(404, `there is no model "${name}" here; this server has "${model.name}"`)
  if (version !== undefined && version !== model.version) {
    throw new RequestError(404, `model "${name}" has no version "${version}" here; this server has "${model.version}"`)
  }
  return (match[3] as 'infer' | 'ready' | undefined) ?? 'metadata'
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new RequestError(400, 'the path is not properly encoded')
  }
}

/** The answer to a request that failed. What a client may know of it is a message, never a stack. */
function refusal(error: unknown, say: (line: string) => void): Answer {
  if (error instanceof RequestError) return json(error.status, { error: error.message }, error.headers)
  if (error instanceof UserError) {
    if (error.code === 'E_MODEL_INPUT') return json(400, { error: error.message })
    say(error.message)
    return json(500, { error: 'the model could not predict' })
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return json(500, { error: 'internal error' })
}

/** A version or name may hold what a header must not. */
function headerValue(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?')
}
