import type { Digest } from '../../../core/digest.ts'
import { UserError } from '../../../core/errors.ts'
import { redactor } from '../../../core/redact.ts'
import { displayUrl, excerpt, httpRequest, type HttpOptions, type HttpResponse } from '../../../drivers/http.ts'

const TIMEOUT_MS = 30_000
const RETRIES = 2
const MAX_ANSWER_BYTES = 64 << 20

/** An answer whose status was a good one. */
export interface Answer {
  /** The JSON of the body. */
  readonly value: unknown
  /** The beginning of the body, for a message. */
  readonly excerpt: string
  /** Of the model that answered, where the server says it. */
  readonly digest: Digest | null
}

/** Asks an endpoint for JSON. */
export interface Client {
  /** The address as it may be shown. */
  readonly name: string
  /** Null for an answer of 404 when that is `allowed`. */
  get(url: string, allowed?: 404): Promise<Answer | null>
  post(url: string, body: string, signal: AbortSignal | undefined): Promise<Answer>
}

interface ClientOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly timeout?: number
  readonly signal?: AbortSignal
}

/**
 * A client of an endpoint. Only a request that got no answer is sent again. Redirects are refused: the headers of a request are
 * often secrets, and must not travel to where an answer points. No error holds a header's value or a part of the address that may be
 * a secret, not even one that quotes the server.
 *
 * Its methods throw UserError E_NETWORK when there is no answer, E_PREDICTOR for one that is not good JSON.
 */
export function createClient(address: string, { headers = {}, timeout = TIMEOUT_MS, signal }: ClientOptions): Client {
  const name = displayUrl(address)
  const redact = redactor(secretsOf(address, headers))
  const lowered = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]))

  async function ask(url: string, options: HttpOptions): Promise<HttpResponse> {
    try {
      return await httpRequest(url, {
        timeout,
        retries: RETRIES,
        redirect: 'manual',
        maxBytes: MAX_ANSWER_BYTES,
        ...(signal && { signal }),
        ...options,
        headers: { accept: 'application/json', ...options.headers, ...lowered },
      })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw new UserError(error.code, redact(error.message), { ...(error.hint !== undefined && { hint: redact(error.hint) }) })
    }
  }

  function read(response: HttpResponse): Answer {
    const { status, text, headers: answered } = response
    if (status >= 300 && status <= 399) throw redirected(status, answered.get('location'), address, name)
    if (status < 200 || status > 299) {
      throw new UserError('E_PREDICTOR', `${name} answered ${status}: ${redact(excerpt(errorIn(text) ?? text))}`, {
        ...((status === 401 || status === 403) && {
          hint: 'Its authorization is given with --header "Authorization: Bearer ${secrets.NAME}".',
        }),
      })
    }
    const beginning = redact(excerpt(text, 120))
    return { value: parse(text, beginning, name), excerpt: beginning, digest: digestOf(answered) }
  }

  return {
    name,
    async get(url, allowed) {
      const response = await ask(url, {})
      return response.status === allowed ? null : read(response)
    },
    async post(url, body, abort) {
      const json = { 'content-type': 'application/json' }
      return read(await ask(url, { method: 'POST', headers: json, body, ...(abort && { signal: abort }) }))
    },
  }
}

/** A header's value, its words (the token after `Bearer`), and what an address may hide before its host and in its query. */
function secretsOf(address: string, headers: Readonly<Record<string, string>>): string[] {
  const ofHeaders = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/).slice(1)])
  if (!URL.canParse(address)) return ofHeaders
  const { password, searchParams } = new URL(address)
  return [...ofHeaders, decodeURIComponent(password), ...searchParams.values()]
}

function redirected(status: number, location: string | null, address: string, name: string): UserError {
  const target = location !== null && URL.canParse(location, address) ? displayUrl(new URL(location, address)) : undefined
  return new UserError('E_PREDICTOR', `${name} answered ${status}: it redirects${target === undefined ? '' : ` to ${target}`}`, {
    hint: target === undefined ? 'Give the address that answers itself.' : `If that is the model, give its address: ${target}.`,
  })
}

function parse(text: string, beginning: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const token = /(?:^|[[,:\s])(NaN|-?Infinity)(?=$|[\],}\s])/.exec(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))?.[1]
    if (token === undefined) throw new UserError('E_PREDICTOR', `${name} answered something that is not JSON: ${beginning}`)
    throw new UserError('E_PREDICTOR', `${name} answered ${token}, which is no number and no JSON: ${beginning}`, {
      hint: 'The model gives something that is not a number for at least one of these rows.',
    })
  }
}

/** `{ "error": "…" }` of the Open Inference Protocol and TensorFlow Serving, `{ "message": "…" }` of MLflow. */
function errorIn(text: string): string | undefined {
  try {
    const { error, message } = JSON.parse(text) as { error?: unknown; message?: unknown }
    return [error, message].find((value) => typeof value === 'string')
  } catch {
    return undefined
  }
}

function digestOf(headers: Headers): Digest | null {
  const digest = headers.get('x-model-digest')
  return digest !== null && /^sha256:[0-9a-f]{64}$/.test(digest) ? (digest as Digest) : null
}
