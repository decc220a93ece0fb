import {
  Agent,
  createServer,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf } from '../core/errors.ts'
import { listen } from './listen.ts'

export interface RouterOptions {
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** How long an upstream may keep a request waiting, in milliseconds. */
  readonly upstreamTimeoutMs?: number
  readonly say?: (line: string) => void
}

/** Stands in front of the server of an environment, so that the server can be exchanged while clients stay connected. */
export interface TrafficRouter {
  readonly port: number
  /**
   * Sends every request from now on to this port of the same machine; null sends them away with 503.
   *
   * @returns resolves when the requests that went to the upstream before have all ended
   */
  switchTo(port: number | null): Promise<void>
  /** Requests without a whole answer yet. */
  inFlight(): number
  /** Stops taking connections and finishes what is under way, for at most `graceMs`. */
  close(graceMs: number): Promise<void>
}

interface Upstream {
  readonly port: number
  readonly agent: Agent
  inFlight: number
  onIdle: (() => void) | null
}

/** A request with a body up to this size is held until it has come in whole, so that it can be sent a second time. */
const REPLAYABLE_BYTES = 256 << 10
const UPSTREAM_TIMEOUT_MS = 60_000
/** RFC 9110, 7.6.1: these are about one connection and are never passed on. `expect` has been answered here. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

/**
 * Starts a router. It has no upstream yet.
 *
 * @throws UserError E_CONFLICT when the port is taken
 */
export async function createTrafficRouter(options: RouterOptions = {}): Promise<TrafficRouter> {
  const { host = '127.0.0.1', port = 0, upstreamTimeoutMs = UPSTREAM_TIMEOUT_MS, say = () => {} } = options
  let current: Upstream | null = null
  let inFlight = 0
  let closing = false

  function handle(request: IncomingMessage, response: ServerResponse): void {
    if (current === null) {
      request.resume()
      return refuse(response, 503, 'no server is up', { 'retry-after': '1' })
    }
    const upstream = current
    upstream.inFlight++
    inFlight++
    response.once('close', () => {
      inFlight--
      upstream.inFlight--
      if (upstream.inFlight === 0) upstream.onIdle?.()
    })
    if (isReplayable(request)) whenWhole(request, (body) => forward(request, response, upstream, body, true))
    else forward(request, response, upstream, null, false)
  }

  /** @param body the whole body; null streams it as it comes, over a connection of its own that cannot be stale */
  function forward(
    request: IncomingMessage,
    response: ServerResponse,
    upstream: Upstream,
    body: Buffer | null,
    again: boolean,
  ): void {
    if (response.destroyed) return
    const outgoing = httpRequest({
      host: '127.0.0.1',
      port: upstream.port,
      agent: body !== null && again ? upstream.agent : false,
      method: request.method,
      path: request.url,
      headers: passedOn(
        request.rawHeaders,
        request.headers.connection,
        body === null && request.headers['content-length'] === undefined,
      ),
      timeout: upstreamTimeoutMs,
    })
    outgoing.once('response', (incoming) => relay(incoming, response, closing))
    outgoing.once('timeout', () => outgoing.destroy(new UpstreamTimeout(`no answer within ${upstreamTimeoutMs} ms`)))
    outgoing.once('error', (error) => {
      if (response.headersSent || response.destroyed) return void response.destroy()
      // The upstream closed an idle connection while the request was on its way: it has not seen the request.
      if (again && body !== null && wentStale(outgoing, error)) return forward(request, response, upstream, body, false)
      say(`upstream ${upstream.port}: ${messageOf(error)}`)
      if (error instanceof UpstreamTimeout) return refuse(response, 504, 'the server took too long')
      if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') {
        return refuse(response, 503, 'the server is not up', { 'retry-after': '1' })
      }
      refuse(response, 502, 'the server broke off')
    })
    response.once('close', () => {
      if (!response.writableFinished) outgoing.destroy()
    })
    if (body !== null) outgoing.end(body)
    else request.pipe(outgoing)
  }

  const server = createServer({ keepAliveTimeout: 75_000 }, handle)
  await listen(server, port, host)

  return {
    port: (server.address() as AddressInfo).port,
    switchTo(port) {
      const previous = current
      current =
        port === null ? null : { port, agent: new Agent({ keepAlive: true, maxFreeSockets: 256 }), inFlight: 0, onIdle: null }
      return previous === null ? Promise.resolve() : retire(previous)
    },
    inFlight: () => inFlight,
    async close(graceMs) {
      closing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(timer)
      current?.agent.destroy()
      current = null
    },
  }
}

class UpstreamTimeout extends Error {}

/** Waits for the last request of an upstream and closes its connections. */
function retire(upstream: Upstream): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      upstream.agent.destroy()
      resolve()
    }
    if (upstream.inFlight === 0) finish()
    else upstream.onIdle = finish
  })
}

function isReplayable({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= REPLAYABLE_BYTES
}

/** Calls back with the whole body; never when the client goes away before. */
function whenWhole(request: IncomingMessage, act: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.once('end', () => act(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
  request.on('error', () => {})
}

function wentStale(outgoing: ClientRequest, error: NodeJS.ErrnoException): boolean {
  return outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** Headers without those of this hop, in Node's flat list `[name, value, name, value, …]`. */
function passedOn(rawHeaders: readonly string[], connection: string | undefined, chunked: boolean): string[] {
  const named = namedByConnection(connection)
  const passed: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase()
    if (!HOP_BY_HOP.has(name) && !named?.includes(name)) passed.push(rawHeaders[i]!, rawHeaders[i + 1]!)
  }
  if (chunked) passed.push('transfer-encoding', 'chunked')
  return passed
}

/** `Connection: close, x-hop` says that x-hop is about this connection too. Hardly any request does. */
function namedByConnection(connection: string | undefined): string[] | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined
  return connection.split(',').map((name) => name.trim().toLowerCase())
}

function relay(incoming: IncomingMessage, response: ServerResponse, closing: boolean): void {
  const headers = passedOn(incoming.rawHeaders, incoming.headers.connection, false)
  if (closing) headers.push('connection', 'close')
  response.writeHead(incoming.statusCode!, incoming.statusMessage, headers)
  incoming.pipe(response)
  // Half an answer must not look like a whole one.
  incoming.once('error', () => response.destroy())
}

function refuse(response: ServerResponse, status: number, message: string, headers: Readonly<Record<string, string>> = {}): void {
  const body = JSON.stringify({ error: message })
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}
