import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Digest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { displayUrl, reasonOf } from '../http.ts'

export interface DownloadLimits {
  /** Bytes of all files of one data set together. */
  readonly bytes: number
  /** Milliseconds without a byte after which a try is given up. */
  readonly idleMs: number
  /** Tries, the first counted. */
  readonly tries: number
  /** Milliseconds before the second try; twice as long before each further one. */
  readonly backoffMs: number
}
export const DOWNLOAD_LIMITS: DownloadLimits = { bytes: 64 * 2 ** 30, idleMs: 60_000, tries: 5, backoffMs: 500 }

const MOST_REDIRECTS = 5

export interface DownloadRequest {
  readonly url: URL
  /** What messages call it. */
  readonly name: string
  /** The file that is written; it is complete only when the download has succeeded. */
  readonly target: string
  /** Headers for this request, made anew for each try, because signatures hold a time. They are sent to the host of `url` alone. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>
  /** Whether a redirect is followed; an object store redirects only when it was asked in the wrong way. */
  readonly redirects: boolean
  /** What an answer outside 200-299 means, with what to do about it. */
  readonly refusal: (status: number, body: string) => UserError
}

export interface Downloaded {
  readonly digest: Digest
  readonly bytes: number
  readonly contentType: string | null
}

/** Counts what several downloads may still bring. */
export interface Budget {
  left: number
}

/**
 * Brings a file here as a stream. Interrupted connections, timeouts and the statuses of an overloaded server are tried again, from
 * the beginning.
 *
 * @throws UserError E_NETWORK; E_FILE_FORMAT when it is larger than the budget
 */
export async function download(
  request: DownloadRequest,
  { limits, budget, signal }: { limits: DownloadLimits; budget: Budget; signal?: AbortSignal | undefined },
): Promise<Downloaded> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await once(request, limits, budget, signal)
    } catch (error) {
      signal?.throwIfAborted()
      const isFinal = error instanceof UserError || attempt >= limits.tries
      if (isFinal) throw finalError(error, request, attempt)
      // Full jitter: clients that failed together must not come back together.
      await sleep(Math.random() * limits.backoffMs * 2 ** (attempt - 1), undefined, { ...(signal && { signal }) }).catch(() => {})
    }
  }
}

/** An answer that may be better in a while. */
class Busy extends Error {}

function finalError(error: unknown, { name, refusal }: DownloadRequest, tries: number): UserError {
  if (error instanceof UserError) return error
  const after = tries > 1 ? ` (${tries} tries)` : ''
  if (error instanceof Busy) {
    const meaning = refusal(Number(error.message), '')
    return new UserError('E_NETWORK', `${meaning.message}${after}`, { hint: meaning.hint })
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
    return new UserError('E_FILE_WRITE', `${name} cannot be kept: the disk for temporary files is full`, {
      hint: 'Make room, or let TMPDIR name a larger disk.',
    })
  }
  return new UserError('E_NETWORK', `${name} cannot be downloaded: ${reasonOf(error)}${after}`, {
    hint: 'See whether the address is right and the server is up.',
  })
}

async function once(
  request: DownloadRequest,
  limits: DownloadLimits,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Downloaded> {
  const idle = new AbortController()
  const giveUp = () => idle.abort(new Error(`no byte came for ${limits.idleMs} ms`))
  const timer = setTimeout(giveUp, limits.idleMs)
  const stopped = signal ? AbortSignal.any([signal, idle.signal]) : idle.signal
  let bytes = 0
  try {
    const response = await follow(request, stopped)
    if (!response.ok) {
      if (response.status >= 500 || response.status === 429 || response.status === 408) throw new Busy(response.status.toString())
      throw request.refusal(response.status, await beginning(response))
    }
    const announced = announcedLength(response)
    if (announced !== undefined && announced > budget.left) throw tooLarge(request)
    const hash = createHash('sha256')
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        timer.refresh()
        bytes += chunk.length
        budget.left -= chunk.length
        hash.update(chunk)
        if (budget.left < 0) done(tooLarge(request))
        else done(null, chunk)
      },
    })
    const body = response.body ?? new Blob([]).stream()
    await pipeline(body, watch, createWriteStream(request.target, { mode: 0o600 }), { signal: stopped })
    if (announced !== undefined && bytes !== announced) throw new Error(`${bytes} of ${announced} bytes came`)
    return { digest: `sha256:${hash.digest('hex')}`, bytes, contentType: response.headers.get('content-type') }
  } catch (error) {
    budget.left += bytes
    throw idle.signal.aborted ? idle.signal.reason : error
  } finally {
    clearTimeout(timer)
  }
}

/** Undefined also when the bytes on the way are packed, and not those that come out. */
function announcedLength({ headers }: Response): number | undefined {
  const length = headers.get('content-length')
  return length === null || headers.get('content-encoding') ? undefined : Number(length)
}

async function follow(request: DownloadRequest, signal: AbortSignal): Promise<Response> {
  const { url } = request
  let current = url
  for (let hops = 0; ; hops++) {
    // Credentials go to the host that they were given for, and to no other.
    const own = current.origin === url.origin ? await request.headers() : {}
    const response = await fetch(withoutUser(current), {
      headers: { 'accept-encoding': 'identity', ...own },
      redirect: 'manual',
      signal,
    })
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (location === null || !request.redirects) return response
    await response.body?.cancel()
    if (hops === MOST_REDIRECTS) throw badRedirect(request, `more than ${MOST_REDIRECTS} times`)
    const next = URL.canParse(location, current) ? new URL(location, current) : undefined
    if (next?.protocol !== 'https:' && next?.protocol !== 'http:')
      throw badRedirect(request, 'to what is no http:// or https:// address')
    if (current.protocol === 'https:' && next.protocol === 'http:') {
      throw badRedirect(request, `from https:// to ${displayUrl(next)}, where anyone on the way could change the data`)
    }
    current = next
  }
}

/** fetch refuses a URL with a user part. */
function withoutUser(url: URL): URL {
  const target = new URL(url)
  target.username = ''
  target.password = ''
  return target
}

const badRedirect = ({ name }: DownloadRequest, how: string): UserError =>
  new UserError('E_NETWORK', `${name} redirects ${how}`, { hint: 'Name the address that it should lead to.' })

const tooLarge = ({ name }: DownloadRequest): UserError =>
  new UserError('E_FILE_FORMAT', `${name} is larger than what may be downloaded for one data set`, {
    hint: 'Download it in another way, and name the file.',
    location: { file: name },
  })

async function beginning(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > 4096) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
