import type { Digest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { displayUrl } from '../http.ts'
import { parseAddress, type S3Address } from './address.ts'
import { download, DOWNLOAD_LIMITS, type Budget, type DownloadLimits, type Downloaded, type DownloadRequest } from './download.ts'
import { isMany, listKeys, openBucket, type Bucket, type Environment } from './s3.ts'

/** A file that was brought here. */
export interface FetchedFile {
  readonly path: string
  /** The address, without what is secret in it. */
  readonly name: string
  readonly digest: Digest
  readonly contentType: string | null
}

export interface FetchOptions {
  /** Where credentials for `s3://` are looked up. */
  readonly env: Environment
  /** Whether an object under a prefix is wanted. */
  readonly wanted: (name: string) => boolean
  /** Where a file is put, by its name and its number. */
  readonly place: (name: string, index: number) => Promise<string>
  readonly signal?: AbortSignal | undefined
  readonly limits?: DownloadLimits | undefined
}

const AT_ONCE = 4

/**
 * The one door through which data comes over the network: a URL, an object of a store, or all objects under a prefix or a glob.
 *
 * @throws UserError E_NETWORK, E_FILE_MISSING, E_VALUE; none of them shows credentials or the query of a URL
 */
export async function fetchData(address: string, options: FetchOptions): Promise<FetchedFile[]> {
  const parsed = parseAddress(address)
  const requests = parsed.kind === 'http' ? [httpFile(parsed.url)] : await s3Files(parsed, options)
  const { limits = DOWNLOAD_LIMITS } = options
  const budget: Budget = { left: limits.bytes }
  const files: FetchedFile[] = []
  const pending = [...requests.entries()]
  // One that fails stops the others: what they bring is of no use any more, and nobody would wait for them.
  const failed = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal
  const worker = async () => {
    try {
      for (let next = pending.shift(); next; next = pending.shift()) {
        const [i, request] = next
        const path = await options.place(request.name, i)
        const { digest, contentType }: Downloaded = await download({ ...request, target: path }, { limits, budget, signal })
        files[i] = { path, name: request.name, digest, contentType }
      }
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  await Promise.allSettled(Array.from({ length: AT_ONCE }, worker))
  signal.throwIfAborted()
  return files
}

type Request = Omit<DownloadRequest, 'target'>

function httpFile(url: URL): Request {
  const { username, password } = url
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  const name = displayUrl(url)
  return {
    url,
    name,
    headers: () => Promise.resolve(username ? { authorization } : {}),
    redirects: true,
    refusal: (status) =>
      new UserError(status === 404 || status === 410 ? 'E_FILE_MISSING' : 'E_NETWORK', `${name} answers ${status}`, {
        hint:
          status === 401 || status === 403
            ? 'It wants other credentials than it was given.'
            : 'See whether the address is right.',
        location: { file: name },
      }),
  }
}

async function s3Files(address: S3Address, { env, wanted, signal }: FetchOptions): Promise<Request[]> {
  const bucket = openBucket(address.bucket, env)
  if (!isMany(address)) return [s3File(bucket, address)]
  const keys = (await listKeys(bucket, address, signal)).filter(wanted)
  if (keys.length > 0) return keys.map((key) => s3File(bucket, { ...address, key }))
  throw new UserError('E_FILE_MISSING', `There is no data at s3://${address.bucket}/${address.key}`, {
    hint: 'The store has no object of a known format there.',
  })
}

function s3File(bucket: Bucket, { bucket: bucketName, key }: S3Address): Request {
  const name = `s3://${bucketName}/${key}`
  const url = bucket.urlOf(key)
  return {
    url,
    name,
    headers: () => bucket.sign(url),
    redirects: false,
    refusal: (status, body) => bucket.refusal(name, status, body),
  }
}
