import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export interface Answer {
  readonly status: number
  readonly body: string
  /** It met a connection that the server had just closed, and was sent once more on a new one. */
  readonly resent: boolean
}

export interface LoadClient {
  /** @throws Error with a short reason when there is no whole answer in time */
  post(body: string): Promise<Answer>
  close(): void
}

/**
 * A client over connections that stay open, on node:http: of what Node has, `fetch` costs several times as much per request,
 * which would be measured as the server's time.
 */
export function createLoadClient(url: string, timeoutMs: number): LoadClient {
  const target = new URL(url)
  const isHttps = target.protocol === 'https:'
  const agent = isHttps ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const request = isHttps ? httpsRequest : httpRequest
  const options = {
    agent,
    host: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port,
    path: target.pathname + target.search,
    ...(target.username && { auth: `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}` }),
    method: 'POST',
  }

  function send(body: string, deadline: AbortSignal, isRetry: boolean): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const outgoing = request({ ...options, headers, signal: deadline, ...(isRetry && { agent: false }) }, (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode!, body: Buffer.concat(chunks).toString('utf8'), resent: isRetry }),
        )
        incoming.on('error', () => reject(new Error(deadline.aborted ? 'timeout' : 'the answer broke off')))
      })
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (deadline.aborted) return reject(new Error('timeout'))
        // The server closed an idle connection just then. Every HTTP client sends such a request again.
        const wasIdle = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        if (wasIdle && !isRetry) return resolve(send(body, deadline, true))
        reject(new Error(error.code ?? error.message))
      })
      outgoing.end(body)
    })
  }

  return {
    async post(body) {
      const deadline = new AbortController()
      const timer = setTimeout(() => deadline.abort(), timeoutMs)
      try {
        return await send(body, deadline.signal, false)
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => agent.destroy(),
  }
}
