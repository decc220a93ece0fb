import { messageOf, UserError } from '../core/errors.ts'

export interface HttpOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
  /** Milliseconds for one try, from the connection to the last byte. */
  readonly timeout?: number
  /** An answer longer than this many bytes is an error. */
  readonly maxBytes?: number
  /** How often a request that got no answer at all is sent again. An answer, whatever its status, is never retried. */
  readonly retries?: number
  readonly redirect?: 'follow' | 'manual' | 'error'
  /** How errors call the address, for one that is itself a secret (a webhook). Without it: scheme, host and path. */
  readonly name?: string
  /** What to do when it cannot be reached; replaces the usual hint. */
  readonly hint?: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
  /** The body as UTF-8. */
  readonly text: string
}

const TIMEOUT_MS = 10_000
const MAX_BYTES = 64 << 20
const RETRY_BASE_MS = 100

/**
 * The one door for outgoing HTTP. Every answer is returned, whatever its status: what a status means is the caller's business.
 *
 * @throws UserError E_NETWORK when there is no whole answer: it names the URL (without credentials and query) and the cause;
 *   the signal's reason when aborted
 */
export async function httpRequest(url: string | URL, options: HttpOptions = {}): Promise<HttpResponse> {
  const { signal, retries = 0 } = options
  const target = parseUrl(url)
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await once(target, options)
    } catch (error) {
      signal?.throwIfAborted()
      if (attempt >= retries || !isTransportError(error)) throw networkError(target, error, options)
      // Full jitter: clients that failed together must not come back together.
      await sleep(Math.random() * RETRY_BASE_MS * 2 ** attempt, signal)
    }
  }
}

/**
 * The JSON of a successful answer.
 *
 * @throws UserError E_NETWORK also for a status outside 200-299 or a body that is not JSON
 */
export async function httpJson(url: string | URL, options: HttpOptions = {}): Promise<unknown> {
  const { status, text } = await httpRequest(url, options)
  const name = options.name ?? displayUrl(url)
  if (status < 200 || status > 299) {
    throw new UserError('E_NETWORK', `${name} answered ${status}: ${excerpt(text)}`, { hint: options.hint })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new UserError('E_NETWORK', `${name} answered something that is not JSON: ${excerpt(text)}`, {
      hint: options.hint,
      cause: error,
    })
  }
}

/** A URL as it may be shown: webhooks and databases keep secrets in the user part, the query and the fragment. */
export function displayUrl(url: string | URL): string {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined
  return parsed ? `${parsed.protocol}//${parsed.host}${parsed.pathname}`.replace(/\/$/, '') : '(not a URL)'
}

/** The beginning of an answer, on one line, for a message. */
export function excerpt(text: string, length = 200): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line === '') return '(empty)'
  return line.length > length ? `${line.slice(0, length)}…` : line
}

function parseUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed
  throw new UserError('E_VALUE', `Not an http:// or https:// address: ${displayUrl(url)}`, {
    hint: 'Write the whole URL, for example http://127.0.0.1:8080.',
  })
}

class AnswerTooLong extends Error {}

async function once(url: URL, options: HttpOptions): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout(options.timeout ?? TIMEOUT_MS)
  // The user part of a URL is a credential; fetch refuses URLs that have one.
  const { username, password } = url
  const target = new URL(url)
  target.username = ''
  target.password = ''
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const response = await fetch(target, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(username && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: options.body as BodyInit }),
    redirect: options.redirect ?? 'follow',
    signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
  })
  const body = await readBody(response, options.maxBytes ?? MAX_BYTES)
  return { status: response.status, headers: response.headers, body, text: body.toString('utf8') }
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > maxBytes) throw new AnswerTooLong(`the answer is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Whether there was no answer: the connection was refused, reset or never made. A timeout has used up its time already. */
function isTransportError(error: unknown): boolean {
  return !(error instanceof AnswerTooLong) && !(error instanceof DOMException)
}

function networkError(url: URL, error: unknown, options: HttpOptions): UserError {
  const name = options.name ?? displayUrl(url)
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new UserError('E_NETWORK', `${name} did not answer within ${options.timeout ?? TIMEOUT_MS} ms`, {
      hint: options.hint ?? 'See whether the server is up and not overloaded.',
    })
  }
  if (error instanceof AnswerTooLong) return new UserError('E_NETWORK', `${name}: ${error.message}`, { hint: options.hint })
  return new UserError('E_NETWORK', `${name} cannot be reached: ${reasonOf(error)}`, {
    hint: options.hint ?? 'See whether the address is right and the server is up.',
  })
}

/** What went wrong on the way. fetch says "fetch failed" and hides the reason in `cause`, sometimes in a list of one error per address tried. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0])
  const code = (cause as NodeJS.ErrnoException).code
  const meaning = code === undefined ? undefined : MEANINGS[code]
  if (code?.startsWith('ERR_SSL_')) return `it does not speak TLS as it should (${code})`
  return meaning === undefined ? messageOf(cause).split('\n')[0]! : `${meaning} (${code})`
}

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EHOSTUNREACH: 'no route to the host',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
